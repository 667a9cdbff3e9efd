import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { diskError, ledgerError } from '../errors.ts';
import { openSqlite } from './sqlite.ts';

/**
 * `ledger.db`: SQLite in WAL mode with synchronous=FULL, so that a commit that returned is on
 * disk. The transaction is the sequencer: any number of processes may append at once.
 */
export const LEDGER_FILE = 'ledger.db';

/** "prfl", so that `file(1)` and we can tell a ledger from any other database. */
const APPLICATION_ID = 0x7072_666c;
const SCHEMA_VERSION = 1;
/** SQLite's back-off is unfair under load: waits near a second were measured with two writers. */
const BUSY_TIMEOUT_MS = 20_000;

const SCHEMA = `
  -- json is '' once the entry is redacted; leaf stays. root: the tree's root after the append
  -- that ended with this entry, to find where a rewritten ledger begins to differ.
  CREATE TABLE entry (
    seq INTEGER PRIMARY KEY, leaf BLOB NOT NULL, task INTEGER, n INTEGER, root BLOB,
    json TEXT NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX entry_of_task ON entry (task, n) WHERE task IS NOT NULL;
  CREATE INDEX entry_opens_task ON entry (seq) WHERE n = 1;
  -- Hash n of tile level 1 and up; level 0 are the leaves.
  CREATE TABLE subtree (
    level INTEGER NOT NULL, n INTEGER NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (level, n)
  ) STRICT, WITHOUT ROWID;
  -- kept: why this signed root stays for ever; NULL for the latest one.
  CREATE TABLE signed_root (size INTEGER PRIMARY KEY, note TEXT NOT NULL, kept TEXT) STRICT;
  -- Keyed hash of a blob's contents, so that equal contents share one file. May be deleted.
  CREATE TABLE blob_content (mac BLOB PRIMARY KEY, id TEXT NOT NULL) STRICT, WITHOUT ROWID;
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${SCHEMA_VERSION};
`;

export function ledgerExists(dir: string): boolean {
  return existsSync(join(dir, LEDGER_FILE));
}

/** Opens for reading and appending; makes the file and its tables if `create`. */
export function openDatabase(dir: string, options: { create: boolean }): DatabaseSync {
  const path = join(dir, LEDGER_FILE);
  if (!options.create) requireFile(dir);
  // Several processes racing to make the file and switch it to WAL can see it locked once even
  // with a busy timeout (measured: 1 in 240), so the first open is tried again.
  for (let attempt = 0; ; attempt++) {
    let db: DatabaseSync | null = null;
    try {
      db = openSqlite(path, { timeout: BUSY_TIMEOUT_MS });
      db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
      if (options.create) createSchema(db);
      checkVersion(db, path);
      return db;
    } catch (cause) {
      db?.close();
      if (attempt < 5 && (cause as { errcode?: number }).errcode === 5) continue;
      throw diskError(cause, path);
    }
  }
}

/**
 * Opens without writing anything. A directory that cannot be written, or a full disk, has no room
 * for SQLite's shared-memory file; there the database is read as an immutable file.
 */
export function openReadOnly(dir: string): DatabaseSync {
  const path = join(dir, LEDGER_FILE);
  requireFile(dir);
  try {
    const db = openSqlite(path, { readOnly: true, timeout: BUSY_TIMEOUT_MS });
    try {
      checkVersion(db, path);
      return db;
    } catch (cause) {
      db.close();
      if (!lacksSharedMemory(cause) || hasUnmergedLog(path)) throw cause;
    }
    const url = pathToFileURL(path);
    url.search = '?immutable=1';
    const immutable = openSqlite(url, { readOnly: true });
    checkVersion(immutable, path);
    return immutable;
  } catch (cause) {
    throw diskError(cause, path, 'read');
  }
}

function lacksSharedMemory(cause: unknown): boolean {
  return [8, 10, 14].includes(((cause as { errcode?: number }).errcode ?? 0) % 256);
}

/** The latest entries may stand in the write-ahead log alone: an immutable file is read without. */
function hasUnmergedLog(path: string): boolean {
  return (statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0;
}

/** What may not be looked at is not absent: nobody is to make a second ledger beside it. */
function requireFile(dir: string): void {
  const path = join(dir, LEDGER_FILE);
  try {
    if (statSync(path, { throwIfNoEntry: false }) === undefined) throw notFound(dir);
  } catch (cause) {
    throw diskError(cause, path, 'read');
  }
}

function createSchema(db: DatabaseSync): void {
  db.exec('BEGIN IMMEDIATE');
  try {
    const version = db.prepare('PRAGMA user_version').get() as { user_version: number };
    if (version.user_version === 0) db.exec(SCHEMA);
    db.exec('COMMIT');
  } catch (cause) {
    db.exec('ROLLBACK');
    throw cause;
  }
}

function checkVersion(db: DatabaseSync, path: string): void {
  const { application_id } = db.prepare('PRAGMA application_id').get() as {
    application_id: number;
  };
  const { user_version } = db.prepare('PRAGMA user_version').get() as { user_version: number };
  if (application_id === 0 && user_version === 0 && hasNoTables(db)) {
    throw notBegun(db, dirname(path));
  }
  if (application_id !== APPLICATION_ID) {
    throw ledgerError(
      'ledger.not-a-ledger',
      'That file is not a Prooflayer ledger',
      `${path} is another kind of database`,
      'name another directory with --ledger, or move the file away and run proof init',
    );
  }
  if (user_version > SCHEMA_VERSION) {
    throw ledgerError(
      'ledger.newer-version',
      'This ledger was written by a newer Prooflayer',
      `its store has version ${user_version}, this command reads up to ${SCHEMA_VERSION}`,
      'install the newest Prooflayer, then run this again',
    );
  }
}

function hasNoTables(db: DatabaseSync): boolean {
  return db.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined;
}

/**
 * What a store without entries is: none yet, where an init was cut short by a crash or a full
 * disk; damaged, where pages cannot be read or blobs tell of entries that were here.
 */
export function notBegun(db: DatabaseSync, dir: string) {
  const check = db.prepare('PRAGMA quick_check(1)').get() as { quick_check: string };
  const why = check.quick_check === 'ok' ? 'it holds no entry' : check.quick_check;
  if (check.quick_check === 'ok' && !existsSync(join(dir, 'blobs'))) return notFound(dir);
  return ledgerError(
    'ledger.damaged',
    'The ledger file is damaged',
    `${why} (${join(dir, LEDGER_FILE)})`,
    'put back a copy of the directory, then run proof verify',
  );
}

function notFound(dir: string) {
  return ledgerError(
    'ledger.not-found',
    'There is no ledger here',
    `looked for ${join(dir, LEDGER_FILE)}`,
    'proof init',
  );
}
