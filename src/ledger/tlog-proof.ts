import { fromBase64, toBase64 } from '../core/bytes.ts';
import type { Primitives } from '../core/primitives.ts';
import { type Checkpoint, openCheckpoint } from './checkpoint.ts';
import { NoteError, type VerifierKey } from './note.ts';
import { treeHash } from './tree/hash.ts';
import { verifyInclusion } from './tree/proofs.ts';

/** C2SP tlog-proof: one file that shows one entry's place under a signed root, offline. */
export interface TlogProof {
  index: number;
  hashes: Uint8Array[];
  /** The signed checkpoint, verbatim. */
  checkpoint: string;
}

const HEADER = 'c2sp.org/tlog-proof@v1';

export function formatTlogProof(proof: TlogProof): string {
  const hashes = proof.hashes.map((hash) => `${toBase64(hash)}\n`).join('');
  return `${HEADER}\nindex ${proof.index}\n${hashes}\n${proof.checkpoint}`;
}

export function parseTlogProof(text: string): TlogProof {
  const bad = (why: string) => new NoteError('note.malformed', `not a tlog-proof: ${why}`);
  const at = text.indexOf('\n\n');
  if (at < 0) throw bad('no empty line before the checkpoint');
  const lines = text.slice(0, at).split('\n');
  if (lines.shift() !== HEADER) throw bad('another first line');
  // `extra` is not covered by any signature: it is read past and never used.
  if (lines[0]?.startsWith('extra ')) {
    if (fromBase64(lines[0].slice(6)) === null) throw bad('extra is not strict base64');
    lines.shift();
  }
  const index = /^index (0|[1-9][0-9]{0,15})$/.exec(lines.shift() ?? '');
  if (index === null || !Number.isSafeInteger(Number(index[1]))) throw bad('no index');
  const hashes = lines.map((line) => {
    const hash = fromBase64(line);
    if (hash?.length !== 32) throw bad('a hash is not 32 bytes of strict base64');
    return hash;
  });
  // The deepest tree with safe integers as indexes is 53 high.
  if (hashes.length > 53) throw bad('more hashes than any tree is high');
  return { index: Number(index[1]), hashes, checkpoint: text.slice(at + 2) };
}

/** True if the entry with this leaf hash stands at the proof's index under the signed checkpoint. */
export function verifyTlogProof(
  primitives: Primitives,
  proof: TlogProof,
  leaf: Uint8Array,
  keys: readonly VerifierKey[],
): { ok: boolean; checkpoint: Checkpoint } {
  const checkpoint = openCheckpoint(primitives, proof.checkpoint, keys);
  const hash = treeHash(primitives);
  const ok = verifyInclusion(
    hash,
    proof.index,
    checkpoint.size,
    leaf,
    proof.hashes,
    checkpoint.root,
  );
  return { ok, checkpoint };
}
