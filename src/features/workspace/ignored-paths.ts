import { join } from 'node:path';
import { pathFromBytes, pathToBytes } from './path-bytes.ts';

/**
 * Asks git which of some paths it ignores: `paths` are relative to `directory`, a worktree's root,
 * each begins with `./` and ends with a NUL byte, and so do those in the answer. Null where git does not answer.
 */
export type IgnoredBy = (directory: string, paths: Uint8Array) => Uint8Array | null;

/**
 * Which paths of a workspace git ignores, each asked in the repository it lies in: git refuses to
 * look into a repository inside another one. What the outer one ignores is ignored with all in it.
 */
export function ignoredPaths(
  ask: IgnoredBy,
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
    const answer = ask(join(root, repository), nulJoined(inside));
    if (answer === null) onSilence(repository);
    else for (const path of split(answer)) ignored.add(prefix + path);
  }
  for (const repository of nested) {
    if (!ignored.has(repository)) continue;
    for (const path of paths) if (path.startsWith(`${repository}/`)) ignored.add(path);
  }
  return ignored;
}

function nulJoined(paths: readonly string[]): Uint8Array {
  const text = paths.map((path) => `./${path}\0`).join('');
  return text.isWellFormed() ? Buffer.from(text) : pathToBytes(text);
}

function split(bytes: Uint8Array): string[] {
  const paths: string[] = [];
  for (let from = 0; from < bytes.length; ) {
    const end = bytes.indexOf(0, from);
    if (end < 0) break;
    paths.push(pathFromBytes(bytes.subarray(from + './'.length, end)));
    from = end + 1;
  }
  return paths;
}
