import type { Entry } from '../core/entries/kinds.ts';
import type { Seq } from '../core/names.ts';
import { commandLine } from './command-line.ts';
import type { Fold, Hole } from './fold.ts';

/** Where a task stands, as far as its entries say. */
export interface TaskSummary {
  /** Leaf index of the entry that opened it, and its display rank: T3 is the third. */
  seq: Seq;
  rank: number;
  goal: string;
  /** `closed`: how it ended was redacted. */
  state: 'open' | 'done' | 'abandoned' | 'closed';
  /** Empty where the entry that opened it was redacted. */
  openedAt: string;
  lastAt: string;
  last: Seq;
  entries: number;
  commands: number;
  /** Commands that ended with another code than 0, by a signal, or could not be started. */
  failed: number;
  notes: number;
  decisions: number;
  gaps: number;
  /** Leaf indexes of its change entries; of very many the latest. */
  changes: Seq[];
  steps: { step: number; text: string }[];
  /** The latest command. */
  command: {
    seq: Seq;
    argv: readonly string[] | null;
    /** As it was typed in a recorded shell. */
    line: string | null;
    code: number | null;
    signal: string | null;
  } | null;
  /** Who worked on it, `kind name` each, in order of appearance. */
  actors: string[];
}

/** All tasks of a ledger in order, by the leaf index that opened them. */
export interface TaskSummaries {
  count: number;
  tasks: Record<string, TaskSummary>;
  /** What was recorded outside tasks. */
  loose: number;
  gaps: number;
}

export const taskSummaries: Fold<TaskSummaries> = {
  name: 'task-summaries',
  version: 4,
  init: () => ({ count: 0, tasks: {}, loose: 0, gaps: 0 }),
  step(state, entry, seq, hole) {
    if (entry === null) return hole === undefined ? state : stepHole(state, seq, hole);
    if (entry.kind === 'gap') state.gaps++;
    if (entry.task === null) {
      state.loose++;
      return state;
    }
    if (entry.kind === 'task.opened') {
      state.count++;
      state.tasks[seq] = opened(entry.body.goal, entry.at, seq, state.count);
    }
    const task = state.tasks[entry.task];
    if (task !== undefined) add(task, entry, seq);
    return state;
  },
};

/** What was redacted still happened: it counts, and a task without its goal is still a task. */
function stepHole(state: TaskSummaries, seq: Seq, { task: of, n, kind }: Hole): TaskSummaries {
  if (kind === 'gap') state.gaps++;
  if (of === null) {
    state.loose++;
    return state;
  }
  if (n === 1) {
    state.count++;
    state.tasks[seq] = opened(REDACTED_GOAL, '', seq, state.count);
  }
  const task = state.tasks[of];
  if (task === undefined) return state;
  task.entries++;
  task.last = seq;
  if (kind === 'task.closed') task.state = 'closed';
  const counter = COUNTERS[kind ?? ''];
  if (counter !== undefined) task[counter]++;
  return state;
}

export const REDACTED_GOAL = '(redacted)';

const COUNTERS: Readonly<Record<string, 'commands' | 'notes' | 'decisions' | 'gaps'>> = {
  command: 'commands',
  note: 'notes',
  decision: 'decisions',
  gap: 'gaps',
};

/** In display order. */
export function listTasks(state: TaskSummaries): TaskSummary[] {
  return Object.values(state.tasks).sort((a, b) => a.rank - b.rank);
}

function opened(goal: string, at: string, seq: Seq, rank: number): TaskSummary {
  return {
    seq,
    rank,
    goal,
    state: 'open',
    openedAt: at,
    lastAt: at,
    last: seq,
    entries: 0,
    commands: 0,
    failed: 0,
    notes: 0,
    decisions: 0,
    gaps: 0,
    changes: [],
    steps: [],
    command: null,
    actors: [],
  };
}

function add(task: TaskSummary, entry: Entry, seq: Seq): void {
  task.entries++;
  task.last = seq;
  task.lastAt = entry.at;
  const who = [entry.actor.kind, entry.actor.name, entry.actor.model ?? ''].join(' ').trim();
  if (!task.actors.includes(who) && task.actors.length < MOST_ACTORS) task.actors.push(who);
  switch (entry.kind) {
    case 'command':
      task.commands++;
      if (entry.body.exit.code !== 0) task.failed++;
      task.command = {
        seq,
        argv: entry.body.argv,
        line: entry.body.shell === undefined ? null : commandLine(entry.body),
        code: entry.body.exit.code,
        signal: entry.body.exit.signal,
      };
      break;
    case 'note':
      task.notes++;
      break;
    case 'decision':
      task.decisions++;
      break;
    case 'gap':
      task.gaps++;
      break;
    case 'change':
      task.changes.push(seq);
      if (task.changes.length > 2 * MOST_CHANGES) task.changes.splice(0, MOST_CHANGES);
      break;
    case 'task.planned':
      task.steps = entry.body.steps;
      break;
    case 'task.closed':
      task.state = entry.body.outcome;
      break;
    default:
      break;
  }
}

/** A summary stays small: sessions of many subagents are listed elsewhere. */
const MOST_ACTORS = 20;
const MOST_CHANGES = 1_000;
