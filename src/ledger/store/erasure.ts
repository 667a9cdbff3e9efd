import type { DatabaseSync } from 'node:sqlite';
import type { Draft } from '../../core/entries/kinds.ts';
import { NEVER_GONE } from '../../core/entries/redaction-kinds.ts';
import { entryName, type Seq } from '../../core/names.ts';
import { ledgerError } from '../errors.ts';

/**
 * Bytes of entries go in the very transaction that appends the entry which says so: no crash can
 * leave a hole that nobody explains, nor an explanation of a hole that is not there. (Files cannot
 * be part of a transaction: blobs go after it, see `redaction/removal.ts`.)
 */
export function erase(db: DatabaseSync, draft: Draft): void {
  if (draft.kind !== 'redacted' && draft.kind !== 'pruned') return;
  // Never shared again: later equal contents get a name of their own.
  const forget = db.prepare('DELETE FROM blob_content WHERE id = ?');
  for (const { id } of draft.body.blobs) forget.run(id);
  if (draft.kind !== 'redacted') return;
  const empty = db.prepare("UPDATE entry SET json = '' WHERE seq = ?");
  for (const { seq } of draft.body.entries) empty.run(seq);
}

/** Refuses drafts that would take out what must stay, or tell of it what is not so. */
export function refuseErasure(db: DatabaseSync, drafts: readonly Draft[], size: Seq): void {
  for (const draft of drafts) {
    if (draft.kind !== 'redacted') continue;
    for (const gone of draft.body.entries) {
      const row = db.prepare('SELECT task, n, json FROM entry WHERE seq = ?').get(gone.seq) as
        | { task: Seq | null; n: number | null; json: string }
        | undefined;
      const stored = row === undefined || row.json === '' ? null : kindIn(row.json);
      const restated = row?.task === gone.task && row.n === gone.n && stored === gone.kind;
      if (gone.seq >= size || !restated || NEVER_GONE.has(gone.kind)) throw refused(gone.seq);
    }
  }
}

/** The kind as stored, whatever else the entry holds: also one that cannot be read may be taken out. */
export function kindIn(json: string): string {
  try {
    const { kind } = JSON.parse(json) as { kind?: unknown };
    return typeof kind === 'string' ? kind : '';
  } catch {
    return '';
  }
}

function refused(seq: Seq) {
  return ledgerError(
    'ledger.not-erasable',
    `${entryName(seq)} cannot be taken out of the record`,
    'it opens the ledger, tells what is gone from it, or is not as it was restated',
    'proof show tells what it is',
  );
}
