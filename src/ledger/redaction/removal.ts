import { dirname } from 'node:path';
import type { Seq } from '../../core/names.ts';
import { syncDirectory } from '../blobs/blob-writer.ts';
import { removeDerived, SEARCH_FILE, VIEWS_FILE } from '../derived-files.ts';
import { Spool } from '../spool.ts';
import type { LedgerReader } from '../store/reader.ts';
import { blobsIn } from './blob-uses.ts';
import {
  forgetRemoval,
  isPostponed,
  postponeRemoval,
  type RemovalNote,
  unfinishedRemovals,
  writeRemovalNote,
} from './removal-note.ts';

/**
 * Takes out the bytes that an appended entry says are gone. Every step can be done again, so it does
 * not matter where a crash comes: the note stays until all of them are done.
 *
 * An entry's bytes went with the transaction. What is left of them are copies that SQLite keeps for
 * its own reasons, in free space of pages, free pages and the write-ahead log: VACUUM writes the
 * file anew, and a truncating checkpoint empties the log.
 *
 * @returns why not all is done yet, null if it is.
 */
export function removeBytes(ledger: LedgerReader, note: RemovalNote, patienceMs: number): unknown {
  const said = saidSince(ledger, note.size);
  const blobs = note.blobs.filter((id) => said.blobs.has(id));
  const entries = note.entries.some((seq) => said.entries.has(seq));
  // Nothing was appended: the crash, or the refusal, came first, and nothing is to go.
  if (blobs.length === 0 && !entries) {
    forgetRemoval(ledger.dir, note);
    return null;
  }
  removeBlobs(ledger, blobs);
  emptyRows(
    ledger,
    note.entries.filter((seq) => said.entries.has(seq)),
  );
  const spool = new Spool(ledger.dir);
  for (const run of entries ? note.runs : []) spool.remove(run);
  if (note.secret)
    for (const file of [VIEWS_FILE, SEARCH_FILE] as const) removeDerived(ledger.dir, file);
  try {
    if (entries) rewriteDatabase(ledger, patienceMs);
  } catch (trouble) {
    postponeRemoval(ledger.dir, note);
    return trouble;
  }
  forgetRemoval(ledger.dir, note);
  return null;
}

/**
 * Part of every recovery. What is quick is done at once; to write a large database anew is tried
 * once an hour at most, because the command that is waiting is not to wait for that again and again.
 *
 * @returns why something could not be finished, null if nothing is left.
 */
export function finishRemovals(ledger: LedgerReader, insist = false): unknown {
  let trouble: unknown = null;
  for (const note of unfinishedRemovals(ledger.dir)) {
    if (!insist && isPostponed(ledger.dir, note)) continue;
    try {
      trouble = removeBytes(ledger, note, insist ? PATIENCE_MS : 0) ?? trouble;
    } catch (error) {
      trouble = error;
    }
  }
  return trouble;
}

export const PATIENCE_MS = 10_000;

/** Deletes files and makes their deletion durable. */
export function removeBlobs(ledger: LedgerReader, ids: readonly string[]): void {
  const folders = new Set<string>();
  for (const id of ids) {
    if (!ledger.blobs.has(id)) continue;
    ledger.blobs.remove(id);
    folders.add(dirname(ledger.blobs.path(id)));
  }
  for (const folder of folders) syncDirectory(folder);
}

/**
 * What a good record says is gone, and is there: somebody put an older copy of it back. It goes
 * again.
 */
export function removeRemains(
  ledger: LedgerReader,
  remains: readonly { seq: Seq; blob: string | null }[],
): unknown {
  const entries = remains.filter(({ blob }) => blob === null).map(({ seq }) => seq);
  const blobs = remains.flatMap(({ seq, blob }) => {
    const [json = ''] = ledger.texts(seq, seq + 1);
    return blobsIn(json).flatMap(({ id, name }) => (name === blob ? [id] : []));
  });
  const note = writeRemovalNote(ledger.dir, { size: 0, entries, blobs, runs: [], secret: true });
  return removeBytes(ledger, note, PATIENCE_MS);
}

/** Mostly they are empty already, since the transaction that said so. */
function emptyRows({ db }: LedgerReader, seqs: readonly Seq[]): void {
  const empty = db.prepare("UPDATE entry SET json = '' WHERE seq = ? AND json <> ''");
  for (const seq of seqs) empty.run(seq);
}

/** What entries from `size` on say is gone. */
function saidSince(ledger: LedgerReader, size: Seq) {
  const entries = new Set<Seq>();
  const blobs = new Set<string>();
  for (const { entry } of ledger.entries(size)) {
    if (entry?.kind !== 'redacted' && entry?.kind !== 'pruned') continue;
    for (const { id } of entry.body.blobs) blobs.add(id);
    if (entry.kind === 'redacted') for (const { seq } of entry.body.entries) entries.add(seq);
  }
  return { entries, blobs };
}

function rewriteDatabase({ db }: LedgerReader, patienceMs: number): void {
  const { timeout } = db.prepare('PRAGMA busy_timeout').get() as { timeout: number };
  try {
    db.exec(`PRAGMA busy_timeout = ${patienceMs}; PRAGMA secure_delete = ON;`);
    db.exec('VACUUM');
    const log = db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get() as { busy: number };
    if (log.busy !== 0) throw new StillRead();
  } finally {
    db.exec(`PRAGMA busy_timeout = ${timeout}`);
  }
}

class StillRead extends Error {
  constructor() {
    super('another process is reading the ledger');
  }
}
