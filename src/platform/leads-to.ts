import { lstatSync, readlinkSync } from 'node:fs';

/**
 * Where a path really leads, links followed as far as it exists, as `realpath -m` says: also
 * through a link whose target is not there yet, because writing to it makes the target.
 *
 * @param path absolute.
 */
export function leadsTo(path: string): string {
  const left = namesOf(path).reverse();
  const done: string[] = [];
  let links = 0;
  while (left.length > 0) {
    const name = left.pop() as string;
    if (name === '..') {
      done.pop();
      continue;
    }
    const here = `/${[...done, name].join('/')}`;
    const target = links < MOST_LINKS ? linkTarget(here) : null;
    if (target === null) {
      done.push(name);
      continue;
    }
    links++;
    if (target.startsWith('/')) done.length = 0;
    left.push(...namesOf(target).reverse());
  }
  return `/${done.join('/')}`;
}

/** As many as Linux follows before it calls it a loop. */
const MOST_LINKS = 40;

function linkTarget(path: string): string | null {
  try {
    return lstatSync(path).isSymbolicLink() ? readlinkSync(path) : null;
  } catch {
    // Not there, or not to be looked at: then the name stands for itself.
    return null;
  }
}

function namesOf(path: string): string[] {
  return path.split('/').filter((name) => name !== '' && name !== '.');
}
