import type { FileState } from '../../core/entries/change-kind.ts';

/** Numbers kept of each path, in this order. Times in milliseconds, with the fraction there is. */
export const MODE = 0;
export const INODE = 1;
export const SIZE = 2;
export const MTIME = 3;
export const CTIME = 4;
export const STATS = 5;

export type Part = 'workspace' | 'ignored' | 'dependencies' | 'git';
export type Kept = FileState['kept'];

const PARTS: readonly Part[] = ['workspace', 'ignored', 'dependencies', 'git'];
const KEPT: readonly Kept[] = [
  'whole',
  'secret',
  'ignored',
  'denied',
  'dependencies',
  'large',
  'unread',
];

/** One path as it was looked at: where it belongs, whether its bytes are kept, their keyed hash. */
export interface Facts {
  part: Part;
  kept: Kept;
  /** 32 bytes, or null: a directory, or not read. */
  hash: Uint8Array | null;
  /** Written so shortly before it was read that a later write may have left no trace in its times. */
  racy: boolean;
}

/**
 * A workspace at one moment: every path with its numbers and facts, in the order of the walk.
 * Columns, not objects: 50 000 paths are read from disk and compared before each command.
 */
export class Snapshot {
  readonly paths: readonly string[];
  readonly stats: Float64Array;
  readonly #facts: Uint8Array;
  readonly #hashes: Uint8Array;
  /** Digest over what is not ignored; see `tree-digest.ts`. */
  tree: string;
  #index: Map<string, number> | null = null;

  constructor(columns: {
    paths: readonly string[];
    stats: Float64Array;
    facts?: Uint8Array;
    hashes?: Uint8Array;
    tree?: string;
  }) {
    this.paths = columns.paths;
    this.stats = columns.stats;
    this.#facts = columns.facts ?? new Uint8Array(this.paths.length);
    this.#hashes = columns.hashes ?? new Uint8Array(this.paths.length * HASH);
    this.tree = columns.tree ?? '';
  }

  get size(): number {
    return this.paths.length;
  }

  indexOf(path: string): number {
    this.#index ??= new Map(this.paths.map((path, index) => [path, index]));
    return this.#index.get(path) ?? -1;
  }

  stat(index: number, which: number): number {
    return this.stats[index * STATS + which] as number;
  }

  facts(index: number): Facts {
    const bits = this.#facts[index] as number;
    return {
      part: PARTS[(bits >> 3) & 3] as Part,
      kept: KEPT[bits & 7] as Kept,
      hash: bits & HASHED ? this.#hashes.subarray(index * HASH, (index + 1) * HASH) : null,
      racy: (bits & RACY) !== 0,
    };
  }

  part(index: number): Part {
    return PARTS[((this.#facts[index] as number) >> 3) & 3] as Part;
  }

  isRacy(index: number): boolean {
    return ((this.#facts[index] as number) & RACY) !== 0;
  }

  setFacts(index: number, { part, kept, hash, racy }: Facts): void {
    this.#facts[index] =
      KEPT.indexOf(kept) |
      (PARTS.indexOf(part) << 3) |
      (hash === null ? 0 : HASHED) |
      (racy ? RACY : 0);
    if (hash !== null) this.#hashes.set(hash, index * HASH);
  }

  /** Takes over what another snapshot knows of the same, unchanged path. */
  copyFacts(index: number, from: Snapshot, at: number): void {
    this.#facts[index] = from.#facts[at] as number;
    this.#hashes.set(from.#hashes.subarray(at * HASH, (at + 1) * HASH), index * HASH);
  }

  columns() {
    return { facts: this.#facts, hashes: this.#hashes };
  }
}

const HASH = 32;
const HASHED = 0x40;
const RACY = 0x80;

/** Type of a file from its mode, POSIX `S_IFMT`. */
export function typeOf(mode: number): FileState['type'] {
  switch (mode & 0o170000) {
    case 0o100000:
      return 'file';
    case 0o040000:
      return 'directory';
    case 0o120000:
      return 'symlink';
    default:
      return 'other';
  }
}

/** A path of a snapshot as an entry shows it. */
export function stateAt(snapshot: Snapshot, index: number): FileState {
  const mode = snapshot.stat(index, MODE);
  const { kept, hash } = snapshot.facts(index);
  const type = typeOf(mode);
  return {
    type,
    mode: mode & 0o7777,
    // A directory's size says how its file system stores names, and changes with them.
    size: type === 'directory' ? 0 : snapshot.stat(index, SIZE),
    hash: hash === null ? null : Buffer.from(hash).toString('hex'),
    kept,
  };
}
