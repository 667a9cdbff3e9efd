import * as z from 'zod/mini';
import { actor, blobRef, held, provenance, ref } from '../core/entries/header.ts';
import type { Entry } from '../core/entries/kinds.ts';
import { entryName, type Seq, taskName } from '../core/names.ts';
import { once } from '../core/once.ts';
import type { LedgerReader } from '../ledger/store/reader.ts';

/** An entry in JSON output: its fields as stored, with the names people use. */
export const entryJson = once(() =>
  z.object({
    name: z.string().check(z.describe('E41')),
    seq: z.int(),
    task: z.nullable(z.string()).check(z.describe('T3, or null outside tasks')),
    n: z.nullable(z.int()).check(z.describe('number within the task, from 1')),
    kind: z.string(),
    known: z
      .boolean()
      .check(z.describe('false for what a newer Prooflayer wrote: its body is as it is stored')),
    at: z.nullable(z.string().check(z.describe('RFC 3339; null once redacted'))),
    actor: z.nullable(actor()),
    provenance: z.nullable(provenance()),
    held: z.nullable(held()),
    body: z.unknown(),
    refs: z.array(z.extend(ref(), { entry: z.string() })),
    blobs: z.array(blobRef()),
  }),
);
export type EntryJson = z.infer<ReturnType<typeof entryJson>>;

/** The task of an entry, by name. */
export function taskOf(reader: LedgerReader, seq: Seq): string | null {
  const task = reader.entry(seq).entry?.task ?? null;
  return task === null ? null : taskName(reader.taskRank(task));
}

export function toEntryJson(reader: LedgerReader, seq: Seq, entry: Entry | null): EntryJson {
  const name = entryName(seq);
  if (entry === null) {
    const nothing = { at: null, actor: null, provenance: null, held: null, body: null };
    return {
      name,
      seq,
      task: null,
      n: null,
      kind: 'redacted',
      known: true,
      ...nothing,
      refs: [],
      blobs: [],
    };
  }
  return {
    name,
    seq,
    task: entry.task === null ? null : taskName(reader.taskRank(entry.task)),
    n: entry.n,
    kind: entry.kind === 'unknown' ? entry.storedKind : entry.kind,
    known: entry.kind !== 'unknown',
    at: entry.at,
    actor: entry.actor,
    provenance: entry.provenance,
    held: entry.held,
    body: entry.body,
    refs: entry.refs.map((one) => ({ ...one, entry: entryName(one.seq) })),
    blobs: entry.blobs,
  };
}
