import { equalBytes, toHex } from '../../core/bytes.ts';
import type { Primitives } from '../../core/primitives.ts';
import { openCheckpoint, unverifiedCheckpoint } from '../checkpoint.ts';
import type { VerifierKey } from '../note.ts';
import { Frontier } from '../tree/frontier.ts';
import { HASH_BYTES, treeHash } from '../tree/hash.ts';
import { TILE_WIDTH, tilePath, tilesOf } from '../tree/tiles.ts';
import { Findings, type Verdict } from './verdict.ts';

/**
 * Verifies a static C2SP tlog-tiles directory of anybody's: checkpoint signature, every tile
 * computed again from the entry bundles, the root.
 *
 * Tiles are never read to build on: the tree grows from the entries alone, and each tile is then
 * compared with it. (Readers that build on tiles must authenticate each against its parent;
 * CVE-2026-56865 is what happens otherwise.)
 */
export function verifyStaticLog(
  primitives: Primitives,
  read: (path: string) => Uint8Array | null,
  keys: readonly VerifierKey[],
): Verdict {
  const findings = new Findings();
  const note = new TextDecoder().decode(read('checkpoint') ?? new Uint8Array());
  let signed: { size: number; root: Uint8Array } = { size: 0, root: new Uint8Array(HASH_BYTES) };
  try {
    signed = unverifiedCheckpoint(note);
    signed = openCheckpoint(primitives, note, keys);
  } catch (error) {
    findings.add('root.bad-signature', null, `checkpoint: ${(error as Error).message}`);
  }
  findings.checked('the checkpoint is signed by the given key', 1, ['root.bad-signature']);
  const { frontier, levels } = growFromBundles(primitives, read, signed.size, findings);
  findings.checked('entry bundles are whole', frontier.size, ['entry.missing', 'entry.malformed']);
  compareTiles(read, frontier.size, levels, findings);
  if (frontier.size === signed.size && !equalBytes(frontier.root(), signed.root)) {
    findings.add('root.mismatch', null, 'the entries do not give the root that is signed');
  }
  findings.checked('the root follows from the entries', 1, ['root.mismatch']);
  return findings.verdict({ size: frontier.size, root: toHex(frontier.root()), anchored: 0 });
}

type Levels = Uint8Array[][];

function growFromBundles(
  primitives: Primitives,
  read: (path: string) => Uint8Array | null,
  size: number,
  findings: Findings,
): { frontier: Frontier; levels: Levels } {
  const hash = treeHash(primitives);
  const frontier = Frontier.empty(hash);
  const levels: Levels = [[]];
  for (let n = 0; n * TILE_WIDTH < size; n++) {
    const width = Math.min(TILE_WIDTH, size - n * TILE_WIDTH);
    const bundle = read(tilePath('entries', n, width));
    const entries = bundle === null ? null : splitBundle(bundle);
    if (entries === null || entries.length !== width) {
      const seq = n * TILE_WIDTH + (entries?.length ?? 0);
      findings.add(
        bundle === null ? 'entry.missing' : 'entry.malformed',
        seq,
        `entry bundle ${n} is not whole`,
      );
      break;
    }
    for (const entry of entries) {
      const leaf = hash.leaf(entry);
      levels[0]?.push(leaf);
      frontier.append(leaf, (level, _index, root) => {
        levels[level] ??= [];
        levels[level].push(root);
      });
    }
  }
  return { frontier, levels };
}

function splitBundle(bundle: Uint8Array): Uint8Array[] | null {
  const entries: Uint8Array[] = [];
  for (let at = 0; at < bundle.length; ) {
    if (at + 2 > bundle.length) return null;
    const length = (bundle[at] as number) * 256 + (bundle[at + 1] as number);
    if (at + 2 + length > bundle.length) return null;
    entries.push(bundle.subarray(at + 2, at + 2 + length));
    at += 2 + length;
  }
  return entries;
}

function compareTiles(
  read: (path: string) => Uint8Array | null,
  size: number,
  levels: Levels,
  findings: Findings,
): void {
  let count = 0;
  let lowest: number | null = null;
  for (const { level, n, width } of tilesOf(size)) {
    const tile = read(tilePath(level, n, width));
    const own = (levels[level] ?? []).slice(n * TILE_WIDTH, n * TILE_WIDTH + width);
    const same =
      tile !== null &&
      tile.length === width * HASH_BYTES &&
      own.every((hash, i) => equalBytes(hash, tile.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES)));
    // Above a wrong leaf every level is wrong: only the lowest one says where.
    if (!same && (lowest === null || lowest === level)) {
      lowest = level;
      const first = firstWrongLeaf(tile, own) + n * TILE_WIDTH;
      findings.add(
        'tree.forged',
        first * TILE_WIDTH ** level,
        `${tilePath(level, n, width)} is not its entries'`,
        (first + 1) * TILE_WIDTH ** level,
      );
    }
    count++;
  }
  findings.checked('tiles follow from the entries', count, ['tree.forged']);
}

function firstWrongLeaf(tile: Uint8Array | null, own: readonly Uint8Array[]): number {
  const wrong = own.findIndex(
    (hash, i) =>
      tile === null || !equalBytes(hash, tile.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES)),
  );
  return Math.max(0, wrong);
}
