import { runGitSync } from './git-command.ts';

/**
 * Asks git which paths of a worktree it ignores (git-check-ignore(1)): NUL-ended paths in and out, each
 * beginning with `./`: a name may look like a pathspec with magic, and this command takes no
 * literal ones. A tracked file is never ignored. Null where there is no git or it refuses, as it does in a
 * repository that belongs to another user.
 */
export function ignoredByGit(directory: string, paths: Uint8Array): Uint8Array | null {
  const asked = runGitSync({
    directory,
    args: ['check-ignore', '-z', '--stdin'],
    input: paths,
    environment: { GIT_LITERAL_PATHSPECS: '0' },
    timeoutMs: 120_000,
    maxOutputBytes: paths.length + 1024,
  });
  // 1: none of them is.
  if (asked.kind !== 'exited' || asked.code > 1) return null;
  return asked.stdout;
}

/**
 * All that git ignores in a worktree (git-ls-files(1)), NUL-ended; a directory with nothing else in
 * it is named once, with a slash at its end. Asking about each of very many paths would cost the
 * size of the index for every one of them.
 */
export function allIgnoredByGit(directory: string): Uint8Array | null {
  const listed = runGitSync({
    directory,
    args: ['ls-files', '-z', '--others', '--ignored', '--exclude-standard', '--directory'],
    timeoutMs: 120_000,
    maxOutputBytes: 256 * 1024 * 1024,
  });
  return listed.kind === 'exited' && listed.code === 0 ? listed.stdout : null;
}

/** Whether git tracks any file below a directory of a worktree. */
export function tracksBelow(directory: string, path: string): boolean {
  const listed = runGitSync({
    directory,
    args: ['ls-files', '-z', '--', path],
    // One name is answer enough.
    maxOutputBytes: 64 * 1024,
  });
  if (listed.kind === 'too-much-output') return true;
  return listed.kind === 'exited' && listed.code === 0 && listed.stdout.length > 0;
}
