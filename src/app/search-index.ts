import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { decodeEntry } from '../core/entries/entry-codec.ts';
import type { Entry } from '../core/entries/kinds.ts';
import type { Seq } from '../core/names.ts';
import { removeDerived, SEARCH_FILE } from '../ledger/derived-files.ts';
import type { LedgerReader } from '../ledger/store/reader.ts';
import { openSqlite } from '../ledger/store/sqlite.ts';
import { searchParts } from '../views/search-text.ts';
import { searchedBlobs } from './search-blobs.ts';

/** An entry that has all words of a query somewhere, best first by BM25. */
export interface Hit {
  seq: Seq;
  rank: number;
}

export interface SearchFilter {
  task: Seq | null;
  kind: string | null;
}

/**
 * The words of all entries and of what they point at, in a database of its own (SQLite FTS5).
 *
 * It holds words and places but no text: what is shown comes from the ledger each time, so that what
 * is redacted there cannot be shown from here. It is brought up to date before each search, and may
 * be deleted at any time; where it cannot be kept it is made in memory, slower and the same.
 */
export class SearchIndex {
  readonly #reader: LedgerReader;
  #db: DatabaseSync | null = null;

  constructor(reader: LedgerReader) {
    this.#reader = reader;
  }

  /** Reads the entries that came since; returns how many there are now. */
  catchUp(onProgress?: (seq: Seq) => void): Seq {
    try {
      return this.#catchUp(onProgress);
    } catch (trouble) {
      // Half written by a crash, made by another version, or nowhere to write: anew, then in memory.
      this.close();
      try {
        // Another process is making it: that is not to be thrown away.
        if ((trouble as { errcode?: number }).errcode === BUSY) throw trouble;
        removeDerived(this.#reader.dir, SEARCH_FILE);
        return this.#catchUp(onProgress);
      } catch {
        this.close();
        this.#db = openSqlite(':memory:', {});
        return this.#catchUp(onProgress);
      }
    }
  }

  /** Throws it away and makes it again; returns its size in bytes. */
  rebuild(onProgress?: (seq: Seq) => void): number {
    this.close();
    removeDerived(this.#reader.dir, SEARCH_FILE);
    this.catchUp(onProgress);
    const db = this.#open();
    db.exec(`INSERT INTO words (words) VALUES ('optimize')`);
    const { bytes } = db
      .prepare('SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size')
      .get() as { bytes: number };
    return bytes;
  }

  /** The best `limit` entries for an FTS5 query, and how many there are in all. */
  search(match: string, filter: SearchFilter, limit: number): { hits: Hit[]; total: number } {
    const { where, values } = conditions(filter);
    const from = `FROM words JOIN doc ON doc.seq = words.rowid - 1 WHERE words MATCH ?${where}`;
    const hits = this.#open()
      .prepare(
        `SELECT doc.seq AS seq, bm25(words, ${SAID}, ${WROTE}) AS rank ${from} ORDER BY rank LIMIT ?`,
      )
      .all(match, ...values, limit) as unknown as Hit[];
    const total = hits.length < limit ? hits.length : this.#count(match, filter);
    return { hits, total };
  }

  /** Blobs of which only the ends are searched. */
  partly(seqs: readonly Seq[]): { seq: Seq; name: string; size: number }[] {
    const find = this.#open().prepare('SELECT seq, name, size FROM partly WHERE seq = ?');
    return seqs.flatMap((seq) => find.all(seq) as { seq: Seq; name: string; size: number }[]);
  }

  partlyInAll(): number {
    const { n } = this.#open().prepare('SELECT count(*) AS n FROM partly').get() as { n: number };
    return n;
  }

  close(): void {
    this.#db?.close();
    this.#db = null;
  }

  #count(match: string, filter: SearchFilter): number {
    const { where, values } = conditions(filter);
    const sql =
      where === ''
        ? 'SELECT count(*) AS n FROM words WHERE words MATCH ?'
        : `SELECT count(*) AS n FROM words JOIN doc ON doc.seq = words.rowid - 1 WHERE words MATCH ?${where}`;
    return (
      this.#open()
        .prepare(sql)
        .get(match, ...values) as { n: number }
    ).n;
  }

  #catchUp(onProgress?: (seq: Seq) => void): Seq {
    const db = this.#open();
    const size = this.#reader.size();
    for (;;) {
      if (this.#upto(db) >= size) return size;
      db.exec('BEGIN IMMEDIATE');
      try {
        // Another process may have been faster.
        const from = this.#upto(db);
        const to = Math.min(size, from + A_BATCH);
        this.#add(db, from, to);
        db.prepare('UPDATE state SET upto = ?').run(to);
        db.exec('COMMIT');
        onProgress?.(to);
      } catch (error) {
        if (db.isTransaction) db.exec('ROLLBACK');
        throw error;
      }
    }
  }

  #add(db: DatabaseSync, from: Seq, to: Seq): void {
    const put = statements(db);
    let seq = from - 1;
    for (const json of this.#reader.texts(from, to)) {
      seq++;
      const entry = readable(json, seq);
      if (entry === null) continue;
      put.entry(seq, entry, this.#reader);
      // What went since it was read here goes here too.
      if (entry.kind !== 'pruned' && entry.kind !== 'redacted') continue;
      for (const { of } of entry.body.blobs) {
        for (const { seq: changed } of of) {
          put.drop(changed);
          const [text = ''] = changed < seq ? this.#reader.texts(changed, changed + 1) : [];
          const again = readable(text, changed);
          if (again !== null) put.entry(changed, again, this.#reader);
        }
      }
    }
  }

  #upto(db: DatabaseSync): Seq {
    return (db.prepare('SELECT upto FROM state').get() as { upto: Seq }).upto;
  }

  #open(): DatabaseSync {
    this.#db ??= openSqlite(join(this.#reader.dir, SEARCH_FILE), { timeout: 10_000 });
    const db = this.#db;
    if (isPrepared(db)) return db;
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;');
    db.exec(SCHEMA);
    prepared.add(db);
    const id = this.#reader.id();
    const state = db.prepare('SELECT ledger, version, upto FROM state').get() as
      | { ledger: string; version: number; upto: Seq }
      | undefined;
    if (state === undefined) {
      db.prepare('INSERT INTO state (ledger, version, upto) VALUES (?, ?, 0)').run(id, VERSION);
    } else if (
      state.ledger !== id ||
      state.version !== VERSION ||
      state.upto > this.#reader.size()
    ) {
      throw new Error('made of another ledger, or by another version');
    }
    return db;
  }
}

