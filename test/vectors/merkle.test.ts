import { expect, it } from 'vitest';
import { fromBase64, fromHex, toHex, utf8 } from '../../src/core/bytes.ts';
import { nodePrimitives } from '../../src/ledger/node-primitives.ts';
import { Frontier } from '../../src/ledger/tree/frontier.ts';
import { treeHash } from '../../src/ledger/tree/hash.ts';
import {
  consistencyProof,
  inclusionProof,
  rangeRoot,
  verifyConsistency,
  verifyInclusion,
} from '../../src/ledger/tree/proofs.ts';
import type { HashReader } from '../../src/ledger/tree/tiles.ts';
import { describeWithData, sharedJson, sharedText } from '../shared-data.ts';

const hash = treeHash(nodePrimitives);

/** Grows a tree over "leaf 0".."leaf n-1", keeping the tile hashes a store would keep. */
function grow(size: number) {
  const levels: Uint8Array[][] = [[]];
  const roots = [];
  const frontier = Frontier.empty(hash);
  for (let i = 0; i < size; i++) {
    roots.push(toHex(frontier.root()));
    const leaf = hash.leaf(utf8(`leaf ${i}`));
    levels[0]?.push(leaf);
    frontier.append(leaf, (level, n, root) => {
      levels[level] ??= [];
      expect(levels[level].length).toBe(n);
      levels[level].push(root);
    });
  }
  roots.push(toHex(frontier.root()));
  const read: HashReader = (level, from, count) =>
    Buffer.concat((levels[level] ?? []).slice(from, from + count));
  return { roots, read };
}

describeWithData('ledger/golden', 'golden Merkle vectors (golang.org/x/mod)', () => {
  const vectors = sharedJson<{
    Roots: string[];
    LeafHashes: string[];
    Inclusion: { Size: number; Index: number; Proof: string[] }[];
    Consistency: { Old: number; New: number; Proof: string[] }[];
  }>('ledger/golden/vectors.json');
  const tree = grow(1030);

  it('computes all 1 031 roots while growing and from stored hashes', () => {
    expect(tree.roots).toEqual(vectors.Roots);
    for (const size of [0, 1, 255, 256, 257, 511, 512, 1000, 1030]) {
      expect(toHex(Frontier.load(hash, size, tree.read).root())).toBe(vectors.Roots[size]);
      expect(toHex(rangeRoot(hash, tree.read, 0, size))).toBe(vectors.Roots[size]);
    }
  });

  it('makes and checks every inclusion proof', () => {
    for (const { Size, Index, Proof } of vectors.Inclusion) {
      const proof = inclusionProof(hash, tree.read, Index, Size);
      expect(proof.map(toHex)).toEqual(Proof);
      const leaf = hash.leaf(utf8(`leaf ${Index}`));
      const root = fromHex(vectors.Roots[Size] as string) as Uint8Array;
      expect(verifyInclusion(hash, Index, Size, leaf, proof, root)).toBe(true);
      expect(verifyInclusion(hash, Index, Size, hash.leaf(utf8('x')), proof, root)).toBe(false);
      expect(verifyInclusion(hash, Index, Size, leaf, [...proof, leaf], root)).toBe(false);
    }
  });

  it('makes and checks every consistency proof', () => {
    for (const { Old, New, Proof } of vectors.Consistency) {
      const proof = consistencyProof(hash, tree.read, Old, New);
      expect(proof.map(toHex)).toEqual(Proof);
      const [from, to] = [Old, New].map((n) => fromHex(vectors.Roots[n] as string) as Uint8Array);
      expect(verifyConsistency(hash, Old, New, proof, from as Uint8Array, to as Uint8Array)).toBe(
        true,
      );
    }
  });
});

describeWithData('ledger/merkle-proofs', 'proofs of transparency-dev/merkle, good and bad', () => {
  const lines = <T>(file: string) =>
    sharedText(`ledger/merkle-proofs/${file}`)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as T);
  const bytes = (text: string | null) => Buffer.from(text ?? '', 'base64');

  it('gives all 98 inclusion vectors their verdict', () => {
    const cases = lines<{
      leafIdx: number;
      treeSize: number;
      root: string;
      leafHash: string;
      proof: string[] | null;
      desc: string;
      wantErr: boolean;
    }>('inclusion.jsonl');
    expect(cases).toHaveLength(98);
    for (const c of cases) {
      const ok = verifyInclusion(
        hash,
        c.leafIdx,
        c.treeSize,
        bytes(c.leafHash),
        (c.proof ?? []).map(bytes),
        bytes(c.root),
      );
      expect(ok, c.desc).toBe(!c.wantErr);
    }
  });

  it('gives all 98 consistency vectors their verdict', () => {
    const cases = lines<{
      file: string;
      size1: number;
      size2: number;
      root1: string;
      root2: string;
      proof: string[] | null;
      desc: string;
      wantErr: boolean;
    }>('consistency.jsonl');
    expect(cases).toHaveLength(98);
    for (const c of cases) {
      const ok = verifyConsistency(
        hash,
        c.size1,
        c.size2,
        (c.proof ?? []).map(bytes),
        bytes(c.root1),
        bytes(c.root2),
      );
      // Roots that are not 32 bytes are refused here, be they equal or not.
      const hashes = [c.root1, c.root2].every((root) => bytes(root).length === 32);
      expect(ok, `${c.file} ${c.desc}`).toBe(!c.wantErr && hashes);
    }
  });

  it('agrees on the eight classic leaves of RFC 6962', () => {
    const classic = sharedJson<{ leaves: string[]; leafHashes: string[]; roots: string[] }>(
      'ledger/merkle-proofs/rfc6962-classic.json',
    );
    const frontier = Frontier.empty(hash);
    const roots = [toHex(frontier.root())];
    classic.leaves.forEach((leaf, i) => {
      const leafHash = hash.leaf(fromHex(leaf) as Uint8Array);
      expect(toHex(leafHash)).toBe(classic.leafHashes[i]);
      frontier.append(leafHash);
      roots.push(toHex(frontier.root()));
    });
    expect(roots.slice(-classic.roots.length)).toEqual(classic.roots);
    expect(fromBase64('====')).toBe(null);
  });
});
