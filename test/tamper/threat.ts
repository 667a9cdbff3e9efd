import type { Forger } from './forger.ts';
import type { Kept, Workspace } from './recorded-ledger.ts';

/**
 * One row of the tables that follow docs/THREATS.md: what somebody does to the ledger's files, and
 * the verdict of `proof verify`, by what was kept where they did not reach.
 *
 * `entry.altered root.mismatch, first E300` are the problems found, in order, and the first wrong
 * entry that is named, with exit code 3. `passes, 400 of 660 anchored` is exit code 0 and how much
 * lies under a root kept elsewhere: what does not is only this machine's word, and the verdict says
 * so, because a rewriting with the key cannot be seen there by anybody.
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
