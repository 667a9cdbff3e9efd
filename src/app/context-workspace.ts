import type { Actor } from '../core/entries/header.ts';
import { ProofError } from '../core/errors.ts';
import type { Seq } from '../core/names.ts';
import { othersAtWork } from '../features/record/watched-run.ts';
import { Watch } from '../features/workspace/watch.ts';
import { Workspace, type WorkspacePlace } from '../features/workspace/workspace.ts';
import type { Ledger } from '../ledger/store/ledger.ts';
import { allIgnoredByGit, ignoredByGit, tracksBelow } from '../platform/git/ignored.ts';
import type { Places } from './context-places.ts';

/** The workspace around the current directory, as it is watched and put back. */
export function workspacePlace(
  { root, repository, ledgerDir }: Places,
  progress: (text: string) => void,
  judged: Pick<WorkspacePlace, 'scope' | 'denied' | 'violation'> = {},
): WorkspacePlace {
  const inGit = repository !== null && repository.worktree === root;
  return {
    root,
    commonDir: inGit ? repository.commonDir : null,
    ledgerDir,
    ...judged,
    ignored: inGit ? { check: ignoredByGit, list: allIgnoredByGit } : null,
    ...(inGit ? { tracked: tracksBelow } : {}),
    progress: (done, all) => progress(`looking at the workspace: ${done} of ${all} files read`),
  };
}

export function workspaceHere(
  places: Places,
  ledger: Ledger,
  progress: (text: string) => void,
): Workspace {
  return new Workspace(workspacePlace(places, progress), ledger);
}

/**
 * Looks at the workspace without running anything: what changed since the last look is put on
 * record, and what comes now has something to be compared with. The operation it is part of must
 * not fail because of it: then the next recorded command says that nobody looked.
 */
export async function lookNow(context: Looker, task: Seq | null): Promise<void> {
  const ledger = await context.ledger();
  const { root, ledgerDir } = context.places;
  const workspace = workspaceHere(context.places, ledger, context.progress);
  try {
    const who = { task, actor: context.actor };
    await new Watch(workspace, ledger, who, othersAtWork(ledgerDir, root)).before();
  } catch (error) {
    context.warn(
      new ProofError({
        code: 'workspace.not-seen',
        message: 'The workspace could not be looked at',
        why: (error as Error).message,
        remedy: 'proof doctor',
        cause: error,
      }),
    );
  } finally {
    workspace.close();
  }
}

/** What of a context it takes to look. */
interface Looker {
  places: Places;
  actor: Actor;
  ledger(): Promise<Ledger>;
  progress(text: string): void;
  warn(error: ProofError): void;
}
