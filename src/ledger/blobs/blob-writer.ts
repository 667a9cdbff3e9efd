import { createHmac, type Hmac, randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { BLOB_SALT_BYTES, startCommitment } from '../../core/blob-commitment.ts';
import { toHex } from '../../core/bytes.ts';
import { diskError } from '../errors.ts';
import type { MaskRules } from '../mask/mask-rules.ts';
import { type Released, StreamMask } from '../mask/stream-mask.ts';
import { nodePrimitives } from '../node-primitives.ts';
import { makePrivateDirectory, openPrivateFile, writePrivateFile } from '../private-files.ts';
import {
  blobHead,
  compressFrame,
  compressFrameSync,
  FRAME_BYTES,
  type Frame,
  seekTable,
} from './blob-file.ts';
import { HeadAndTail } from './head-and-tail.ts';
import type { BlobPlace, ContentIndex, StoredBlob } from './stored-blob.ts';

/**
 * Writes one blob: masks, hashes, compresses and appends as bytes arrive, in flat memory.
 *
 * Nothing is visible under the blob's name before `finish`: until then it is a temporary file that
 * recovery removes. `finish` returns once the bytes and the directory entry are on disk, so an
 * entry that names the blob can never be more durable than the blob.
 */
export class BlobWriter {
  readonly #place: BlobPlace;
  readonly #name: string;
  readonly #type: string | undefined;
  readonly #index: ContentIndex;
  readonly #mask: StreamMask;
  readonly #window: HeadAndTail | null;
  readonly #mac: Hmac;
  readonly #salt = new Uint8Array(randomBytes(BLOB_SALT_BYTES));
  readonly #commitment;
  readonly #frames: Frame[] = [];
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  #size = 0;
  #path: string;
  #file: number | null = null;
  #fileSize = 0;

  constructor(
    place: BlobPlace,
    options: {
      name: string;
      type?: string;
      rules: MaskRules;
      contentKey: Uint8Array;
      index: ContentIndex;
      bound?: number;
    },
  ) {
    this.#place = place;
    this.#name = options.name;
    this.#type = options.type;
    this.#index = options.index;
    this.#mask = new StreamMask(options.rules);
    this.#window = options.bound === undefined ? null : new HeadAndTail(options.bound);
    this.#mac = createHmac('sha256', options.contentKey);
    this.#commitment = startCommitment(nodePrimitives, this.#salt);
    this.#path = join(place.temporaryDir, `${process.pid}-${toHex(randomBytes(8))}`);
  }

  get masked(): ReadonlyMap<string, number> {
    return this.#mask.counts;
  }

  /** Takes bytes as they come; resolves when there is room for more. */
  async write(bytes: Uint8Array): Promise<Released> {
    const released = this.#mask.push(bytes);
    await this.#take(released.bytes);
    return released;
  }

  /** No more bytes come: lets go of what the masker held back, then of the tail. */
  async end(): Promise<Released & { dropped: { at: number; bytes: number } | null }> {
    const released = this.#mask.end();
    await this.#take(released.bytes);
    if (this.#window === null) return { ...released, dropped: null };
    const { tail, at, dropped } = this.#window.end();
    for (const piece of tail) await this.#keep(piece);
    return { ...released, dropped: dropped === 0 ? null : { at, bytes: dropped } };
  }

  /** After `end`: makes the blob durable. An empty one is not stored at all: null. */
  finish(): StoredBlob | null {
    const last = this.#pendingBytes > 0 ? this.#nextFrame() : null;
    if (this.#size === 0) {
      this.abort();
      return null;
    }
    // Looked for before anything is compressed: a small blob that is there already, such as the
    // environment of the run before, then touches no disk at all.
    const mac = new Uint8Array(this.#mac.digest());
    const shared = this.#index.find(mac);
    if (shared !== null && this.#place.has(shared)) {
      this.abort();
      return { ref: this.#ref(shared), mac: null };
    }
    if (last !== null) this.#append(compressFrameSync(last), last.length);
    const id = toHex(this.#commitment.digest());
    try {
      this.#append(seekTable(this.#frames));
      fsyncSync(this.#open());
      this.#close();
      const path = this.#place.path(id);
      const fresh = makePrivateDirectory(dirname(path));
      // A crash from here on leaves a blob that no entry names; the mark lets recovery find it.
      writePrivateFile(this.#place.unnamedMark(id), '');
      renameSync(this.#path, path);
      syncDirectory(dirname(path));
      if (fresh) syncDirectory(dirname(dirname(path)));
    } catch (cause) {
      this.abort();
      throw diskError(cause, this.#path);
    }
    return { ref: this.#ref(id), mac };
  }

  /** Leaves nothing behind; where the disk refuses even that, recovery will. */
  abort(): void {
    if (this.#file === null && this.#fileSize === 0) return;
    try {
      this.#close();
      rmSync(this.#path, { force: true });
    } catch {
      // Whoever aborts has a reason that counts more.
    }
  }

  #ref(id: string) {
    return {
      name: this.#name,
      id,
      size: this.#size,
      ...(this.#type === undefined ? {} : { type: this.#type }),
    };
  }

  async #take(bytes: Uint8Array): Promise<void> {
    await this.#keep(this.#window === null ? bytes : this.#window.push(bytes));
  }

  async #keep(bytes: Uint8Array): Promise<void> {
    if (bytes.length === 0) return;
    this.#pending.push(bytes);
    this.#pendingBytes += bytes.length;
    while (this.#pendingBytes >= FRAME_BYTES) {
      const frame = this.#nextFrame();
      this.#append(await compressFrame(frame), frame.length);
    }
  }

  #nextFrame(): Uint8Array {
    const all =
      this.#pending.length === 1 ? (this.#pending[0] as Uint8Array) : Buffer.concat(this.#pending);
    const frame = all.subarray(0, FRAME_BYTES);
    const rest = all.subarray(frame.length);
    this.#pending = rest.length > 0 ? [rest] : [];
    this.#pendingBytes = rest.length;
    this.#size += frame.length;
    this.#mac.update(frame);
    this.#commitment.update(frame);
    return frame;
  }

  #append(packed: Uint8Array, plain?: number): void {
    try {
      const file = this.#open();
      for (let done = 0; done < packed.length; ) done += writeSync(file, packed, done);
    } catch (cause) {
      throw diskError(cause, this.#path);
    }
    if (plain !== undefined)
      this.#frames.push({ at: this.#fileSize, packed: packed.length, plain });
    this.#fileSize += packed.length;
  }

  #open(): number {
    if (this.#file === null) {
      // Not the ledger's own directory: if that is gone, so is what the blob is for.
      const temporary = dirname(this.#path);
      makePrivateDirectory(dirname(temporary), true);
      makePrivateDirectory(temporary, true);
      this.#file = openPrivateFile(this.#path, 'wx');
      const head = blobHead(this.#salt);
      writeSync(this.#file, head);
      this.#fileSize = head.length;
    }
    return this.#file;
  }

  #close(): void {
    if (this.#file !== null) closeSync(this.#file);
    this.#file = null;
  }
}

/** A rename is durable once its directory is; without this a power cut can lose the name. */
export function syncDirectory(dir: string): void {
  const handle = openSync(dir, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
