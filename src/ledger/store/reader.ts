import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { equalBytes, utf8 } from '../../core/bytes.ts';
import { decodeEntry } from '../../core/entries/entry-codec.ts';
import type { Entry } from '../../core/entries/kinds.ts';
import type { Seq } from '../../core/names.ts';
import { BlobStore } from '../blobs/blob-store.ts';
import { ledgerError } from '../errors.ts';
import { nodePrimitives } from '../node-primitives.ts';
import { GoneIndex } from '../redaction/gone.ts';
import { treeHash } from '../tree/hash.ts';
import { notBegun, openReadOnly } from './database.ts';
import { TreeStore } from './tree-store.ts';

/** An entry with its place; `entry` is null once it is redacted. */
export interface Stored {
  seq: Seq;
  json: string;
  entry: Entry | null;
}

/** A signed root as kept in the store: `kept` says why it stays, null for the latest one. */
export interface SignedRoot {
  size: number;
  note: string;
  kept: string | null;
}

/** Opens for reading only: works in directories that cannot be written and without the key. */
export function openForReading(dir: string): LedgerReader {
  return new LedgerReader(dir, openReadOnly(dir));
}

/** Reads a ledger: entries by place, by task, in order; roots; blobs. Writes nothing. */
export class LedgerReader {
  readonly dir: string;
  readonly db: DatabaseSync;
  readonly tree: TreeStore;
  readonly hash = treeHash(nodePrimitives);
  readonly blobs: BlobStore;
  /** What was taken out of the record, by which entry and why. */
  readonly gone: GoneIndex;
  readonly #statements = new Map<string, StatementSync>();
  readonly #ranks = new Map<Seq, number>();

  constructor(dir: string, db: DatabaseSync) {
    this.dir = dir;
    this.db = db;
    this.tree = new TreeStore(db);
    this.gone = new GoneIndex(
      (text, from) => this.#holding(text, from),
      () => this.size(),
    );
    this.blobs = new BlobStore(dir, (id) => this.gone.blob(id));
  }

  size(): number {
    return this.tree.size();
  }

  /** Reads one state of the ledger: what other processes append meanwhile is not seen. */
  atOneMoment<T>(read: () => T): T {
    this.db.exec('BEGIN');
    try {
      return read();
    } finally {
      if (this.db.isTransaction) this.db.exec('ROLLBACK');
    }
  }

  /** The ledger's id, from its first entry. */
  id(): string {
    if (this.size() === 0) throw notBegun(this.db, this.dir);
    const first = this.entry(0).entry;
    if (first?.kind === 'ledger.opened') return first.body.ledger;
    throw ledgerError(
      'ledger.damaged',
      'The ledger does not say which one it is',
      'E0 is not the entry that opens a ledger',
      'proof verify',
    );
  }

  entry(seq: Seq): Stored {
    const row = this.statement('SELECT seq, json FROM entry WHERE seq = ?').get(seq);
    if (row === undefined) {
      const size = this.size();
      throw ledgerError(
        'ledger.no-such-entry',
        `There is no entry E${seq}`,
        size === 0 ? 'the ledger is empty' : `this ledger holds E0 to E${size - 1}`,
        'proof log',
      );
    }
    return stored(row as unknown as Row);
  }

  /**
   * Do the entry's bytes still hash to the leaf stored beside them? A first look only: whether the
   * leaf is the one that was signed, `proof verify` says.
   */
  isIntact(seq: Seq): boolean {
    const row = this.statement('SELECT leaf, json FROM entry WHERE seq = ?').get(seq) as
      | { leaf: Uint8Array; json: string }
      | undefined;
    if (row === undefined || row.json === '') return row !== undefined;
    return equalBytes(this.hash.leaf(utf8(row.json)), row.leaf);
  }

