import { posix } from 'node:path';
import type { Look, SandboxPlaces } from '../../src/features/boundaries/mount-plan.ts';

/**
 * A disk for the planner: paths that end with a slash are directories, `a -> b` is a link, `a = text`
 * a file with contents, `a!` a socket. Directories above are there by themselves.
 */
export function treeOf(paths: readonly string[]): Look {
  const kinds = new Map<string, 'directory' | 'file' | 'symlink' | 'other'>([['/', 'directory']]);
  const links = new Map<string, string>();
  const texts = new Map<string, string>();
  const put = (path: string, kind: 'directory' | 'file' | 'symlink' | 'other') => {
    for (let up = above(path); up !== '/'; up = above(up)) kinds.set(up, 'directory');
    kinds.set(path, kind);
  };
  for (const line of paths) {
    const link = /^(\S+) -> (\S+)$/.exec(line);
    const text = /^(\S+) = (.*)$/s.exec(line);
    if (link !== null) {
      put(link[1] as string, 'symlink');
      links.set(link[1] as string, link[2] as string);
    } else if (text !== null) {
      put(text[1] as string, 'file');
      texts.set(text[1] as string, text[2] as string);
    } else if (line.endsWith('/')) put(line.slice(0, -1), 'directory');
    else if (line.endsWith('!')) put(line.slice(0, -1), 'other');
    else put(line, 'file');
  }
  const real = (path: string, depth = 0): string | null => {
    let place = '';
    for (const name of path.split('/').filter(Boolean)) {
      place = `${place}/${name}`;
      const to = links.get(place);
      if (to === undefined) continue;
      if (depth > 8) return null;
      const found = real(posix.resolve(above(place), to), depth + 1);
      if (found === null) return null;
      place = found;
    }
    return kinds.has(place || '/') ? place || '/' : null;
  };
  return {
    kind: (path) => kinds.get(path) ?? null,
    names: (path) => [
      ...new Set(
        [...kinds.keys()]
          .filter((each) => each !== '/' && above(each) === path)
          .map((each) => each.slice(each.lastIndexOf('/') + 1)),
      ),
    ],
    real: (path) => real(path),
    text: (path) => texts.get(path) ?? (kinds.get(path) === 'file' ? '' : null),
  };
}

function above(path: string): string {
  const at = path.lastIndexOf('/');
  return at <= 0 ? '/' : path.slice(0, at);
}

/** Places of somebody at work in /w, with a home in /home/u. */
export function placesIn(more: Partial<SandboxPlaces> = {}): SandboxPlaces {
  return {
    root: '/w',
    cwd: '/w',
    gitDir: '/w/.git',
    commonDir: '/w/.git',
    policyFile: '/w/proof.yaml',
    own: ['/w/.git/proof', '/home/u/.config/prooflayer'],
    homes: ['/home/u'],
    caches: [],
    privateDir: '/private',
    runtimeDir: null,
    temporaryDir: null,
    programs: ['/usr/bin'],
    operands: [],
    sockets: [],
    superuser: false,
    ...more,
  };
}
