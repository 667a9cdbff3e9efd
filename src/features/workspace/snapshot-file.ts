import { closeSync, readFileSync, renameSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { makePrivateDirectory, openPrivateFile } from '../../ledger/private-files.ts';
import { pathFromBytes, pathToBytes } from './path-bytes.ts';
import { sealed, unsealed } from './sealed.ts';
import { Snapshot, STATS } from './snapshot.ts';

/**
 * The latest snapshot of a workspace on disk, as columns that are read back without parsing. A
 * cache: whatever is wrong with the file, there is no snapshot, and the next look is the first.
 *
 * It is sealed under a key of the ledger: names of files may be secrets that no mask
 * may strike out here, and a snapshot that somebody edited would hide what they did.
 */
export class SnapshotFile {
  readonly path: string;

  readonly #key: Uint8Array;

  constructor(cacheDir: string, workspace: string, key: Uint8Array) {
    this.path = join(cacheDir, `${workspace}.walk`);
    this.#key = key;
  }

  read(): { snapshot: Snapshot; version: string } | null {
    try {
      const version = this.version();
      const snapshot = decode(unsealed(this.#key, readFileSync(this.path)));
      return version === null || snapshot === null ? null : { snapshot, version };
    } catch {
      return null;
    }
  }

  /** Differs after every write, by whichever process; null where there is none. */
  version(): string | null {
    const stat = statSync(this.path, { throwIfNoEntry: false });
    return stat === undefined ? null : `${stat.ino} ${stat.ctimeMs} ${stat.size}`;
  }

  write(snapshot: Snapshot): string {
    makePrivateDirectory(join(this.path, '..'));
    const draft = `${this.path}.${process.pid}`;
    const file = openPrivateFile(draft, 'w');
    try {
      for (const piece of sealed(this.#key, encode(snapshot))) {
        for (let done = 0; done < piece.length; ) done += writeSync(file, piece, done);
      }
    } finally {
      closeSync(file);
    }
    renameSync(draft, this.path);
    return this.version() ?? '';
  }
}

/** Raised when the columns change: an older file then counts as none. */
const FORMAT = 'prooflayer walk 1';
const HEAD = 256;

function encode(snapshot: Snapshot): Uint8Array[] {
  const { facts, hashes } = snapshot.columns();
  const odd = snapshot.paths.some((path) => !path.isWellFormed());
  const paths = odd
    ? Buffer.concat(snapshot.paths.flatMap((path) => [pathToBytes(path), NUL]))
    : Buffer.from(snapshot.paths.map((path) => `${path}\0`).join(''), 'utf8');
  const head = JSON.stringify({
    format: FORMAT,
    paths: snapshot.size,
    pathBytes: paths.length,
    odd,
    tree: snapshot.tree,
    // A time that is no whole millisecond is stored as the machine's own double.
    littleEndian: LITTLE_ENDIAN,
  });
  return [Buffer.from(head.padEnd(HEAD)), asBytes(snapshot.stats), facts, hashes, paths];
}

function decode(file: Buffer): Snapshot | null {
  const head = JSON.parse(file.toString('latin1', 0, HEAD)) as {
    format: string;
    paths: number;
    pathBytes: number;
    odd: boolean;
    tree: string;
    littleEndian: boolean;
  };
  const { paths: n, pathBytes } = head;
  if (head.format !== FORMAT || head.littleEndian !== LITTLE_ENDIAN) return null;
  if (file.length !== HEAD + n * (STATS * 8 + 1 + 32) + pathBytes) return null;
  let at = HEAD;
  const take = (bytes: number) => {
    at += bytes;
    return file.subarray(at - bytes, at);
  };
  // A copy: doubles must lie at a multiple of eight.
  const stats = new Float64Array(Uint8Array.from(take(n * STATS * 8)).buffer);
  const facts = Uint8Array.from(take(n));
  const hashes = Uint8Array.from(take(n * 32));
  const paths = n === 0 ? [] : splitPaths(take(pathBytes), head.odd);
  if (paths.length !== n) return null;
  return new Snapshot({ paths, stats, facts, hashes, tree: head.tree });
}

function splitPaths(bytes: Buffer, odd: boolean): string[] {
  if (!odd) return bytes.toString('utf8', 0, bytes.length - 1).split('\0');
  const paths: string[] = [];
  for (let from = 0; from < bytes.length; ) {
    const end = bytes.indexOf(0, from);
    paths.push(pathFromBytes(bytes.subarray(from, end)));
    from = end + 1;
  }
  return paths;
}

function asBytes({ buffer, byteOffset, byteLength }: Float64Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

const NUL = new Uint8Array(1);
const LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
