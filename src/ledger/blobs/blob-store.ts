import { closeSync, existsSync, fstatSync, openSync, readSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { startCommitment } from '../../core/blob-commitment.ts';
import { toHex } from '../../core/bytes.ts';
import type { BlobRef } from '../../core/entries/header.ts';
import { blobGone, diskError, ledgerError } from '../errors.ts';
import type { MaskRules } from '../mask/mask-rules.ts';
import { nodePrimitives } from '../node-primitives.ts';
import { decompressFrame, HEAD_BYTES, parseHead, parseSeekTable } from './blob-file.ts';
import { BlobWriter } from './blob-writer.ts';
import type { BlobPlace, ContentIndex } from './stored-blob.ts';

/** `blobs/ab/cdef…`: the bytes that entries point to, each under its salted commitment. */
export class BlobStore implements BlobPlace {
  readonly #dir: string;
  readonly #gone: WhyGone;

  /** `gone` says of a blob that is not there whether it was taken out, and why. */
  constructor(ledgerDir: string, gone: WhyGone = () => null) {
    this.#dir = join(ledgerDir, 'blobs');
    this.#gone = gone;
  }

  /** Starts a blob; every byte passes the masker before it reaches the disk. */
  create(options: {
    name: string;
    type?: string;
    rules: MaskRules;
    contentKey: Uint8Array;
    index: ContentIndex;
    /** Keep at most this many bytes, head and tail. */
    bound?: number;
  }): BlobWriter {
    return new BlobWriter(this, options);
  }

  get temporaryDir(): string {
    return join(this.#dir, 'tmp');
  }

  unnamedMark(id: string): string {
    return join(this.temporaryDir, id + UNNAMED);
  }

  /** An entry names this blob now, and is on disk. A mark that stays costs recovery a look. */
  named(id: string): void {
    try {
      rmSync(this.unnamedMark(id), { force: true });
    } catch {
      // Not ours to remove, or not at the moment.
    }
  }

  path(id: string): string {
    return join(this.#dir, id.slice(0, 2), id.slice(2));
  }

  has(id: string): boolean {
    return existsSync(this.path(id));
  }

  /**
   * The contents from byte `from` up to `to`, frame by frame. Nothing is authenticated here:
   * `check` does that, and a reader who must be sure calls it first.
   */
  *read(id: string, from = 0, to = Number.POSITIVE_INFINITY): Generator<Uint8Array> {
    const file = this.#open(id);
    try {
      let at = 0;
      for (const frame of parseSeekTable(fstatSync(file).size, (pos, length) =>
        bytesAt(file, pos, length),
      )) {
        const end = at + frame.plain;
        if (end > from && at < to) {
          const plain = decompressFrame(bytesAt(file, frame.at, frame.packed), frame.plain);
          yield plain.subarray(Math.max(0, from - at), Math.min(plain.length, to - at));
        }
        at = end;
      }
    } finally {
      closeSync(file);
    }
  }

  /** The whole blob in memory, for what is known to be small. */
  bytes(ref: Pick<BlobRef, 'id' | 'size'>): Uint8Array {
    return Buffer.concat([...this.read(ref.id)], ref.size);
  }

  /** Does the file hold what its name commits to, in the size the entry says? */
  check(ref: Pick<BlobRef, 'id' | 'size'>): 'present' | 'missing' | 'altered' {
    let file: number;
    try {
      file = this.#open(ref.id);
    } catch (error) {
      // What this user may not read is not missing: then there is no verdict, but an error.
      const { code } = error as { code?: string };
      if (code === 'blob.missing' || code === 'blob.gone') return 'missing';
      throw error;
    }
    try {
      let salt: Uint8Array;
      try {
        salt = parseHead(bytesAt(file, 0, HEAD_BYTES));
      } finally {
        closeSync(file);
      }
      const hash = startCommitment(nodePrimitives, salt);
      let size = 0;
      for (const piece of this.read(ref.id)) {
        hash.update(piece);
        size += piece.length;
        if (size > ref.size) return 'altered';
      }
      return size === ref.size && toHex(hash.digest()) === ref.id ? 'present' : 'altered';
    } catch {
      return 'altered';
    }
  }

  remove(id: string): void {
    rmSync(this.path(id), { force: true });
  }

  /** Bytes on disk, null where it is not there. */
  stored(id: string): number | null {
    return statSync(this.path(id), { throwIfNoEntry: false })?.size ?? null;
  }

  #open(id: string): number {
    try {
      return openSync(this.path(id), 'r');
    } catch (cause) {
      const path = this.path(id);
      if ((cause as { code?: string }).code !== 'ENOENT') throw diskError(cause, path, 'read');
      const gone = this.#gone(id);
      if (gone !== null) throw blobGone(gone, cause);
      throw ledgerError(
        'blob.missing',
        `The blob ${id.slice(0, 16)}… is not in the store`,
        `${path} does not exist`,
        'proof verify',
        cause,
      );
    }
  }
}

type WhyGone = (id: string) => { by: number; kind: string; because: string } | null;

/** Ends the name of an empty file beside the unfinished blobs: this blob has no entry yet. */
export const UNNAMED = '.unnamed';

function bytesAt(file: number, at: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length; ) {
    const read = readSync(file, bytes, done, length - done, at + done);
    if (read === 0) return bytes.subarray(0, done);
    done += read;
  }
  return bytes;
}
