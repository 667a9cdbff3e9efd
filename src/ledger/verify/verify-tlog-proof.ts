import { equalBytes, toHex } from '../../core/bytes.ts';
import { entryName } from '../../core/names.ts';
import type { Primitives } from '../../core/primitives.ts';
import { openCheckpoint } from '../checkpoint.ts';
import type { VerifierKey } from '../note.ts';
import { parseTlogProof, type TlogProof, verifyTlogProof } from '../tlog-proof.ts';
import { Findings, type Verdict } from './verdict.ts';

/**
 * Does this entry stand at the proof's place under the signed root? Needs the proof, the hash of
 * the entry's bytes and public keys; no ledger.
 *
 * @param rootHere the root over the first so many entries of a ledger that is at hand, to compare;
 *   null where it does not reach so far.
 */
export function verifyProofFile(
  primitives: Primitives,
  text: string,
  keys: readonly VerifierKey[],
  leaf: Uint8Array,
  rootHere?: (size: number) => Uint8Array | null,
): Verdict {
  const findings = new Findings();
  const nothing = { size: 0, root: '', anchored: 0 };
  let proof: TlogProof;
  try {
    proof = parseTlogProof(text);
  } catch (error) {
    findings.add('proof.malformed', null, (error as Error).message);
    findings.checked('the proof can be read', 1, ['proof.malformed']);
    return findings.verdict(nothing);
  }
  let signed: { size: number; root: Uint8Array };
  try {
    signed = openCheckpoint(primitives, proof.checkpoint, keys);
  } catch (error) {
    findings.add('root.bad-signature', null, `checkpoint: ${(error as Error).message}`);
    findings.checked('the checkpoint is signed by the key', 1, ['root.bad-signature']);
    return findings.verdict(nothing);
  }
  findings.checked('the checkpoint is signed by the key', 1, ['root.bad-signature']);
  if (!verifyTlogProof(primitives, proof, leaf, keys).ok) {
    const name = entryName(proof.index);
    const message = `these bytes do not stand at ${name} under the root over ${signed.size} entries`;
    findings.add('proof.mismatch', proof.index, message);
  }
  findings.checked('the entry stands at its place under the signed root', 1, ['proof.mismatch']);
  const here = rootHere?.(signed.size) ?? null;
  if (here !== null) {
    if (!equalBytes(here, signed.root)) {
      const message = `the first ${signed.size} entries of the ledger here have another root`;
      findings.add('root.fork', null, message);
    }
    findings.checked('the ledger here has that root', 1, ['root.fork']);
  }
  return findings.verdict({ size: signed.size, root: toHex(signed.root), anchored: 0 });
}
