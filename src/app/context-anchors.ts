import type { RootClaim } from '../ledger/verify/roots.ts';
import { anchorHistory, readAnchors } from '../platform/git/anchor.ts';
import type { Repository } from '../platform/git/repository.ts';

export { anchorCheckpoint } from '../platform/git/anchor.ts';

export interface AnchoredRoots {
  /** Every signed root that the checkpoint branches hold, newest first, each once. */
  roots: RootClaim[];
  /** Why some may not have been seen, a sentence each: a verdict must not pass over that. */
  unseen: string[];
}

/** The signed roots of a ledger on its checkpoint branches, local and as last seen at remotes. */
export async function anchoredRoots(
  repository: Repository,
  ledgerId: string,
): Promise<AnchoredRoots> {
  const claims = new Map<string, RootClaim>();
  const unseen: string[] = [];
  try {
    for (const { ref, remote, checkpoint } of await readAnchors(repository, ledgerId)) {
      // The local branch is the user's own to rewrite; the one a remote was seen to have is not.
      const kept = remote === null ? 'machine' : 'elsewhere';
      const where = ref.replace(/^refs\/(heads|remotes)\//, '');
      const { checkpoints, gaps } = await anchorHistory(repository, ledgerId, ref);
      unseen.push(...gaps.map((gap) => `${where}: ${gap}`));
      for (const note of [checkpoint, ...checkpoints.map((older) => older.checkpoint)]) {
        if (claims.get(note)?.kept !== 'elsewhere') claims.set(note, { where, note, kept });
      }
    }
  } catch (error) {
    const { message, why } = error as { message: string; why?: string };
    unseen.push(why === undefined ? message : `${message}: ${why}`);
  }
  return { roots: [...claims.values()], unseen };
}