  /** Entries from `from` on, in order. */
  *entries(from: Seq = 0, to: Seq = Number.MAX_SAFE_INTEGER): Generator<Stored> {
    // A statement of its own: this one is being iterated while others run.
    const rows = this.db
      .prepare('SELECT seq, json FROM entry WHERE seq >= ? AND seq < ? ORDER BY seq')
      .iterate(from, to);
    for (const row of rows) yield stored(row as unknown as Row);
  }

  /** The stored bytes as text, undecoded. */
  *texts(from: Seq, to: Seq): Generator<string> {
    const rows = this.db
      .prepare('SELECT json FROM entry WHERE seq >= ? AND seq < ? ORDER BY seq')
      .iterate(from, to);
    for (const row of rows) yield (row as unknown as Row).json;
  }

  /** Task and number of an entry by its row: all that is left of a redacted one. */
  placeOf(seq: Seq): { task: Seq | null; n: number | null } {
    const row = this.statement('SELECT task, n FROM entry WHERE seq = ?').get(seq);
    return (row as { task: Seq | null; n: number | null } | undefined) ?? { task: null, n: null };
  }

  /** A task's entries in order, from its n-th on. */
  *taskEntries(task: Seq, from = 1): Generator<Stored> {
    const rows = this.db
      .prepare('SELECT seq, json FROM entry WHERE task = ? AND n >= ? ORDER BY n')
      .iterate(task, from);
    for (const row of rows) yield stored(row as unknown as Row);
  }

  /** Leaf index of the opening entry of the rank-th task, or null. */
  taskSeq(rank: number): Seq | null {
    const row = this.statement(
      'SELECT seq FROM entry WHERE n = 1 ORDER BY seq LIMIT 1 OFFSET ?',
    ).get(rank - 1) as { seq: number } | undefined;
    return row?.seq ?? null;
  }

  /** Display rank of the task that this entry opened: how many were opened up to it. */
  taskRank(task: Seq): number {
    // A rank never changes, and a timeline asks for the same one at every row.
    const known = this.#ranks.get(task);
    if (known !== undefined) return known;
    const { rank } = this.statement(
      'SELECT count(*) AS rank FROM entry WHERE n = 1 AND seq <= ?',
    ).get(task) as { rank: number };
    this.#ranks.set(task, rank);
    return rank;
  }

  taskCount(): number {
    const row = this.statement('SELECT count(*) AS n FROM entry WHERE n = 1').get();
    return (row as { n: number }).n;
  }

  /** Does this entry open a task? */
  isTask(seq: Seq): boolean {
    return (
      this.statement('SELECT 1 FROM entry WHERE task = seq AND n = 1 AND seq = ?').get(seq) !==
      undefined
    );
  }

  /** How many entries a task has. */
  taskLength(task: Seq): number {
    const row = this.statement('SELECT max(n) AS n FROM entry WHERE task = ?').get(task) as {
      n: number | null;
    };
    return row.n ?? 0;
  }

  signedRoots(): SignedRoot[] {
    return this.statement('SELECT size, note, kept FROM signed_root ORDER BY size').all() as never;
  }

  latestRoot(): SignedRoot | null {
    const row = this.statement(
      'SELECT size, note, kept FROM signed_root ORDER BY size DESC LIMIT 1',
    ).get();
    return (row as unknown as SignedRoot | undefined) ?? null;
  }

  close(): void {
    this.#statements.clear();
    this.db.close();
  }

  *#holding(text: string, from: Seq): Generator<Stored> {
    const rows = this.db
      .prepare('SELECT seq, json FROM entry WHERE seq >= ? AND instr(json, ?) > 0 ORDER BY seq')
      .iterate(from, text);
    for (const row of rows) yield stored(row as unknown as Row);
  }

  protected statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.db.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

interface Row {
  seq: number;
  json: string;
}

function stored(row: Row): Stored {
  return {
    seq: row.seq,
    json: row.json,
    entry: row.json === '' ? null : decodeEntry(row.json, row.seq),
  };
}
