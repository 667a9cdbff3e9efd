import { writeFileSync } from 'node:fs';
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
  #db: DatabaseSync | null = null;
  readonly #workspace: Workspace;
  readonly #hash = treeHash(nodePrimitives);

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  get db(): DatabaseSync {
    this.#db ??= new DatabaseSync(join(this.#workspace.ledger, 'ledger.db'));
    return this.#db;
  }

  [Symbol.dispose](): void {
    this.#db?.close();
    this.#db = null;
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
    this.db.exec('COMMIT');
    if (goes('signature')) this.signLatest(this.key);
  }

  /** What this machine is remembered to have signed last, made to agree. */
  rewriteLastSigned(): void {
    const sql = 'SELECT note FROM signed_root ORDER BY size DESC LIMIT 1';
    const { note } = this.db.prepare(sql).get() as { note: string };
    const name = this.key.verifier.name.replace('prooflayer.dev/', '');
    writeFileSync(join(this.#workspace.config, 'last-signed', name), note);
  }

  /** Signs the tree as it stands, and forgets every other signed root. */
  signLatest(key: SigningKey): void {
    const frontier = Frontier.empty(this.#hash);
    for (const { leaf } of this.rows()) frontier.append(leaf);
    const checkpoint = { origin: key.verifier.name, size: frontier.size, root: frontier.root() };
    const note = signNote(checkpointText(checkpoint), key.verifier, key.sign);
    this.db.exec('DELETE FROM signed_root');
    this.db.prepare('INSERT INTO signed_root (size, note) VALUES (?, ?)').run(frontier.size, note);
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
}

/** The entry with another text; for notes. */
export function saying(text: string) {
  return (entry: Fields): Fields => ({ ...entry, body: { ...(entry.body as Fields), text } });
}
