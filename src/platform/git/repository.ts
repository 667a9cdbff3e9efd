import { realpathSync, type Stats, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { isBare } from './bare-setting.ts';
import { readSmallFile } from './small-file.ts';

/** A git repository that has a worktree. Every path is absolute and free of symbolic links. */
export interface Repository {
  /** The directory that holds `.git`. */
  worktree: string;
  /** What belongs to this worktree alone: its HEAD, its index. */
  gitDir: string;
  /** What all worktrees of the repository share: refs, objects, configuration. */
  commonDir: string;
}

/**
 * The repository whose worktree contains `startDir`, or null. Reads a handful of small files and
 * spawns nothing: this runs at every start.
 *
 * - The environment is ignored. A git hook runs with GIT_DIR (and more) set, and an agent started
 *   from one inherits it: following it would record the work done here into another repository's
 *   ledger. Where the command stands is the only thing that counts.
 * - A `.git` file that is broken, or a directory that may not be looked into, ends the search with
 *   null: a repository further up would be the wrong one. A `.git` directory that is no repository
 *   (an empty one, say) is passed over, as git does.
 * - A bare repository and the inside of a git directory are no workspaces: null.
 * - `core.worktree` is not read: the workspace is where `.git` stands.
 */
export function findRepository(startDir: string): Repository | null {
  let dir: string;
  try {
    dir = realpathSync.native(startDir);
  } catch {
    return null;
  }
  for (;;) {
    const found = repositoryAt(dir);
    if (found !== 'none') return found;
    const parent = dirname(dir);
    if (parent === dir) return null;
    dir = parent;
  }
}

function repositoryAt(worktree: string): Repository | null | 'none' {
  const dotGit = join(worktree, '.git');
  const there = look(dotGit);
  if (there === 'unreadable') return null;
  if (there?.isDirectory()) {
    const found = openGitDir(worktree, dotGit);
    if (found !== null) return isBare(found.gitDir) ? null : found;
  } else if (there?.isFile()) {
    const target = gitFileTarget(dotGit);
    const found = target === null ? null : openGitDir(worktree, resolve(worktree, target));
    if (found === null) return null;
    // A linked worktree is one even if its main repository is bare.
    return found.gitDir === found.commonDir && isBare(found.gitDir) ? null : found;
  } else if (there !== null) {
    return null;
  }
  return openGitDir(worktree, worktree) === null ? 'none' : null;
}

/** Null unless `gitDir` is what git itself takes for a git directory: HEAD, objects, refs. */
function openGitDir(worktree: string, path: string): Repository | null {
  if (!isThere(look(join(path, 'HEAD')))) return null;
  try {
    const gitDir = realpathSync.native(path);
    let commonDir = gitDir;
    if (isThere(look(join(gitDir, 'commondir')))) {
      const target = readSmallFile(join(gitDir, 'commondir'), MAX_POINTER_BYTES);
      if (target === null) return null;
      commonDir = realpathSync.native(resolve(gitDir, withoutLineEnd(target)));
    }
    const complete =
      isDirectory(join(commonDir, 'objects')) && isDirectory(join(commonDir, 'refs'));
    return complete ? { worktree, gitDir, commonDir } : null;
  } catch {
    return null;
  }
}

/** `gitdir: …`, as `git worktree add`, submodules and `--separate-git-dir` write it. */
function gitFileTarget(path: string): string | null {
  const text = readSmallFile(path, MAX_POINTER_BYTES);
  if (text === null || !text.startsWith('gitdir: ')) return null;
  const target = withoutLineEnd(text.slice('gitdir: '.length));
  return target === '' || target.includes('\0') ? null : target;
}

/** A path on Linux is at most 4096 bytes long. */
const MAX_POINTER_BYTES = 8192;

function withoutLineEnd(text: string): string {
  return text.replace(/[\r\n]+$/, '');
}

function look(path: string): Stats | null | 'unreadable' {
  try {
    return statSync(path, { throwIfNoEntry: false }) ?? null;
  } catch (error) {
    // ENOTDIR: the start was a file, or a part of the path is one.
    return (error as NodeJS.ErrnoException).code === 'ENOTDIR' ? null : 'unreadable';
  }
}

function isThere(looked: Stats | null | 'unreadable'): boolean {
  return looked !== null && looked !== 'unreadable';
}

function isDirectory(path: string): boolean {
  const there = look(path);
  return there !== null && there !== 'unreadable' && there.isDirectory();
}
