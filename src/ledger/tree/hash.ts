import type { Primitives } from '../../core/primitives.ts';

/** Merkle tree hashing of RFC 6962 §2.1 (= RFC 9162) with SHA-256. */

export const HASH_BYTES = 32;

export interface TreeHash {
  /** H(0x00 || entry), written into `out` at `at`. */
  leafInto(entry: Uint8Array, out: Uint8Array, at: number): void;
  leaf(entry: Uint8Array): Uint8Array;
  /** The leaf of a text's UTF-8 bytes, without an array for them. */
  leafOfText(entry: string): Uint8Array;
  /** H(0x01 || left || right). The prefixes keep a node from passing for an entry. */
  node(left: Uint8Array, right: Uint8Array): Uint8Array;
  /** The same for two hashes that lie side by side in `from` at `fromAt`. */
  nodeInto(from: Uint8Array, fromAt: number, out: Uint8Array, at: number): void;
  /** Root of the tree without leaves: H(""). */
  empty(): Uint8Array;
}

export function treeHash(primitives: Pick<Primitives, 'sha256Into'>): TreeHash {
  // Buffers are reused between calls: hashing a million entries must not make a million arrays.
  const pair = new Uint8Array(1 + 2 * HASH_BYTES);
  pair[0] = 1;
  let scratch = new Uint8Array(4096);

  const leafInto = (entry: Uint8Array, out: Uint8Array, at: number) => {
    if (scratch.length < entry.length + 1) scratch = new Uint8Array(2 * (entry.length + 1));
    scratch[0] = 0;
    scratch.set(entry, 1);
    primitives.sha256Into(scratch.subarray(0, entry.length + 1), out, at);
  };
  const nodeInto = (from: Uint8Array, fromAt: number, out: Uint8Array, at: number) => {
    pair.set(from.subarray(fromAt, fromAt + 2 * HASH_BYTES), 1);
    primitives.sha256Into(pair, out, at);
  };
  const leafOfText = (entry: string) => {
    // UTF-8 takes at most three bytes a UTF-16 unit.
    if (scratch.length < 3 * entry.length + 1) scratch = new Uint8Array(6 * entry.length + 1);
    scratch[0] = 0;
    const { written } = encoder.encodeInto(entry, scratch.subarray(1));
    const out = new Uint8Array(HASH_BYTES);
    primitives.sha256Into(scratch.subarray(0, written + 1), out, 0);
    return out;
  };
  return {
    leafInto,
    leafOfText,
    nodeInto,
    leaf(entry) {
      const out = new Uint8Array(HASH_BYTES);
      leafInto(entry, out, 0);
      return out;
    },
    node(left, right) {
      const out = new Uint8Array(HASH_BYTES);
      pair.set(left, 1);
      pair.set(right, 1 + HASH_BYTES);
      primitives.sha256Into(pair, out, 0);
      return out;
    },
    empty() {
      const out = new Uint8Array(HASH_BYTES);
      primitives.sha256Into(new Uint8Array(0), out, 0);
      return out;
    },
  };
}

const encoder = new TextEncoder();

/** Root of the perfect tree over 2^k hashes lying side by side; overwrites `hashes`. */
export function foldPerfect(hash: TreeHash, hashes: Uint8Array, count: number): Uint8Array {
  for (let width = count; width > 1; width /= 2) {
    for (let i = 0; i < width; i += 2) {
      hash.nodeInto(hashes, i * HASH_BYTES, hashes, (i / 2) * HASH_BYTES);
    }
  }
  return hashes.slice(0, HASH_BYTES);
}
