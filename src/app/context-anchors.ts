import type { RootClaim } from '../ledger/verify/roots.ts';
import { anchorHistory, readAnchors } from '../platform/git/anchor.ts';

export { anchorCheckpoint } from '../platform/git/anchor.ts';

import type { Repository } from '../platform/git/repository.ts';

/** Every signed root of a ledger that its checkpoint branches hold, newest first, each once. */
export async function anchoredRoots(
  repository: Repository,
  ledgerId: string,
): Promise<RootClaim[]> {
  const claims = new Map<string, RootClaim>();
  for (const { ref, remote, checkpoint } of await readAnchors(repository, ledgerId)) {
    // The local branch is the user's own to rewrite; the one a remote was seen to have is not.
    const kept = remote === null ? 'machine' : 'elsewhere';
    const where = ref.replace(/^refs\/(heads|remotes)\//, '');
    const { checkpoints } = await anchorHistory(repository, ledgerId, ref);
    for (const note of [checkpoint, ...checkpoints.map((older) => older.checkpoint)]) {
      if (claims.get(note)?.kept !== 'elsewhere') claims.set(note, { where, note, kept });
    }
  }
  return [...claims.values()];
}
