import { equalBytes } from '../../core/bytes.ts';
import { perfectSubtree } from './frontier.ts';
import type { TreeHash } from './hash.ts';
import type { HashReader } from './tiles.ts';

/**
 * Inclusion and consistency proofs of RFC 6962 §2.1.1 and §2.1.2 (RFC 9162 §2.1.3, §2.1.4).
 *
 * All arithmetic is by division: indexes exceed 32 bits, where JavaScript's shifts wrap.
 */

/** Largest power of two below n, for n > 1. */
function split(n: number): number {
  let k = 1;
  while (2 * k < n) k *= 2;
  return k;
}

function isPowerOfTwo(n: number): boolean {
  let rest = n;
  while (rest > 1 && rest % 2 === 0) rest /= 2;
  return rest === 1;
}

/** Root of the leaves from `start` up to `end`, as RFC 6962 computes it over that range. */
export function rangeRoot(
  hash: TreeHash,
  read: HashReader,
  start: number,
  end: number,
): Uint8Array {
  const count = end - start;
  if (count === 0) return hash.empty();
  if (isPowerOfTwo(count) && start % count === 0) {
    return perfectSubtree(hash, read, start, Math.log2(count));
  }
  const k = split(count);
  return hash.node(rangeRoot(hash, read, start, start + k), rangeRoot(hash, read, start + k, end));
}

/** Path from the leaf to the root: the leaf's sibling first, the root's child last. */
export function inclusionProof(
  hash: TreeHash,
  read: HashReader,
  index: number,
  size: number,
): Uint8Array[] {
  const walk = (i: number, start: number, end: number): Uint8Array[] => {
    const n = end - start;
    if (n === 1) return [];
    const k = split(n);
    return i < k
      ? [...walk(i, start, start + k), rangeRoot(hash, read, start + k, end)]
      : [...walk(i - k, start + k, end), rangeRoot(hash, read, start, start + k)];
  };
  return walk(index, 0, size);
}

/** What shows that the tree of `from` leaves is the beginning of the tree of `to` leaves. */
export function consistencyProof(
  hash: TreeHash,
  read: HashReader,
  from: number,
  to: number,
): Uint8Array[] {
  const walk = (m: number, start: number, end: number, whole: boolean): Uint8Array[] => {
    const n = end - start;
    if (m === n) return whole ? [] : [rangeRoot(hash, read, start, end)];
    const k = split(n);
    return m <= k
      ? [...walk(m, start, start + k, whole), rangeRoot(hash, read, start + k, end)]
      : [...walk(m - k, start + k, end, false), rangeRoot(hash, read, start, start + k)];
  };
  return from === 0 ? [] : walk(from, 0, to, true);
}

/** True if `proof` leads from the leaf hash at `index` to `root` of `size`; leftovers are refused. */
export function verifyInclusion(
  hash: TreeHash,
  index: number,
  size: number,
  leaf: Uint8Array,
  proof: readonly Uint8Array[],
  root: Uint8Array,
): boolean {
  if (!isIndex(index) || !isIndex(size) || index >= size || !areHashes(leaf, root, ...proof)) {
    return false;
  }
  let used = 0;
  const walk = (i: number, n: number): Uint8Array | null => {
    if (n === 1) return leaf;
    const k = split(n);
    const inner = i < k ? walk(i, k) : walk(i - k, n - k);
    const other = proof[used++];
    if (inner === null || other === undefined) return null;
    return i < k ? hash.node(inner, other) : hash.node(other, inner);
  };
  const computed = walk(index, size);
  return computed !== null && used === proof.length && equalBytes(computed, root);
}

/**
 * True if `proof` shows that the tree (`from`, `fromRoot`) is a prefix of (`to`, `toRoot`).
 * From size 0 only the empty proof is taken, and only with the empty root: C2SP witnesses do so.
 */
export function verifyConsistency(
  hash: TreeHash,
  from: number,
  to: number,
  proof: readonly Uint8Array[],
  fromRoot: Uint8Array,
  toRoot: Uint8Array,
): boolean {
  if (!isIndex(from) || !isIndex(to) || from > to || !areHashes(fromRoot, toRoot, ...proof)) {
    return false;
  }
  if (from === 0) {
    const empty = hash.empty();
    return (
      proof.length === 0 && equalBytes(fromRoot, empty) && (to > 0 || equalBytes(toRoot, empty))
    );
  }
  let used = 0;
  // Rebuilds both roots over the same walk: [root of the first m leaves, root of all n].
  const walk = (m: number, n: number, whole: boolean): [Uint8Array, Uint8Array] | null => {
    if (m === n) {
      if (whole) return [fromRoot, fromRoot];
      const one = proof[used++];
      return one === undefined ? null : [one, one];
    }
    const k = split(n);
    const inner = m <= k ? walk(m, k, whole) : walk(m - k, n - k, false);
    const other = proof[used++];
    if (inner === null || other === undefined) return null;
    return m <= k
      ? [inner[0], hash.node(inner[1], other)]
      : [hash.node(other, inner[0]), hash.node(other, inner[1])];
  };
  const roots = walk(from, to, true);
  return (
    roots !== null &&
    used === proof.length &&
    equalBytes(roots[0], fromRoot) &&
    equalBytes(roots[1], toRoot)
  );
}

function isIndex(n: number): boolean {
  return Number.isSafeInteger(n) && n >= 0;
}

function areHashes(...hashes: readonly Uint8Array[]): boolean {
  return hashes.every((hash) => hash.length === 32);
}
