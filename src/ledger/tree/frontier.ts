import { foldPerfect, HASH_BYTES, type TreeHash } from './hash.ts';
import { type HashReader, TILE_HEIGHT, TILE_WIDTH } from './tiles.ts';

/**
 * The right edge of a growing tree: the roots of the perfect subtrees that its leaves fall into,
 * largest first. Appending costs one hash on average, the root one a set bit of the size.
 */
export class Frontier {
  #size: number;
  /** peaks[b] is the root of the perfect subtree of 2^b leaves, where bit b of the size is set. */
  readonly #peaks: (Uint8Array | undefined)[];
  readonly #hash: TreeHash;

  private constructor(hash: TreeHash, size: number, peaks: (Uint8Array | undefined)[]) {
    this.#hash = hash;
    this.#size = size;
    this.#peaks = peaks;
  }

  static empty(hash: TreeHash): Frontier {
    return new Frontier(hash, 0, []);
  }

  /** The edge of a tree of `size` leaves from its stored hashes; reads at most 255 a tile level. */
  static load(hash: TreeHash, size: number, read: HashReader): Frontier {
    const peaks: (Uint8Array | undefined)[] = [];
    let bit = 0;
    for (let rest = size; rest > 0; rest = Math.floor(rest / 2), bit++) {
      if (rest % 2 === 0) continue;
      const leaves = 2 ** bit;
      // The subtree for this bit is the last one of its size; larger ones lie before it.
      const start = size - (size % (2 * leaves));
      peaks[bit] = perfectSubtree(hash, read, start, bit);
    }
    return new Frontier(hash, size, peaks);
  }

  get size(): number {
    return this.#size;
  }

  /**
   * Adds a leaf. `onSubtree` hears of every perfect subtree of 256^L leaves that this completes:
   * hash `n` of tile level `L`, which is what later proofs are made from.
   */
  append(leaf: Uint8Array, onSubtree?: (level: number, n: number, root: Uint8Array) => void): void {
    let root = leaf;
    let bit = 0;
    for (let rest = this.#size; rest % 2 === 1; rest = (rest - 1) / 2) {
      root = this.#hash.node(this.#peaks[bit] as Uint8Array, root);
      this.#peaks[bit] = undefined;
      bit++;
      if (bit % TILE_HEIGHT === 0) {
        const level = bit / TILE_HEIGHT;
        onSubtree?.(level, (this.#size + 1) / TILE_WIDTH ** level - 1, root);
      }
    }
    this.#peaks[bit] = root;
    this.#size++;
  }

  root(): Uint8Array {
    let root: Uint8Array | undefined;
    for (const peak of this.#peaks) {
      if (peak !== undefined) root = root === undefined ? peak : this.#hash.node(peak, root);
    }
    return root ?? this.#hash.empty();
  }

  clone(): Frontier {
    return new Frontier(this.#hash, this.#size, [...this.#peaks]);
  }
}

/** Root of the 2^bit leaves from `start`, which must be aligned, from the nearest stored level. */
export function perfectSubtree(
  hash: TreeHash,
  read: HashReader,
  start: number,
  bit: number,
): Uint8Array {
  const level = Math.floor(bit / TILE_HEIGHT);
  const count = 2 ** (bit % TILE_HEIGHT);
  const hashes = read(level, start / TILE_WIDTH ** level, count);
  return count === 1 ? hashes.slice(0, HASH_BYTES) : foldPerfect(hash, hashes.slice(), count);
}
