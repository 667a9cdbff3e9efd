import type { DatabaseSync } from 'node:sqlite';
import { equalBytes } from '../../core/bytes.ts';
import type { Actor } from '../../core/entries/header.ts';
import type { Draft } from '../../core/entries/kinds.ts';
import type { Seq } from '../../core/names.ts';
import type { BlobWriter } from '../blobs/blob-writer.ts';
import type { StoredBlob } from '../blobs/stored-blob.ts';
import { checkpointText, openCheckpoint } from '../checkpoint.ts';
import { diskError, ledgerError, notATask, olderCopy } from '../errors.ts';
import { LastSigned } from '../keys/last-signed.ts';
import type { SigningKey } from '../keys/signing-key.ts';
import type { MaskRules } from '../mask/mask-rules.ts';
import { nodePrimitives } from '../node-primitives.ts';
import { signNote } from '../note.ts';
import { Frontier } from '../tree/frontier.ts';
import { rangeRoot } from '../tree/proofs.ts';
import type { Build, Edge, Sealed, Waiting } from './append-batch.ts';
import { maskDrafts } from './draft-mask.ts';
import { erase, refuseErasure } from './erasure.ts';
import { LedgerReader, type SignedRoot } from './reader.ts';
import { rememberFile } from './same-file.ts';
import { sealEntry } from './seal.ts';

export type { Build, Head } from './append-batch.ts';

/**
 * A ledger that may be appended to. There is one way in: `append(build)`. The builder runs inside
 * the transaction, synchronously, so what it decides on cannot change before it is written; calls
 * that wait at the same time share one transaction, one signature and one fsync.
 */
export class Ledger extends LedgerReader {
  readonly rules: MaskRules;
  readonly key: SigningKey;
  readonly #now: () => Date;
  /** Whom the ledger names when it speaks for itself. */
  readonly self: Actor;
  readonly #lastSigned: LastSigned;
  readonly #requireFile: () => void;
  #queue: Waiting[] = [];
  /** The right edge and time of the latest entry, valid while no other process has appended. */
  #edge: Edge | null = null;

  constructor(options: {
    dir: string;
    db: DatabaseSync;
    key: SigningKey;
    rules: MaskRules;
    configDir: string;
    ledgerId: string;
    self: Actor;
    now?: () => Date;
  }) {
    super(options.dir, options.db);
    this.key = options.key;
    this.rules = options.rules;
    this.self = options.self;
    this.#now = options.now ?? (() => new Date());
    this.#lastSigned = new LastSigned(options.configDir, options.ledgerId);
    this.#requireFile = rememberFile(options.dir);
  }

  /**
   * Appends what `build` returns; resolves with the leaf indexes once they are on disk. `blobs`
   * are the durable blobs these entries name.
   */
  append(build: Build, blobs: readonly StoredBlob[] = []): Promise<Seq[]> {
    return new Promise((resolve, reject) => {
      const waiting = this.#queue.push({ build, blobs, resolve, reject });
      if (waiting === 1) setImmediate(() => this.#flush());
    });
  }

  /** Starts a blob for an entry to come; it is masked with this ledger's rules. */
  blob(name: string, options: { type?: string; bound?: number } = {}): BlobWriter {
    return this.blobs.create({
      name,
      ...options,
      rules: this.rules,
      contentKey: this.key.derive('content'),
      index: { find: (mac) => this.#findContent(mac) },
    });
  }

  /** Marks the signed root over `size` entries as kept for ever, and says why. */
  keepRoot({ size, note }: Pick<SignedRoot, 'size' | 'note'>, why: string): void {
    // By now others may have appended, and their root may have taken this one's place.
    this.statement('INSERT OR IGNORE INTO signed_root (size, note) VALUES (?, ?)').run(size, note);
    const { kept } = this.statement('SELECT kept FROM signed_root WHERE size = ?').get(size) as {
      kept: string | null;
    };
    const reasons = new Set([...(kept ?? '').split(' ').filter(Boolean), why]);
    const all = [...reasons].join(' ');
    this.statement('UPDATE signed_root SET kept = ? WHERE size = ?').run(all, size);
  }

  override close(): void {
    this.#lastSigned.close();
    super.close();
  }

  #flush(): void {
    const batch = this.#queue;
    this.#queue = [];
    const answers: (() => void)[] = [];
    try {
      this.db.exec('BEGIN IMMEDIATE');
      try {
        this.#requireFile();
        const edge = this.#loadEdge();
        const before = edge.frontier.size;
        this.#noteClock(edge);
        for (const { build, blobs, resolve, reject } of batch) {
          const drafts = this.#seal(edge, build, reject);
          if (drafts === null) continue;
          const seqs = drafts.map((sealed) => this.#insert(edge, sealed));
          this.#indexBlobs(blobs);
          answers.push(() => {
            for (const { ref, mac } of blobs) if (mac !== null) this.blobs.named(ref.id);
            resolve(seqs);
          });
        }
        const note = edge.frontier.size > before ? this.#sign(edge) : null;
        // The commit point. A crash before it leaves nothing of this batch but blobs that no entry
        // names, which recovery removes; after it, all of the batch is on disk and signed.
        this.db.exec('COMMIT');
        if (note !== null) this.#lastSigned.write({ size: edge.frontier.size, note });
      } catch (error) {
        this.#edge = null;
        if (this.db.isTransaction) this.db.exec('ROLLBACK');
        throw error;
      }
    } catch (error) {
      const failure = diskError(error, this.dir);
      for (const { reject } of batch) reject(failure);
      return;
    }
    for (const answer of answers) answer();
  }

  /** One caller's entries as bytes. A builder that throws spoils its own append, not the others'. */
  #seal(edge: Edge, build: Build, reject: (error: unknown) => void): Sealed[] | null {
    try {
      // Apart from the edge's until all of them stand: what is rejected must not be counted.
      const lengths = new Map<Seq, number>();
      const drafts = build({ size: edge.frontier.size, ledger: this });
      const length = (of: Seq) => lengths.get(of) ?? edge.lengths.get(of) ?? this.taskLength(of);
      const sealed = maskDrafts(this.rules, drafts).map((draft, i) => {
        const seq = edge.frontier.size + i;
        const task = draft.kind === 'task.opened' ? seq : draft.task;
        const n = task === null ? null : length(task) + 1;
        if (n === 1 && draft.kind !== 'task.opened') throw notATask(task as Seq);
        if (task !== null && n !== null) lengths.set(task, n);
        const at = this.#now().toISOString();
        return { task, n, at, json: sealEntry(draft, { task, n, at }), draft };
      });
      refuseErasure(this.db, drafts, edge.frontier.size);
      for (const [task, n] of lengths) edge.lengths.set(task, n);
      return sealed;
    } catch (error) {
      reject(error);
      return null;
    }
  }

  #insert(edge: Edge, { task, n, at, json, draft }: Sealed): Seq {
    const seq = edge.frontier.size;
    const leaf = this.hash.leafOfText(json);
    this.statement('INSERT INTO entry (seq, leaf, task, n, json) VALUES (?, ?, ?, ?, ?)').run(
      seq,
      leaf,
      task,
      n,
      json,
    );
    edge.frontier.append(leaf, (level, index, root) => this.tree.addSubtree(level, index, root));
    edge.latestAt = at;
    erase(this.db, draft);
    return seq;
  }

