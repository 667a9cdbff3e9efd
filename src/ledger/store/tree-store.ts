import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { HASH_BYTES } from '../tree/hash.ts';
import type { HashReader } from '../tree/tiles.ts';

/** The stored hashes of the tree: leaves beside their entries, completed subtrees above them. */
export class TreeStore {
  readonly #db: DatabaseSync;
  #last: StatementSync | undefined;
  #leaves: StatementSync | undefined;
  #subtrees: StatementSync | undefined;
  #insert: StatementSync | undefined;

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  size(): number {
    this.#last ??= this.#db.prepare('SELECT max(seq) AS last FROM entry');
    const row = this.#last.get() as { last: number | null };
    return row.last === null ? 0 : row.last + 1;
  }

  readonly read: HashReader = (level, from, count) => {
    const rows = this.#rows(level).all(
      ...(level === 0 ? [from, count] : [level, from, count]),
    ) as unknown as { hash: Uint8Array }[];
    const out = new Uint8Array(count * HASH_BYTES);
    // A hole leaves zeros, which no tree hashes to: the root then differs, and verify finds where.
    rows.slice(0, count).forEach((row, i) => {
      out.set(row.hash.subarray(0, HASH_BYTES), i * HASH_BYTES);
    });
    return out;
  };

  addSubtree(level: number, n: number, hash: Uint8Array): void {
    this.#insert ??= this.#db.prepare('INSERT INTO subtree (level, n, hash) VALUES (?, ?, ?)');
    this.#insert.run(level, n, hash);
  }

  #rows(level: number): StatementSync {
    if (level === 0) {
      this.#leaves ??= this.#db.prepare(
        'SELECT leaf AS hash FROM entry WHERE seq >= ? ORDER BY seq LIMIT ?',
      );
      return this.#leaves;
    }
    this.#subtrees ??= this.#db.prepare(
      'SELECT hash FROM subtree WHERE level = ? AND n >= ? ORDER BY n LIMIT ?',
    );
    return this.#subtrees;
  }
}
