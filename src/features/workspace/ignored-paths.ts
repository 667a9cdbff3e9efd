import { join } from 'node:path';
import { pathFromBytes, pathToBytes } from './path-bytes.ts';

/** What git says of a worktree, whose root is `directory`; null where it does not answer. */
export interface GitIgnores {
  /** Which of these it ignores. Each begins with `./` and ends with a NUL byte, there as here. */
  check(directory: string, paths: Uint8Array): Uint8Array | null;
  /** All it ignores, NUL-ended; a directory ignored as a whole with a slash at its end. */
  list(directory: string): Uint8Array | null;
}

/**
 * Which paths of a workspace git ignores, each asked in the repository it lies in: git refuses to
 * look into a repository inside another one. What the outer one ignores is ignored with all in it.
 */
export function ignoredPaths(
  git: GitIgnores,
  root: string,
  paths: readonly string[],
  repositories: readonly string[],
  onSilence: (repository: string) => void = () => {},
): Set<string> {
  // The innermost first: a path belongs to the longest repository it lies in.
  const nested = [...repositories].sort((a, b) => b.length - a.length);
  const groups = new Map<string, string[]>([['', [...nested]]]);
  for (const path of paths) {
    const repository = nested.find((dir) => path.startsWith(`${dir}/`)) ?? '';
    const group = groups.get(repository);
    if (group === undefined) groups.set(repository, [path]);
    else group.push(path);
  }
  const ignored = new Set<string>();
  for (const [repository, group] of groups) {
    const prefix = repository === '' ? '' : `${repository}/`;
    const inside = group.map((path) => path.slice(prefix.length));
    if (inside.length === 0) continue;
    const found = askAbout(git, join(root, repository), inside);
    if (found === null) onSilence(repository);
    else for (const path of found) ignored.add(prefix + path);
  }
  for (const repository of nested) {
    if (!ignored.has(repository)) continue;
    for (const path of paths) if (path.startsWith(`${repository}/`)) ignored.add(path);
  }
  return ignored;
}

function askAbout(
  git: GitIgnores,
  directory: string,
  paths: readonly string[],
): readonly string[] | null {
  if (paths.length <= FEW) {
    const answer = git.check(directory, nulJoined(paths));
    return answer === null ? null : split(answer).map((path) => path.slice('./'.length));
  }
  const answer = git.list(directory);
  if (answer === null) return null;
  const listed = new Set(split(answer));
  return paths.filter((path) => isListed(listed, path));
}

/** Itself, or as a directory, or through one above it. */
function isListed(listed: ReadonlySet<string>, path: string): boolean {
  if (listed.has(path)) return true;
  for (let at = path.length; at > 0; at = path.lastIndexOf('/', at - 1)) {
    if (listed.has(`${path.slice(0, at)}/`)) return true;
  }
  return false;
}

const FEW = 100;

function nulJoined(paths: readonly string[]): Uint8Array {
  const text = paths.map((path) => `./${path}\0`).join('');
  return text.isWellFormed() ? Buffer.from(text) : pathToBytes(text);
}

function split(bytes: Uint8Array): string[] {
  const paths: string[] = [];
  for (let from = 0; from < bytes.length; ) {
    const end = bytes.indexOf(0, from);
    if (end < 0) break;
    paths.push(pathFromBytes(bytes.subarray(from, end)));
    from = end + 1;
  }
  return paths;
}
