import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { canonicalize, type JsonValue } from '../../src/core/canonical-json.ts';
import { checkpointText } from '../../src/ledger/checkpoint.ts';
import { loadSigningKey, type SigningKey } from '../../src/ledger/keys/signing-key.ts';
import { nodePrimitives } from '../../src/ledger/node-primitives.ts';
import { signNote } from '../../src/ledger/note.ts';
import { Frontier } from '../../src/ledger/tree/frontier.ts';
import { treeHash } from '../../src/ledger/tree/hash.ts';
import type { Workspace } from './recorded-ledger.ts';

/**
 * How far a forger goes to hide a change, each step on top of the one before: the bytes alone, the
 * hash stored beside them, the tile hashes above, the roots that were noted after each append,
 * and with the signing key the signed root as well.
 */
const DEPTHS = ['bytes', 'leaves', 'tiles', 'noted roots', 'signature'] as const;
export type Depth = (typeof DEPTHS)[number];

/** A stored entry as a forger moves it about. */
export interface Row {
  leaf: Uint8Array;
  task: number | null;
  n: number | null;
  root: Uint8Array | null;
  json: string;
}

type Fields = { [field: string]: JsonValue };

/** Writes into a ledger what Prooflayer never would, with all its knowledge of the format. */
export class Forger {
  readonly db: DatabaseSync;
  readonly #workspace: Workspace;
  readonly #hash = treeHash(nodePrimitives);

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
    this.db = new DatabaseSync(join(workspace.ledger, 'ledger.db'));
  }

  [Symbol.dispose](): void {
    this.db.close();
  }

  /** The key that signs this ledger: whoever works as the same user can read it. */
  get key(): SigningKey {
    const { json } = this.rows()[0] as Row;
    const { ledger } = (JSON.parse(json) as { body: { ledger: string } }).body;
    return loadSigningKey(this.#workspace.config, ledger);
  }

  rows(): Row[] {
    const sql = 'SELECT leaf, task, n, root, json FROM entry ORDER BY seq';
    return this.db.prepare(sql).all() as unknown as Row[];
  }

  /** Changes all entries as `change` says, numbers them anew, and hides it down to `depth`. */
  rewrite(depth: Depth, change: (rows: Row[]) => Row[]): void {
    this.store(depth, change(this.rows()));
  }

  /** Changes one entry's fields, in canonical form again. */
  edit(depth: Depth, seq: number, change: (entry: Fields) => Fields): void {
    this.editText(depth, seq, (json) => canonicalize(change(JSON.parse(json) as Fields)));
  }

  editText(depth: Depth, seq: number, change: (json: string) => string): void {
    this.rewrite(depth, (rows) =>
      rows.map((row, at) => (at === seq ? { ...row, json: change(row.json) } : row)),
    );
  }

  store(depth: Depth, rows: readonly Row[]): void {
    const goes = (step: Depth) => DEPTHS.indexOf(step) <= DEPTHS.indexOf(depth);
    const insert = this.db.prepare(
      'INSERT INTO entry (seq, leaf, task, n, root, json) VALUES (?, ?, ?, ?, ?, ?)',
    );
    const subtree = this.db.prepare('INSERT INTO subtree (level, n, hash) VALUES (?, ?, ?)');
    const frontier = Frontier.empty(this.#hash);
    this.db.exec('BEGIN; DELETE FROM entry;');
    if (goes('tiles')) this.db.exec('DELETE FROM subtree');
    rows.forEach((row, seq) => {
      const kept = !goes('leaves') || row.json === '';
      const leaf = kept ? row.leaf : this.#hash.leaf(Buffer.from(row.json));
      frontier.append(leaf, (level, n, hash) => {
        if (goes('tiles')) subtree.run(level, n, hash);
      });
      const noted = goes('noted roots') && row.root !== null ? frontier.root() : row.root;
      insert.run(seq, leaf, row.task, row.n, noted, row.json);
    });
    if (goes('signature')) {
      this.db.exec('DELETE FROM signed_root');
      this.sign(rows.length, frontier.root());
    }
    this.db.exec('COMMIT');
  }

  /** A signed root with the ledger's own key, over whatever is given. */
  sign(size: number, root: Uint8Array): void {
    const { key } = this;
    const text = checkpointText({ origin: key.verifier.name, size, root });
    const note = signNote(text, key.verifier, key.sign);
    this.db
      .prepare('INSERT OR REPLACE INTO signed_root (size, note) VALUES (?, ?)')
      .run(size, note);
  }

  /** Replaces the note of the latest signed root. */
  replaceNote(change: (note: string) => string): void {
    const sql = 'SELECT size, note FROM signed_root ORDER BY size DESC LIMIT 1';
    const { size, note } = this.db.prepare(sql).get() as { size: number; note: string };
    this.db.prepare('UPDATE signed_root SET note = ? WHERE size = ?').run(change(note), size);
  }

  /** Drops the entries from `size` on, with everything that says they were there. */
  truncate(size: number): void {
    this.db.prepare('DELETE FROM entry WHERE seq >= ?').run(size);
    this.db.prepare('DELETE FROM subtree WHERE (n + 1) * (1 << (8 * level)) > ?').run(size);
    this.db.prepare('DELETE FROM signed_root WHERE size > ?').run(size);
  }

  /** The tree's root over these entries. */
  rootOf(rows: readonly Row[]): Uint8Array {
    const frontier = Frontier.empty(this.#hash);
    for (const { json, leaf } of rows)
      frontier.append(json === '' ? leaf : this.#hash.leaf(Buffer.from(json)));
    return frontier.root();
  }
}

/** The entry with another text; for notes. */
export function saying(text: string) {
  return (entry: Fields): Fields => ({ ...entry, body: { ...(entry.body as Fields), text } });
}