  /** Order is the index, times are claims; but a clock that runs backwards is put on record. */
  #noteClock(edge: Edge): void {
    const now = this.#now();
    // An empty ledger has no latest time: NaN, and no comparison with it holds.
    const behind = Date.parse(edge.latestAt) - now.getTime();
    if (!(behind > CLOCK_TOLERANCE_MS)) return;
    const went: Draft = {
      kind: 'clock.went-back',
      body: { latest: edge.latestAt, now: now.toISOString() },
      task: null,
      actor: this.self,
    };
    const at = now.toISOString();
    const place = { task: null, n: null, at };
    this.#insert(edge, { ...place, json: sealEntry(went, place), draft: went });
  }

  /** Lets later blobs with these contents share this one. Losing the index costs only space. */
  #indexBlobs(blobs: readonly StoredBlob[]): void {
    for (const { mac, ref } of blobs) {
      if (mac === null) continue;
      this.statement('INSERT OR IGNORE INTO blob_content (mac, id) VALUES (?, ?)').run(mac, ref.id);
    }
  }

  #sign(edge: Edge): string {
    const size = edge.frontier.size;
    const root = edge.frontier.root();
    const origin = this.key.verifier.name;
    const note = signNote(checkpointText({ origin, size, root }), this.key.verifier, this.key.sign);
    this.statement('UPDATE entry SET root = ? WHERE seq = ?').run(root, size - 1);
    this.statement('DELETE FROM signed_root WHERE kept IS NULL').run();
    this.statement('INSERT INTO signed_root (size, note) VALUES (?, ?)').run(size, note);
    return note;
  }

  /**
   * The right edge, from memory if we appended last. When it has to be read, it is checked against
   * the signed root first: nothing is built on top of a tree that was tampered with.
   */
  #loadEdge(): Edge {
    const size = this.tree.size();
    const last = this.#lastSigned.read();
    if (last !== null && last.size > size) throw olderCopy(size, last.size);
    if (this.#edge !== null && this.#edge.frontier.size === size) return this.#edge;
    const frontier = Frontier.load(this.hash, size, this.tree.read);
    const signed = this.latestRoot();
    if (size > 0) {
      const root = signed === null ? null : this.#openRoot(signed.note);
      if (root === null || root.size !== size || !equalBytes(root.root, frontier.root())) {
        throw ledgerError(
          'ledger.damaged',
          'The ledger is not what was signed; nothing is appended to it',
          'its entries do not give the root that its last signature names',
          'proof verify',
        );
      }
    }
    // The note that was just opened and compared needs no second look.
    if (last !== null && last.size > 0 && last.note !== signed?.note) this.#checkLastSigned(last);
    const latest = size === 0 ? null : /"at":"([^"]+)"/.exec(this.#json(size - 1));
    this.#edge = { frontier, latestAt: latest?.[1] ?? '', lengths: new Map() };
    return this.#edge;
  }

  #checkLastSigned(last: { size: number; note: string }): void {
    const root = this.#openRoot(last.note);
    if (
      root !== null &&
      !equalBytes(root.root, rangeRoot(this.hash, this.tree.read, 0, last.size))
    ) {
      throw ledgerError(
        'ledger.forked',
        'This ledger is not the one this machine signed last',
        `its first ${last.size} entries differ from those under the last signed root`,
        'proof verify; then put back the copy that was signed',
      );
    }
  }

  #openRoot(note: string) {
    try {
      return openCheckpoint(nodePrimitives, note, [this.key.verifier]);
    } catch {
      return null;
    }
  }

  #json(seq: Seq): string {
    const row = this.statement('SELECT json FROM entry WHERE seq = ?').get(seq);
    return (row as { json: string } | undefined)?.json ?? '';
  }

  #findContent(mac: Uint8Array): string | null {
    const row = this.statement('SELECT id FROM blob_content WHERE mac = ?').get(mac);
    return (row as { id: string } | undefined)?.id ?? null;
  }
}

/** Clocks are slewed by a little all the time; more than this is worth an entry. */
const CLOCK_TOLERANCE_MS = 2_000;
