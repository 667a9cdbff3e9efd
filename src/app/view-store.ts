import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { Seq } from '../core/names.ts';
import { removeDerived, VIEWS_FILE } from '../ledger/derived-files.ts';
import type { LedgerReader } from '../ledger/store/reader.ts';
import { openSqlite } from '../ledger/store/sqlite.ts';
import type { Fold, Hole } from '../views/fold.ts';

/**
 * Folds as they stood at some entry, in a database of their own: `views.db` may be deleted at any
 * time, and `proof rebuild` computes the same bytes again. Where it cannot be written or read, a
 * view is computed from the beginning: slower, never different.
 */
export class ViewStore {
  readonly #reader: LedgerReader;
  #db: DatabaseSync | null | undefined;

  constructor(reader: LedgerReader) {
    this.#reader = reader;
  }

  /** The fold's state over all entries there are now. */
  read<State>(fold: Fold<State>, onProgress?: (seq: number) => void): State {
    const kept = this.#load(fold);
    let { state } = kept;
    let upto = kept.upto;
    for (const { seq, entry } of this.#reader.entries(kept.upto)) {
      state = fold.step(state, entry, seq, entry === null ? this.#hole(seq) : undefined);
      upto = seq + 1;
      if (upto % 20_000 === 0) onProgress?.(upto);
    }
    // A handful of new entries costs less to fold again than to write down.
    if (upto - kept.upto > WORTH_KEEPING) this.#save(fold, upto, state);
    return state;
  }

  /** Throws all views away and computes these again; returns each one's state as stored. */
  rebuild(folds: readonly Fold<never>[], onProgress?: (seq: number) => void): string[] {
    this.close();
    removeDerived(this.#reader.dir, VIEWS_FILE);
    return folds.map((fold) => {
      const state = this.read(fold, onProgress);
      this.#save(fold, this.#reader.size(), state);
      return JSON.stringify(state);
    });
  }

  /** The database itself, for what is kept beside folds; null where it cannot be written. */
  database(): DatabaseSync | null {
    return this.#open();
  }

  close(): void {
    this.#db?.close();
    this.#db = undefined;
  }

  get #path(): string {
    return join(this.#reader.dir, VIEWS_FILE);
  }

  #hole(seq: Seq): Hole {
    const kind = this.#reader.gone.entry(seq)?.restated.kind ?? null;
    return { ...this.#reader.placeOf(seq), kind };
  }

  #load<State>(fold: Fold<State>): { state: State; upto: number } {
    const fresh = { state: fold.init(), upto: 0 };
    try {
      const row = this.#open()
        ?.prepare('SELECT upto, state FROM fold WHERE name = ? AND version = ?')
        .get(fold.name, fold.version) as { upto: number; state: string } | undefined;
      if (row === undefined || row.upto > this.#reader.size()) return fresh;
      return { state: JSON.parse(row.state) as State, upto: row.upto };
    } catch {
      return fresh;
    }
  }

  #save(fold: Fold<never> | Fold<unknown>, upto: number, state: unknown): void {
    try {
      this.#open()
        ?.prepare(
          'INSERT INTO fold (name, version, upto, state) VALUES (?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET version = excluded.version, upto = excluded.upto, state = excluded.state WHERE fold.version <> excluded.version OR fold.upto < excluded.upto',
        )
        .run(fold.name, fold.version, upto, JSON.stringify(state));
    } catch {
      // A view that is not kept is computed again next time.
    }
  }

  #open(): DatabaseSync | null {
    if (this.#db !== undefined) return this.#db;
    try {
      mkdirSync(this.#reader.dir, { recursive: true });
      this.#db = openSqlite(this.#path, { timeout: 2_000 });
      this.#db.exec(
        'PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; CREATE TABLE IF NOT EXISTS fold (name TEXT PRIMARY KEY, version INTEGER NOT NULL, upto INTEGER NOT NULL, state TEXT NOT NULL) STRICT;',
      );
    } catch {
      this.#db = null;
    }
    return this.#db;
  }
}

const WORTH_KEEPING = 12;
