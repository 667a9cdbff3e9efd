import type { Draft } from '../../core/entries/kinds.ts';
import type { GitPlace } from '../../core/entries/task-kinds.ts';
import { entryName, type Seq, taskName } from '../../core/names.ts';
import type { Ledger } from '../../ledger/store/ledger.ts';
import type { LedgerReader } from '../../ledger/store/reader.ts';
import { taskError } from './task-error.ts';

type Actor = Draft['actor'];

/** Opens a task, with a plan if steps are given; resolves with its leaf index. */
export async function openTask(
  ledger: Ledger,
  actor: Actor,
  facts: {
    goal: string;
    steps: readonly string[];
    place: (GitPlace & { worktree: string }) | null;
  },
): Promise<Seq> {
  const { goal, steps, place } = facts;
  const [task] = await ledger.append(({ size }) => [
    {
      kind: 'task.opened',
      body:
        place === null
          ? { goal }
          : { goal, worktree: place.worktree, git: { head: place.head, branch: place.branch } },
      task: null,
      actor,
    },
    ...(steps.length === 0 ? [] : [planOf(steps, size, actor)]),
  ]);
  return task as Seq;
}

/** Sets the task's plan; the one before stays in the ledger. */
export async function planTask(
  ledger: Ledger,
  actor: Actor,
  task: Seq,
  steps: readonly string[],
): Promise<Seq> {
  const [seq] = await ledger.append(({ ledger: reader }) => {
    requireOpen(reader, task);
    return [planOf(steps, task, actor)];
  });
  return seq as Seq;
}

export async function closeTask(
  ledger: Ledger,
  actor: Actor,
  task: Seq,
  end: { outcome: 'done' | 'abandoned'; because?: string | undefined },
): Promise<Seq> {
  const [seq] = await ledger.append(({ ledger: reader }) => {
    requireOpen(reader, task);
    const body =
      end.because === undefined
        ? { outcome: end.outcome }
        : { outcome: end.outcome, because: end.because };
    return [{ kind: 'task.closed', body, task, actor }];
  });
  return seq as Seq;
}

/** Adds a note, under the entry it annotates if one is given. */
export async function addNote(
  ledger: Ledger,
  actor: Actor,
  note: { text: string; task: Seq | null; on: Seq | null },
): Promise<Seq> {
  const [seq] = await ledger.append(({ ledger: reader }) => {
    return [{ kind: 'note', body: { text: note.text }, actor, ...placeOf(reader, note) }];
  });
  return seq as Seq;
}

export async function addDecision(
  ledger: Ledger,
  actor: Actor,
  decision: {
    text: string;
    because?: string | undefined;
    rejected: readonly string[];
    task: Seq | null;
    on: Seq | null;
  },
): Promise<Seq> {
  const { text, because, rejected } = decision;
  const body = { text, rejected: [...rejected], ...(because === undefined ? {} : { because }) };
  const [seq] = await ledger.append(({ ledger: reader }) => [
    { kind: 'decision', body, actor, ...placeOf(reader, decision) },
  ]);
  return seq as Seq;
}

/** What is said about an entry belongs to that entry's task, whatever is chosen here. */
function placeOf(
  reader: LedgerReader,
  { task, on }: { task: Seq | null; on: Seq | null },
): { task: Seq | null; refs: { rel: 'on'; seq: Seq }[] } {
  if (on === null) return { task, refs: [] };
  return { task: reader.placeOf(on).task, refs: [{ rel: 'on', seq: on }] };
}

function planOf(steps: readonly string[], task: Seq, actor: Actor): Draft {
  const numbered = steps.map((text, i) => ({ step: i + 1, text }));
  return { kind: 'task.planned', body: { steps: numbered }, task, actor };
}

/** Work may still be recorded under a closed task; its plan and its end are settled. */
function requireOpen(reader: LedgerReader, task: Seq): void {
  for (const { seq, entry } of reader.taskEntries(task)) {
    const redacted = entry === null && reader.gone.entry(seq)?.restated.kind === 'task.closed';
    if (entry?.kind !== 'task.closed' && !redacted) continue;
    const name = taskName(reader.taskRank(task));
    const how = entry?.kind === 'task.closed' ? ` as ${entry.body.outcome}` : '';
    throw taskError(
      'task.closed',
      `${name} is closed`,
      `${entryName(seq)} closed it${how}`,
      `proof task show ${name}`,
    );
  }
}
