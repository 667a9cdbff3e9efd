import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Actor } from '../src/core/entries/header.ts';
import type { Draft } from '../src/core/entries/kinds.ts';
import type { Seq } from '../src/core/names.ts';
import { checkpointText } from '../src/ledger/checkpoint.ts';
import { signNote } from '../src/ledger/note.ts';
import type { Ledger } from '../src/ledger/store/ledger.ts';
import { createLedger, type LedgerPlace, openLedger } from '../src/ledger/store/open.ts';
import { sealEntry } from '../src/ledger/store/seal.ts';
import { Frontier } from '../src/ledger/tree/frontier.ts';

export const ACTOR: Actor = {
  kind: 'agent',
  name: 'claude',
  model: 'a-model',
  session: '5f1c7a52-8e0b-4a53-9b44-0d9f1f0a6c11',
  host: 'build-machine',
  basis: 'environment',
};

/** Where a ledger of a benchmark lies; the secrets of the run are what a usual environment holds. */
export function placeIn(dir: string): LedgerPlace {
  return {
    dir: join(dir, 'ledger'),
    configDir: join(dir, 'config'),
    ownValues: [
      { name: 'GITHUB_TOKEN', value: 'bench-not-a-real-token-1' },
      { name: 'DATABASE_PASSWORD', value: 'bench-not-a-real-password-2' },
    ],
    self: { kind: 'tool', name: 'prooflayer', host: 'build-machine', basis: 'asserted' },
  };
}

export function newLedger(dir: string): Promise<Ledger> {
  mkdirSync(dir, { recursive: true });
  return createLedger(placeIn(dir), ACTOR, 'prooflayer/bench');
}

/**
 * Fills a ledger up to `size` entries, straight into its tables: what would be there after that
 * many appends, each with its root, in a tenth of the time. Entries of a kind differ only in
 * number, time and salt.
 */
export async function fillLedger(ledger: Ledger, size: number): Promise<void> {
  const { db } = ledger;
  const insert = db.prepare(
    'INSERT INTO entry (seq, leaf, task, n, root, json) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const frontier = Frontier.load(ledger.hash, ledger.size(), ledger.tree.read);
  const began = Date.now() - size;
  let { task, n } = { task: 0, n: TASK_LENGTH };
  while (frontier.size < size - 1) {
    db.exec('BEGIN IMMEDIATE');
    for (let i = 0; i < 10_000 && frontier.size < size - 1; i++) {
      const seq = frontier.size;
      ({ task, n } = n >= TASK_LENGTH ? { task: seq, n: 1 } : { task, n: n + 1 });
      const json = entryText(seq, task, n, new Date(began + seq).toISOString());
      const leaf = ledger.hash.leaf(Buffer.from(json));
      frontier.append(leaf, (level, index, root) => ledger.tree.addSubtree(level, index, root));
      insert.run(seq, leaf, task, n, frontier.root(), json);
    }
    const { verifier, sign } = ledger.key;
    const root = { origin: verifier.name, size: frontier.size, root: frontier.root() };
    db.exec('DELETE FROM signed_root');
    db.prepare('INSERT INTO signed_root (size, note) VALUES (?, ?)').run(
      frontier.size,
      signNote(checkpointText(root), verifier, sign),
    );
    db.exec('COMMIT');
  }
  // The last one the usual way: it checks that what was filled in is what a ledger is made of.
  await ledger.append(() => [noteDraft(size - 1, null)]);
}

/** The text of an entry: one of its kind was sealed once, and the rest is put into its gaps. */
function entryText(seq: Seq, task: Seq, n: number, at: string): string {
  const kind = n === 1 ? 'task' : n % 20 === 2 ? 'plan' : n % 3 === 0 ? 'note' : 'command';
  let parts = sealed.get(kind);
  if (parts === undefined) {
    const json = sealEntry(DRAFTS[kind](seq), { task: TASK_GAP, n: N_GAP, at: AT_GAP });
    parts = json.split(new RegExp(`${AT_GAP}|${N_GAP}|(?<="salt":")[0-9a-f]+|${TASK_GAP}`));
    sealed.set(kind, parts);
  }
  const salt = seq.toString(16).padStart(32, '0');
  // In the order of canonical keys: at, n, salt, task.
  return `${parts[0]}${at}${parts[1]}${n}${parts[2]}${salt}${parts[3]}${task}${parts[4]}`;
}

const sealed = new Map<string, readonly string[]>();
const AT_GAP = '2000-01-01T00:00:00.000Z';
const TASK_GAP = 987_654_321_000_001;
const N_GAP = 987_654_321_000_002;

/** The usual mix: mostly commands, some notes, now and then a plan. */
const DRAFTS = {
  task: taskDraft,
  plan: () => planDraft(0),
  note: (seq: Seq) => noteDraft(seq, 0),
  command: (seq: Seq) => commandDraft(seq, 0),
};

/** Entries of a task: what a working session of an hour or two leaves. */
export const TASK_LENGTH = 100;

function taskDraft(seq: Seq): Draft {
  return {
    kind: 'task.opened',
    body: { goal: `find out why build ${seq} is slower than the one before`, worktree: '/work' },
    task: seq,
    actor: ACTOR,
  };
}

function planDraft(task: Seq): Draft {
  const steps = ['reproduce it', 'measure', 'change one thing', 'measure again'];
  return {
    kind: 'task.planned',
    body: { steps: steps.map((text, i) => ({ step: i + 1, text })) },
    task,
    actor: ACTOR,
  };
}

/** A note of 600 bytes as an entry. */
export function noteDraft(seq: Seq, task: Seq | null): Draft {
  const text = `run ${seq}: the second query takes most of the time; the index on created_at is not used because the column is cast to text in the view. Tried it without the cast: 40 ms instead of 1900 ms on the copy.`;
  return { kind: 'note', body: { text }, task, actor: ACTOR };
}

/** A command as `proof run` records it, 1.4 KB as an entry; its blobs are not there. */
export function commandDraft(seq: Seq, task: Seq | null): Draft {
  const at = '2026-03-01T10:00:00.000Z';
  return {
    kind: 'command',
    body: {
      run: seq.toString(16).padStart(16, '0'),
      argv: ['npm', 'test', '--', `src/part-${seq % 97}/query.test.ts`],
      argc: 4,
      cwd: '/repo/shop',
      worktree: '/repo/shop',
      executable: { path: '/usr/bin/npm', sha256: 'ab'.repeat(32), size: 54_321 },
      environment: { names: 41, digest: 'cd'.repeat(32) },
      started: at,
      ended: at,
      durationMicros: 1_234_567 + seq,
      exit: { code: seq % 7 === 0 ? 1 : 0, signal: null, how: 'exited' },
      mode: 'pipes',
      streams: [
        { name: 'stdout', bytes: 4_096 + seq, lines: 80, gaps: [] },
        { name: 'stderr', bytes: 0, lines: 0, gaps: [] },
      ],
      usage: {
        cpuUserMicros: 900_000,
        cpuSystemMicros: 100_000,
        cpuSource: 'children waited for, from /proc, 10 ms ticks',
        peakRssBytes: 88_000_000,
        peakRssSource: 'sampled from /proc, largest process',
      },
      git: { head: 'ef'.repeat(20), branch: 'main' },
      tools: { prooflayer: '0.1.0', node: '24.21.0', system: 'Linux 6.1.0 x64' },
      maskRules: '1',
    },
    task,
    actor: ACTOR,
  };
}

/** Opens a ledger that lies there, as after any stop. */
export function reopenLedger(dir: string): Promise<Ledger> {
  return openLedger(placeIn(dir));
}
