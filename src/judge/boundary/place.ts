/** Where and by whom a command would be run. Values, and one question put to the machine. */
export interface Place {
  readonly actor: 'human' | 'agent';
  /** Absolute, like the others. */
  readonly cwd: string;
  /** The workspace's root: the globs of a scope start here. */
  readonly root: string;
  readonly home: string;
  /**
   * Where a path really leads, links followed, as far as it exists (`realpath -m`). Without it,
   * paths are taken as they are written.
   */
  readonly links?: (path: string) => string;
  /**
   * Whether a directory is there, so that a `cd` to it succeeds. Without it only the folders that
   * the policy's scope names are taken to be there.
   */
  readonly isDirectory?: (path: string) => boolean;
}

/** `path` from `cwd`, without `.`, `..` and doubled slashes; absolute, no trailing slash but `/`. */
export function absolute(path: string, cwd: string): string {
  const kept: string[] = [];
  for (const part of (path.startsWith('/') ? path : `${cwd}/${path}`).split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') kept.pop();
    else kept.push(part);
  }
  return `/${kept.join('/')}`;
}

/** `path` from `root`: '' for the root itself, null outside of it. Both absolute and clean. */
export function within(root: string, path: string): string | null {
  if (path === root) return '';
  const prefix = root === '/' ? '/' : `${root}/`;
  return path.startsWith(prefix) ? path.slice(prefix.length) : null;
}

/**
 * The kernel's other names for this directory and for `/`: a rule that names a file means it under
 * these names too.
 */
export function withoutProc(path: string, cwd: string): string {
  const found = /^\/proc\/[^/]+(?:\/task\/[^/]+)?\/(cwd|root)(?=\/|$)(.*)$/s.exec(path);
  if (!found) return path;
  return absolute(`${found[1] === 'cwd' ? cwd : ''}/${found[2]}`, '/');
}
