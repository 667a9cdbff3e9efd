import type { Primitives } from '../../core/primitives.ts';
import { openCheckpoint } from '../checkpoint.ts';
import type { VerifierKey } from '../note.ts';
import type { Findings } from './verdict.ts';

/** A signed root somebody holds. */
export interface RootClaim {
  /** Where it was found, for people: "this ledger", "origin/proof-checkpoints", a file's name. */
  where: string;
  note: string;
  /**
   * Who could have rewritten it: whoever can write this ledger (`inside`), a program of the same
   * user (`machine`), or somebody `elsewhere`. Only the last makes entries anchored.
   */
  kept: 'inside' | 'machine' | 'elsewhere';
}

export interface TrustedRoot extends RootClaim {
  size: number;
  root: Uint8Array;
}

/** Opens the claims; one whose signature does not hold is a finding, not a root. */
export function openRoots(
  primitives: Primitives,
  claims: readonly RootClaim[],
  keys: readonly VerifierKey[],
  findings: Findings,
): TrustedRoot[] {
  const roots: TrustedRoot[] = [];
  for (const claim of claims) {
    try {
      roots.push({ ...claim, ...openCheckpoint(primitives, claim.note, keys) });
    } catch (error) {
      const why = (error as Error).message;
      findings.add('root.bad-signature', null, `the signed root of ${claim.where}: ${why}`);
    }
  }
  return roots;
}
