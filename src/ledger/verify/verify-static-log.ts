import { equalBytes, toHex } from '../../core/bytes.ts';
import type { JsonValue } from '../../core/canonical-json.ts';
import { parseEntryText } from '../../core/entries/entry-codec.ts';
import { VERSION } from '../../core/entries/header.ts';
import type { Primitives } from '../../core/primitives.ts';
import { openCheckpoint, unverifiedCheckpoint } from '../checkpoint.ts';
import type { VerifierKey } from '../note.ts';
import { Frontier } from '../tree/frontier.ts';
import { HASH_BYTES, treeHash } from '../tree/hash.ts';
import { TILE_WIDTH, tilePath } from '../tree/tiles.ts';
import { GoneRules } from './gone-rules.ts';
import { openRoots, type RootClaim, type TrustedRoot } from './roots.ts';
import { Findings, type Verdict } from './verdict.ts';

/**
 * Verifies a static C2SP tlog-tiles directory of anybody's: checkpoint signature, every tile
 * computed again from the entry bundles, the root.
 *
 * Tiles are never read to build on: the tree grows from the entries alone, and each tile is then
 * compared with it. (Readers that build on tiles must authenticate each against its parent;
 * CVE-2026-56865 is what happens otherwise. The one exception is an entry of no length: a hole, whose
 * leaf is taken from its tile, is held to the signed root, and must be explained by a `redacted`
 * entry.) With roots that were kept elsewhere it also says
 * whether this is the log that they were signed over.
 */
export function verifyStaticLog(
  primitives: Primitives,
  read: (path: string) => Uint8Array | null,
  keys: readonly VerifierKey[],
  kept: readonly RootClaim[] = [],
): Verdict {
  const findings = new Findings();
  const note = new TextDecoder().decode(read('checkpoint') ?? new Uint8Array());
  let signed = { size: 0, root: treeHash(primitives).empty() };
  try {
    signed = unverifiedCheckpoint(note);
    signed = openCheckpoint(primitives, note, keys);
  } catch (error) {
    findings.add('root.bad-signature', null, `checkpoint: ${(error as Error).message}`);
  }
  findings.checked('the checkpoint is signed by the given key', 1, ['root.bad-signature']);
  const roots = openRoots(primitives, kept, keys, findings);
  const { frontier, levels, rootsAt, gone } = growFromBundles(
    primitives,
    read,
    signed.size,
    new Set(roots.map(({ size }) => size)),
    findings,
  );
  if (gone.hasHoles) explainHoles(read, frontier.size, gone);
  gone.finish();
  findings.checked('entry bundles are whole', frontier.size, ['entry.missing', 'entry.malformed']);
  compareTiles(read, signed.size, levels, findings);
  if (frontier.size === signed.size && !equalBytes(frontier.root(), signed.root)) {
    findings.add('root.mismatch', null, 'the entries do not give the root that is signed');
  }
  findings.checked('the root follows from the entries', 1, ['root.mismatch']);
  const anchored = compareKept(roots, frontier.size, rootsAt, findings);
  return findings.verdict({
    size: frontier.size,
    root: toHex(frontier.root()),
    anchored,
    redacted: gone.holes,
    remains: gone.remains,
  });
}

/** Returns the size up to which a kept root lies over these entries. */
function compareKept(
  roots: readonly TrustedRoot[],
  logSize: number,
  rootsAt: ReadonlyMap<number, Uint8Array>,
  findings: Findings,
): number {
  let anchored = 0;
  for (const { size, root, where } of roots) {
    const own = rootsAt.get(size);
    if (size > logSize) {
      const message = `${where} signs ${size} entries, but only ${logSize} are here`;
      findings.add('ledger.truncated', logSize, message);
    } else if (own === undefined || !equalBytes(own, root)) {
      const message = `the first ${size} entries are not those under the root of ${where}`;
      findings.add('root.fork', null, message);
    } else anchored = Math.max(anchored, size);
  }
  if (roots.length > 0) {
    findings.checked('kept roots match the log', roots.length, ['ledger.truncated', 'root.fork']);
  }
  return anchored;
}

type Levels = Uint8Array[][];

