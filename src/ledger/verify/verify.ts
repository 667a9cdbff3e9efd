import { equalBytes, toHex } from '../../core/bytes.ts';
import type { Primitives } from '../../core/primitives.ts';
import { Frontier } from '../tree/frontier.ts';
import { treeHash } from '../tree/hash.ts';
import { TILE_WIDTH } from '../tree/tiles.ts';
import { EntryRules } from './entry-rules.ts';
import { type LedgerEvidence, leafOf } from './evidence.ts';
import { firstDifference } from './first-difference.ts';
import { openRoots, type TrustedRoot } from './roots.ts';
import { Findings, type Verdict } from './verdict.ts';

/**
 * Is this ledger what was signed?
 *
 * Bytes and public keys in, a verdict out that lists everything it looked at: no clock, network,
 * configuration or database. Nothing stored beside the entries is believed; hashes, tiles and
 * roots are computed again from the entries' bytes and then compared with what is stored.
 */
export function verifyLedger(
  primitives: Primitives,
  evidence: LedgerEvidence,
  onProgress?: (entries: number) => void,
): Verdict {
  const findings = new Findings();
  const roots = openRoots(primitives, evidence.roots, evidence.keys, findings);
  const computed = walkEntries(primitives, evidence, roots, findings, onProgress);
  checkSubtrees(evidence, computed.subtrees, findings);
  checkRoots(primitives, evidence, roots, computed, findings);
  checkBlobs(evidence, computed.rules, findings);
  const anchored = roots.filter((root) => root.kept === 'elsewhere' && isOver(computed, root));
  return findings.verdict({
    size: computed.size,
    root: toHex(computed.root),
    anchored: anchored.reduce((most, { size }) => Math.max(most, size), 0),
    redacted: computed.rules.gone.holes,
    remains: computed.rules.gone.remains,
  });
}

interface Computed {
  size: number;
  root: Uint8Array;
  rules: EntryRules;
  /** Root computed at each size for which somebody holds a signed root. */
  rootsAt: Map<number, Uint8Array>;
  subtrees: Map<string, Uint8Array>;
}

function walkEntries(
  primitives: Primitives,
  evidence: LedgerEvidence,
  roots: readonly TrustedRoot[],
  findings: Findings,
  onProgress?: (entries: number) => void,
): Computed {
  const hash = treeHash(primitives);
  const frontier = Frontier.empty(hash);
  const wanted = new Set(roots.map(({ size }) => size));
  const rules = new EntryRules(findings);
  const rootsAt = new Map<number, Uint8Array>([[0, hash.empty()]]);
  const subtrees = new Map<string, Uint8Array>();
  const keep = (level: number, n: number, root: Uint8Array) => {
    subtrees.set(`${level}/${n}`, root);
  };
  for (const stored of evidence.entries()) {
    const seq = frontier.size;
    if (stored.seq !== seq) {
      findings.add('entry.missing', seq, `E${seq} is not there, E${stored.seq} follows`);
      break; // every later place is another one than its number says
    }
    const leaf = leafOf(hash, stored);
    if (!equalBytes(leaf, stored.leaf)) {
      findings.add('entry.altered', seq, `E${seq} does not hash to the leaf stored for it`);
    }
    rules.check(stored);
    frontier.append(leaf, keep);
    if (wanted.has(frontier.size)) rootsAt.set(frontier.size, frontier.root());
    if (frontier.size % 50_000 === 0) onProgress?.(frontier.size);
  }
  const size = frontier.size;
  findings.checked('entries hash to their leaves', size, ['entry.altered', 'entry.missing']);
  rules.finish(size);
  return { size, root: frontier.root(), rules, rootsAt, subtrees };
}

/** Each stored hash is compared with the one computed from the leaves, so no tile is believed. */
function checkSubtrees(
  evidence: LedgerEvidence,
  computed: ReadonlyMap<string, Uint8Array>,
  findings: Findings,
): void {
  const missing = new Set(computed.keys());
  for (const { level, n, hash } of evidence.subtrees()) {
    missing.delete(`${level}/${n}`);
    const own = computed.get(`${level}/${n}`);
    if (own === undefined) {
      const message = `a hash ${n} of tile level ${level} is stored, which this tree does not have`;
      findings.add('tree.forged', null, message);
    } else if (!equalBytes(own, hash)) {
      const width = TILE_WIDTH ** level;
      findings.add(
        'tree.forged',
        n * width,
        `hash ${n} of tile level ${level} (from E${n * width}) is not its entries'`,
        (n + 1) * width,
      );
    }
  }
  if (missing.size > 0) {
    findings.add('tree.forged', null, `${missing.size} stored tile hashes are missing`);
  }
  findings.checked('tile hashes follow from the leaves', computed.size, ['tree.forged']);
}

function checkRoots(
  primitives: Primitives,
  evidence: LedgerEvidence,
  roots: readonly TrustedRoot[],
  computed: Computed,
  findings: Findings,
): void {
  for (const claim of roots) {
    const { size, where, kept } = claim;
    if (size > computed.size) {
      const message = `${where} signs ${size} entries, but only ${computed.size} are here`;
      findings.add('ledger.truncated', computed.size, message);
    } else if (!isOver(computed, claim)) {
      const first = firstDifference(primitives, evidence.entries());
      const hint = first === null ? '; which one differs cannot be told from this copy' : '';
      const message = `the first ${size} entries are not those under the root of ${where}${hint}`;
      findings.add(kept === 'inside' ? 'root.mismatch' : 'root.fork', first, message);
    }
  }
  const whole = roots.some(({ size, kept }) => size === computed.size && kept === 'inside');
  if (!whole && computed.size > 0) {
    findings.add('root.missing', null, `no valid signed root covers all ${computed.size} entries`);
  }
  findings.checked('signed roots match the tree', roots.length, [
    'root.mismatch',
    'root.fork',
    'root.missing',
    'root.bad-signature',
    'ledger.truncated',
  ]);
}

/** Does this root lie over the entries that are here? */
function isOver(computed: Computed, { size, root }: TrustedRoot): boolean {
  const own = computed.rootsAt.get(size);
  return own !== undefined && equalBytes(own, root);
}

function checkBlobs(evidence: LedgerEvidence, rules: EntryRules, findings: Findings): void {
  const { gone } = rules;
  for (const { ref, seq } of rules.blobs.values()) {
    const state = evidence.blob(ref);
    const said = gone.blob(ref.id);
    if (said !== null && state !== 'altered') {
      (state === 'missing' ? gone.holes : gone.remains).push({ seq, blob: ref.name, ...said });
      continue;
    }
    if (state === 'present') continue;
    const what = state === 'missing' ? 'is missing' : 'is not what its name commits to';
    findings.add(
      `blob.${state}`,
      seq,
      `blob ${ref.name} of E${seq} (${ref.id.slice(0, 12)}…) ${what}`,
    );
  }
  findings.checked('blobs are what their names commit to', rules.blobs.size, [
    'blob.missing',
    'blob.altered',
  ]);
  if (gone.holes.length > 0) {
    findings.checked('bytes taken out are named by an entry that says so', gone.holes.length, [
      'redaction.forbidden',
    ]);
  }
}
