import type { Forger } from './forger.ts';
import type { Kept, Workspace } from './recorded-ledger.ts';

/**
 * One row of the tables that follow docs/THREATS.md: what somebody does to the ledger's files, and
 * the verdict of `proof verify`, by what was kept where they did not reach.
 *
 * `entry.altered root.mismatch, first E300` are the problems found, in order, and the first wrong
 * entry that is named, with exit code 3. `passes: …` is exit code 0 and what the verdict says that
 * it rests on: some attacks nobody can see without a root kept elsewhere, and then it says so.
 */
export interface Threat {
  attack: string;
  does(scene: Scene): void;
  verdict: Partial<Record<Kept, string>>;
}

export interface Scene {
  /** A copy that this attack has for itself. */
  workspace: Workspace;
  forger: Forger;
}

/** What a verdict says where no root kept elsewhere stands behind it. */
export const ITS_OWN_WORD =
  'passes: E0–E659 agree with each other and their key; no root kept elsewhere was found';
