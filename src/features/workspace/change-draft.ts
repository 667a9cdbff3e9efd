import type { FileChange } from '../../core/entries/change-kind.ts';
import type { Body, Draft } from '../../core/entries/kinds.ts';
import type { Seq } from '../../core/names.ts';
import type { StoredBlob } from '../../ledger/blobs/stored-blob.ts';
import type { Ledger } from '../../ledger/store/ledger.ts';

/** What was written although the boundary says no, to be appended with the change. */
export interface Violation {
  /** `on`: the command that did it, where one is recorded. */
  draft(on: Seq | null): Draft;
  blobs: readonly StoredBlob[];
}

/** A change entry in the making: its body, and the blob with all files where they are many. */
export interface ChangeRecord {
  body: Body<'change'>;
  /** Its own, and those of the entry about what was not to be written. */
  blobs: readonly StoredBlob[];
  own: readonly StoredBlob[];
  violation: Violation | null;
}

export async function changeRecord(
  ledger: Ledger,
  facts: Omit<Body<'change'>, 'counts' | 'files' | 'masked' | 'unseen'> & {
    files: readonly FileChange[];
    unseen: readonly { path: string; why: string }[];
  },
): Promise<ChangeRecord> {
  const { files, unseen, ...rest } = facts;
  const text = JSON.stringify(files);
  const few = text.length <= MOST_INLINE;
  const blobs: StoredBlob[] = [];
  if (!few) {
    const writer = ledger.blob('files', { type: 'application/json' });
    await writer.write(Buffer.from(text));
    await writer.end();
    const blob = writer.finish();
    if (blob !== null) blobs.push(blob);
  }
  const body = {
    ...rest,
    counts: countsOf(files),
    files: few ? [...files] : null,
    unseen: unseen
      .slice(0, MOST_UNSEEN)
      .map(({ path, why }) => ({ path: path.toWellFormed(), why })),
  };
  return { body, blobs, own: blobs, violation: null };
}

/** The change, and right behind it what of it was not to be written. */
export function changeDrafts(
  { body, own, violation }: ChangeRecord,
  place: { task: Seq | null; actor: Draft['actor']; refs: Draft['refs'] & object },
): Draft[] {
  const change: Draft = { kind: 'change', body, blobs: own.map(({ ref }) => ref), ...place };
  const on = place.refs.find(({ rel }) => rel === 'on')?.seq ?? null;
  return violation === null ? [change] : [change, violation.draft(on)];
}

function countsOf(files: readonly FileChange[]): Body<'change'>['counts'] {
  const counts = {
    added: 0,
    modified: 0,
    deleted: 0,
    renamed: 0,
    mode: 0,
    touched: 0,
    transient: 0,
  };
  for (const { change } of files) counts[change]++;
  return counts;
}

/** An entry stays small: beyond this the list is a blob. */
const MOST_INLINE = 16 * 1024;
const MOST_UNSEEN = 50;