interface Grown {
  frontier: Frontier;
  levels: Levels;
  rootsAt: Map<number, Uint8Array>;
  gone: GoneRules;
}

function growFromBundles(
  primitives: Primitives,
  read: (path: string) => Uint8Array | null,
  size: number,
  wanted: ReadonlySet<number>,
  findings: Findings,
): Grown {
  const hash = treeHash(primitives);
  const frontier = Frontier.empty(hash);
  const rootsAt = new Map([[0, hash.empty()]]);
  const levels: Levels = [[]];
  const gone = new GoneRules(findings);
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
    const tile = entries.some(({ length }) => length === 0) ? read(tilePath(0, n, width)) : null;
    for (const [i, entry] of entries.entries()) {
      const own = hash.leaf(entry);
      const leaf = entry.length === 0 ? (hashIn(tile, i) ?? own) : own;
      // Somebody else's log may hold empty entries; a hole has the leaf of what once stood there.
      if (!equalBytes(leaf, own)) gone.empty({ seq: n * TILE_WIDTH + i });
      levels[0]?.push(leaf);
      frontier.append(leaf, (level, _index, root) => {
        levels[level] ??= [];
        levels[level].push(root);
      });
      if (wanted.has(frontier.size)) rootsAt.set(frontier.size, frontier.root());
    }
  }
  return { frontier, levels, rootsAt, gone };
}

/** Only where there are holes: their explanations stand further on, and every entry is read again. */
function explainHoles(
  read: (path: string) => Uint8Array | null,
  size: number,
  gone: GoneRules,
): void {
  const decoder = new TextDecoder();
  for (let n = 0; n * TILE_WIDTH < size; n++) {
    const bundle = read(tilePath('entries', n, Math.min(TILE_WIDTH, size - n * TILE_WIDTH)));
    for (const [i, entry] of (splitBundle(bundle ?? new Uint8Array()) ?? []).entries()) {
      const said = whatIsGone(decoder.decode(entry));
      if (said !== null) gone.says(n * TILE_WIDTH + i, said.kind, said.body);
    }
  }
}

/** What an entry says is gone, if it is ours and says so; anybody's log holds anything. */
function whatIsGone(text: string): { kind: 'redacted' | 'pruned'; body: JsonValue } | null {
  if (!/"kind":"(redacted|pruned)"/.test(text)) return null;
  try {
    const { v, kind, body } = parseEntryText(text, 0);
    if (v !== VERSION || (kind !== 'redacted' && kind !== 'pruned')) return null;
    return { kind, body: body ?? null };
  } catch {
    return null;
  }
}

function hashIn(tile: Uint8Array | null, i: number): Uint8Array | null {
  const hash = tile?.slice(i * HASH_BYTES, (i + 1) * HASH_BYTES);
  return hash?.length === HASH_BYTES ? hash : null;
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
  for (const [level, hashes] of levels.entries()) {
    const all = Math.floor(size / TILE_WIDTH ** level);
    // Only as far as there are entries to compute from: the signed size may be anybody's claim.
    for (let n = 0; n * TILE_WIDTH < hashes.length; n++) {
      const width = Math.min(TILE_WIDTH, all - n * TILE_WIDTH);
      const path = tilePath(level, n, width);
      const tile = read(path);
      const own = hashes.slice(n * TILE_WIDTH, (n + 1) * TILE_WIDTH);
      const wrong = tile?.length === width * HASH_BYTES ? firstWrongHash(tile, own) : 0;
      // Above a wrong leaf every level is wrong: only the lowest one says where.
      if (wrong !== null && (lowest === null || lowest === level)) {
        lowest = level;
        const covers = TILE_WIDTH ** level;
        const first = (n * TILE_WIDTH + wrong) * covers;
        findings.add('tree.forged', first, `${path} is not its entries'`, first + covers);
      }
      count++;
    }
  }
  findings.checked('tiles follow from the entries', count, ['tree.forged']);
}

function firstWrongHash(tile: Uint8Array, own: readonly Uint8Array[]): number | null {
  const at = own.findIndex(
    (hash, i) => !equalBytes(hash, tile.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES)),
  );
  return at < 0 ? null : at;
}