/** Null where it is redacted, or has been tampered with: proof verify names that. */
function readable(json: string, seq: Seq): Entry | null {
  try {
    return json === '' ? null : decodeEntry(json, seq);
  } catch {
    return null;
  }
}

const prepared = new WeakSet<DatabaseSync>();

function isPrepared(db: DatabaseSync): boolean {
  return prepared.has(db);
}

function conditions({ task, kind }: SearchFilter): { where: string; values: (string | number)[] } {
  const both = [
    ...(task === null ? [] : [['doc.task = ?', task] as const]),
    ...(kind === null ? [] : [['doc.kind = ?', kind] as const]),
  ];
  return {
    where: both.map(([sql]) => ` AND ${sql}`).join(''),
    values: both.map(([, value]) => value),
  };
}

function statements(db: DatabaseSync) {
  const words = db.prepare('INSERT INTO words (rowid, said, wrote) VALUES (?, ?, ?)');
  const doc = db.prepare('INSERT OR REPLACE INTO doc (seq, task, kind) VALUES (?, ?, ?)');
  const partly = db.prepare('INSERT OR REPLACE INTO partly (seq, name, size) VALUES (?, ?, ?)');
  const dropWords = db.prepare('DELETE FROM words WHERE rowid = ?');
  const dropOthers = ['doc', 'partly'].map((table) =>
    db.prepare(`DELETE FROM ${table} WHERE seq = ?`),
  );
  return {
    entry(seq: Seq, entry: Entry, reader: LedgerReader): void {
      const said = searchParts(entry).map(({ text }) => text);
      const wrote: string[] = [];
      for (const { name, head, tail, size } of searchedBlobs(reader, entry)) {
        wrote.push(head, tail ?? '');
        if (tail !== null) partly.run(seq, name, size);
      }
      words.run(seq + 1, said.join('\n'), wrote.join('\n'));
      doc.run(seq, entry.task, entry.kind === 'unknown' ? entry.storedKind : entry.kind);
    },
    drop(seq: Seq): void {
      dropWords.run(seq + 1);
      for (const drop of dropOthers) drop.run(seq);
    },
  };
}

/** Raise it when other words are taken from entries. */
const VERSION = 1;
/** SQLITE_BUSY. */
const BUSY = 5;
const A_BATCH = 2_000;
/** What an entry says counts more than what a command wrote. */
const SAID = 3;
const WROTE = 1;

/**
 * Words of letters and digits, not trigrams: a third of the text's size against two and a half times
 * it, and an eighth of the time to make (docs/decisions/0013).
 */
const SCHEMA = `
  CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5(
    said, wrote, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2'
  );
  CREATE TABLE IF NOT EXISTS doc (seq INTEGER PRIMARY KEY, task INTEGER, kind TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS partly (
    seq INTEGER NOT NULL, name TEXT NOT NULL, size INTEGER NOT NULL, PRIMARY KEY (seq, name)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS state (ledger TEXT NOT NULL, version INTEGER NOT NULL, upto INTEGER NOT NULL) STRICT;
`;
