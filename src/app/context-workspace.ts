import type { WorkspacePlace } from '../features/workspace/workspace.ts';
import { ignoredByGit } from '../platform/git/ignored.ts';
import type { Places } from './context-places.ts';

/** The workspace around the current directory, as it is watched and put back. */
export function workspacePlace({ root, repository, ledgerDir }: Places): WorkspacePlace {
  const inGit = repository !== null && repository.worktree === root;
  return {
    root,
    commonDir: inGit ? repository.commonDir : null,
    ledgerDir,
    ignored: inGit ? ignoredByGit : null,
  };
}
