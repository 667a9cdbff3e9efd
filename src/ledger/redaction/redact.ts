import type { Draft } from '../../core/entries/kinds.ts';
import type { GoneBlob, GoneEntry } from '../../core/entries/redaction-kinds.ts';
import type { Seq } from '../../core/names.ts';
import type { Ledger } from '../store/ledger.ts';
import type { UsedBlob } from './blob-uses.ts';
import { planRedaction, type RedactionPlan, type RedactionTarget } from './redaction-plan.ts';
import { PATIENCE_MS, removeBytes } from './removal.ts';
import { type RemovalNote, writeRemovalNote } from './removal-note.ts';

/** What was taken out, and what says so. */
export interface Removed {
  /** The entries that say so, one a task. */
  said: Seq[];
  /** Why some copies of the bytes are still there; null where none are. */
  left: unknown;
}

/**
 * Takes bytes out of the record for good and appends why.
 *
 * Order: a durable note of what is to go; then in one transaction the entry that says so and the
 * emptied rows; then files, derived files and SQLite's own copies. A crash before the commit leaves
 * everything as it was; one after it is finished by whoever opens the ledger next.
 */
export async function redact(
  ledger: Ledger,
  actor: Draft['actor'],
  target: RedactionTarget,
  because: string,
): Promise<Removed & { plan: RedactionPlan }> {
  const before = planRedaction(ledger, target);
  let plan = before;
  const removed = await remove(ledger, noteOf(ledger, before, true), () => {
    // Once more inside the transaction: others may have named a blob meanwhile. What was not noted
    // down is not taken out.
    const noted = new Set(before.blobs.map(({ id }) => id));
    const now = planRedaction(ledger, target);
    plan = { ...now, blobs: now.blobs.filter(({ id }) => noted.has(id)) };
    return draftsOf(plan).map(
      ({ task, entries, blobs }): Draft => ({
        kind: 'redacted',
        body: { because, entries, blobs },
        task,
        actor,
        refs: refsTo(entries, blobs),
      }),
    );
  });
  return { ...removed, plan };
}

/** What a rule chose to let go of: blobs alone, and nothing that anybody wanted hidden. */
export async function prune(
  ledger: Ledger,
  actor: Draft['actor'],
  blobs: readonly UsedBlob[],
  body: Pick<Extract<Draft, { kind: 'pruned' }>['body'], 'cause' | 'rule'>,
): Promise<Removed> {
  const plan = { entries: [], blobs: [...blobs], runs: [] };
  return remove(ledger, noteOf(ledger, plan, false), () =>
    draftsOf(plan).map(({ task, blobs: gone }): Draft => {
      const freed = gone.reduce((sum, { id }) => sum + (ledger.blobs.stored(id) ?? 0), 0);
      return { kind: 'pruned', body: { ...body, freed, blobs: gone }, task, actor };
    }),
  );
}

async function remove(
  ledger: Ledger,
  note: RemovalNote,
  build: () => readonly Draft[],
): Promise<Removed> {
  try {
    ledger.db.exec('PRAGMA secure_delete = ON');
    const said = await ledger.append(build);
    return { said, left: removeBytes(ledger, note, PATIENCE_MS) };
  } catch (error) {
    // Whether the transaction stood or not, this looks, and does what has to be done.
    removeBytes(ledger, note, 0);
    throw error;
  }
}

function noteOf(
  ledger: Ledger,
  { entries, blobs, runs }: Pick<RedactionPlan, 'entries' | 'blobs' | 'runs'>,
  secret: boolean,
): RemovalNote {
  return writeRemovalNote(ledger.dir, {
    size: ledger.size(),
    entries: entries.map(({ seq }) => seq),
    blobs: blobs.map(({ id }) => id),
    runs,
    secret,
  });
}

interface Part {
  task: Seq | null;
  entries: GoneEntry[];
  blobs: GoneBlob[];
}

/**
 * By task, so that each task's own entries tell what is missing from it, and in parts that fit an
 * entry: an output that ten thousand runs had alike is named by ten thousand entries.
 */
function draftsOf({ entries, blobs }: Pick<RedactionPlan, 'entries' | 'blobs'>): Part[] {
  const parts = new Map<Seq | null, Part[]>();
  const counts = new Map<Part, number>();
  const room = (task: Seq | null): Part => {
    const all = parts.get(task) ?? [];
    parts.set(task, all);
    let last = all.at(-1);
    if (last === undefined || (counts.get(last) ?? 0) >= MOST_NAMED) {
      last = { task, entries: [], blobs: [] };
      all.push(last);
    }
    counts.set(last, (counts.get(last) ?? 0) + 1);
    return last;
  };
  for (const entry of entries) room(entry.task).entries.push(entry);
  for (const { id, size, of } of blobs) {
    for (const { task, seq, name } of of) {
      const part = room(task);
      let blob = part.blobs.find((one) => one.id === id);
      if (blob === undefined) {
        blob = { id, size, of: [] };
        part.blobs.push(blob);
      }
      blob.of.push({ seq, name });
    }
  }
  return [...parts.values()].flat();
}

/** Some 200 bytes each, twice as many where names are long: under the 64 KiB of an entry. */
const MOST_NAMED = 150;

function refsTo(entries: readonly GoneEntry[], blobs: readonly GoneBlob[]) {
  const seqs = [...entries, ...blobs.flatMap(({ of }) => of)].map(({ seq }) => seq);
  return [...new Set(seqs)].map((seq) => ({ rel: 'on' as const, seq }));
}
