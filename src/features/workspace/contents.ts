import { closeSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { makePrivateDirectory, openPrivateFile } from '../../ledger/private-files.ts';
import { openSqlite } from '../../ledger/store/sqlite.ts';
import { sealed, unsealed } from './sealed.ts';

/**
 * The bytes of files as they stood, by keyed hash: the private cache that diff and undo read. It
 * may be deleted at any time; then earlier states can be named, but no longer shown or put back.
 *
 * Each frame is sealed (sealed.ts), so files with secrets in them can be kept as well. Many small
 * files share one, compressed, which is also how they are read back.
 */
export class Contents {
  readonly #db: DatabaseSync;
  readonly #path: string;
  readonly #key: Uint8Array;
  #frame: { hash: Uint8Array; bytes: Uint8Array; secret: boolean }[] = [];
  #frameBytes = 0;
  #lookUp: StatementSync | null = null;
  /** The frame that was opened last: files that were kept together are mostly read together. */
  #opened: { frame: number; plain: Buffer } | null = null;
  #waiting = new Set<string>();

  /** For reading what is there; null where there is no cache. */
  static existing(cacheDir: string, key: Uint8Array): Contents | null {
    return existsSync(join(cacheDir, FILE)) ? new Contents(cacheDir, key, true) : null;
  }

  constructor(cacheDir: string, key: Uint8Array, readOnly = false) {
    this.#key = key;
    this.#path = join(cacheDir, FILE);
    if (readOnly) {
      this.#db = openSqlite(this.#path, { readOnly, timeout: LOCK_MS });
      return;
    }
    makePrivateDirectory(cacheDir);
    // Made before SQLite would: it takes the usual umask.
    if (!existsSync(this.#path)) closeSync(openPrivateFile(this.#path, 'w'));
    this.#db = openSqlite(this.#path, { timeout: LOCK_MS });
    // Losing the last frames with the machine's power costs an undo, not evidence.
    this.#db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
    // A cache of another version is none: its frames would not open.
    const { user_version: version } = this.#db.prepare('PRAGMA user_version').get() as {
      user_version: number;
    };
    if (version !== VERSION) this.#db.exec(CLEAR);
    this.#db.exec(SCHEMA);
  }

  /** Keeps bytes under their hash, unless they are there already. */
  put(hash: Uint8Array, bytes: Uint8Array, secret: boolean): void {
    const name = Buffer.from(hash).toString('hex');
    if (this.#waiting.has(name) || this.#find(hash) !== undefined) return;
    this.#waiting.add(name);
    this.#frame.push({ hash: Uint8Array.from(hash), bytes, secret });
    this.#frameBytes += bytes.length;
    if (this.#frameBytes >= FRAME_BYTES) this.#writeFrame();
  }

  /** Makes all that was put readable by others. */
  flush(): void {
    this.#writeFrame();
    if (this.#db.isTransaction) this.#db.exec('COMMIT');
    this.#waiting.clear();
  }

  /** Whether the bytes under a hash are here, without opening them. */
  has(hash: Uint8Array): boolean {
    return this.#find(hash) !== undefined;
  }

  /** Null where the cache does not have them (any more). */
  get(hash: Uint8Array): { bytes: Buffer; secret: boolean } | null {
    const found = this.#find(hash);
    if (found === undefined) return null;
    const plain = this.#open(found.frame);
    if (plain === null) return null;
    return {
      bytes: plain.subarray(found.start, found.start + found.size),
      secret: found.secret !== 0,
    };
  }

  /** Only one process at a time does this: looks, appends what it saw, and writes the snapshot. */
  async exclusively<T>(work: () => Promise<T>): Promise<T> {
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      return await work();
    } finally {
      if (this.#db.isTransaction) this.#db.exec('COMMIT');
    }
  }

  close(): void {
    this.#db.close();
  }

  #find(hash: Uint8Array) {
    this.#lookUp ??= this.#db.prepare(
      'SELECT frame, start, size, secret FROM content WHERE hash = ?',
    );
    return this.#lookUp.get(hash) as
      | { frame: number; start: number; size: number; secret: number }
      | undefined;
  }

  #open(frame: number): Buffer | null {
    if (this.#opened?.frame === frame) return this.#opened.plain;
    const row = this.#db.prepare('SELECT bytes, plain FROM frame WHERE id = ?').get(frame) as
      | { bytes: Uint8Array; plain: number }
      | undefined;
    if (row === undefined) return null;
    const packed = unsealed(this.#key, row.bytes);
    const plain = zstdDecompressSync(packed, { maxOutputLength: Math.max(1, row.plain) });
    this.#opened = { frame, plain };
    return plain;
  }

  #writeFrame(): void {
    if (this.#frame.length === 0) return;
    if (!this.#db.isTransaction) this.#db.exec('BEGIN IMMEDIATE');
    const plain = Buffer.concat(this.#frame.map(({ bytes }) => bytes));
    const { lastInsertRowid } = this.#db
      .prepare('INSERT INTO frame (bytes, plain) VALUES (?, ?)')
      .run(Buffer.concat(sealed(this.#key, [zstdCompressSync(plain)])), plain.length);
    const insert = this.#db.prepare(
      'INSERT OR IGNORE INTO content (hash, frame, start, size, secret) VALUES (?, ?, ?, ?, ?)',
    );
    let start = 0;
    for (const { hash, bytes, secret } of this.#frame) {
      insert.run(hash, lastInsertRowid, start, bytes.length, secret ? 1 : 0);
      start += bytes.length;
    }
    this.#frame = [];
    this.#frameBytes = 0;
  }
}

/** Raised when the tables or the frames change. */
const VERSION = 1;
const CLEAR = `
  DROP TABLE IF EXISTS content;
  DROP TABLE IF EXISTS frame;
  PRAGMA user_version = ${VERSION};
`;
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS frame (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL, plain INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS content (
    hash BLOB PRIMARY KEY, frame INTEGER NOT NULL, start INTEGER NOT NULL,
    size INTEGER NOT NULL, secret INTEGER NOT NULL
  ) WITHOUT ROWID;
`;
const FILE = 'contents.db';
const FRAME_BYTES = 256 * 1024;
/** Another process may be keeping the contents of a large workspace for the first time. */
const LOCK_MS = 60_000;
