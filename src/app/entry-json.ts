import * as z from 'zod/mini';
import { actor, blobRef, held, provenance, ref } from '../core/entries/header.ts';
import type { Entry } from '../core/entries/kinds.ts';
import { entryName, type Seq, taskName } from '../core/names.ts';
import { once } from '../core/once.ts';
import type { Gone } from '../ledger/redaction/gone.ts';
import type { LedgerReader } from '../ledger/store/reader.ts';

/** What was taken out of the record, by whom and why. */
export const goneJson = once(() =>
  z.object({
    by: z.string().check(z.describe('the entry that says so')),
    kind: z.enum(['redacted', 'pruned']),
    at: z.string(),
    actor: actor(),
    because: z.string(),
  }),
);
export type GoneJson = z.infer<ReturnType<typeof goneJson>>;

export function toGoneJson({ by, kind, at, actor, because }: Gone): GoneJson {
  return { by: entryName(by), kind, at, actor, because };
}

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
    gone: z
      .nullable(goneJson())
      .check(z.describe('why its bytes are not there any more; null where they are')),
    refs: z.array(z.extend(ref(), { entry: z.string() })),
    blobs: z.array(blobRef()),
  }),
);
export type EntryJson = z.infer<ReturnType<typeof entryJson>>;

/** The task of an entry, by name. */
export function taskOf(reader: LedgerReader, seq: Seq): string | null {
  const { task } = reader.placeOf(seq);
  return task === null ? null : taskName(reader.taskRank(task));
}

export function toEntryJson(reader: LedgerReader, seq: Seq, entry: Entry | null): EntryJson {
  const name = entryName(seq);
  if (entry === null) {
    const nothing = { at: null, actor: null, provenance: null, held: null, body: null };
    const { task, n } = reader.placeOf(seq);
    const gone = reader.gone.entry(seq);
    return {
      name,
      seq,
      task: task === null ? null : taskName(reader.taskRank(task)),
      n,
      kind: gone?.restated.kind ?? 'missing',
      known: true,
      ...nothing,
      gone: gone === null ? null : toGoneJson(gone),
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
    gone: null,
    refs: entry.refs.map((one) => ({ ...one, entry: entryName(one.seq) })),
    blobs: entry.blobs,
  };
}
