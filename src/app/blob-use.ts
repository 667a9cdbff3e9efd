import type { DatabaseSync } from 'node:sqlite';
import type { Seq } from '../core/names.ts';
import { blobsIn } from '../ledger/redaction/blob-uses.ts';
import type { LedgerReader } from '../ledger/store/reader.ts';

/** How much room blobs take on disk. */
export interface BlobRoom {
  count: number;
  bytes: number;
}

/**
 * The room that the ledger's blobs take, kept up to date by the entries that name them: each blob's
 * file is asked for its size once, so that looking at it costs the same in a ledger of ten entries
 * and of a hundred thousand. It lies with the views, and like them may be thrown away.
 *
 * @param db where sizes are kept; null computes everything anew.
 */
export function blobRoom(reader: LedgerReader, db: DatabaseSync | null): BlobRoom {
  const kept = db === null ? null : load(db, reader.size());
  const room = { ...(kept ?? { upto: 0, count: 0, bytes: 0 }) };
  const fresh = new Map<string, number>();
  const gone = new Set<string>();
  const find = db?.prepare('SELECT bytes FROM blob_size WHERE id = ?');
  const known = (id: string): number | undefined =>
    fresh.get(id) ??
    (gone.has(id) || kept === null
      ? undefined
      : (find?.get(id) as { bytes: number } | undefined)?.bytes);
  let seq: Seq = room.upto;
  for (const json of reader.texts(seq, Number.MAX_SAFE_INTEGER)) {
    seq++;
    for (const { id } of blobsIn(json)) {
      if (known(id) !== undefined) continue;
      const bytes = reader.blobs.stored(id);
      if (bytes === null) continue;
      fresh.set(id, bytes);
      room.count++;
      room.bytes += bytes;
    }
    for (const id of takenOut(json)) {
      const bytes = known(id);
      // Its removal may have been cut short: then it still takes room.
      if (bytes === undefined || reader.blobs.has(id)) continue;
      room.count--;
      room.bytes -= bytes;
      fresh.delete(id);
      gone.add(id);
    }
  }
  if (db !== null && seq - room.upto > WORTH_KEEPING)
    save(db, kept !== null, { ...room, upto: seq }, fresh, gone);
  return { count: room.count, bytes: room.bytes };
}

function takenOut(json: string): readonly string[] {
  if (!/"kind":"(redacted|pruned)"/.test(json)) return [];
  try {
    const { body } = JSON.parse(json) as { body: { blobs?: { id: string }[] } };
    return (body.blobs ?? []).map(({ id }) => String(id));
  } catch {
    return [];
  }
}

interface Kept extends BlobRoom {
  upto: Seq;
}

function load(db: DatabaseSync, size: Seq): Kept | null {
  db.exec(SCHEMA);
  const row = db.prepare('SELECT upto, count, bytes FROM blob_room').get() as Kept | undefined;
  return row === undefined || row.upto > size ? null : row;
}

function save(
  db: DatabaseSync,
  goesOn: boolean,
  { upto, count, bytes }: Kept,
  fresh: ReadonlyMap<string, number>,
  gone: ReadonlySet<string>,
): void {
  try {
    db.exec('BEGIN IMMEDIATE');
    const row = db.prepare('SELECT upto FROM blob_room').get() as { upto: Seq } | undefined;
    // Another process was faster: what it kept is as good.
    if (!goesOn || row === undefined || row.upto < upto) {
      if (!goesOn) db.exec('DELETE FROM blob_size');
      const put = db.prepare('INSERT OR REPLACE INTO blob_size (id, bytes) VALUES (?, ?)');
      for (const [id, stored] of fresh) put.run(id, stored);
      const drop = db.prepare('DELETE FROM blob_size WHERE id = ?');
      for (const id of gone) drop.run(id);
      db.exec('DELETE FROM blob_room');
      db.prepare('INSERT INTO blob_room (upto, count, bytes) VALUES (?, ?, ?)').run(
        upto,
        count,
        bytes,
      );
    }
    db.exec('COMMIT');
  } catch {
    // It is computed again next time.
    if (db.isTransaction) db.exec('ROLLBACK');
  }
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS blob_size (id TEXT PRIMARY KEY, bytes INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS blob_room (upto INTEGER NOT NULL, count INTEGER NOT NULL, bytes INTEGER NOT NULL) STRICT;
`;

/** A handful of new entries costs less to look at again than to write down. */
const WORTH_KEEPING = 12;
