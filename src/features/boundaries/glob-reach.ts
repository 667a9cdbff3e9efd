import type { Look } from './mount-plan.ts';
import { isWithin, parentOf } from './mount-table.ts';

/**
 * What a glob of the policy reaches on this disk, as far as a mount can say it: whole directories,
 * single files, and the directories in which names would still have to come into being.
 */
export interface Reach {
  /** Everything below these. */
  trees: string[];
  /** These files alone. */
  files: string[];
  /** In these, new names can match. */
  open: string[];
  /** Directories where the glob picks files at any depth: no mount can tell those apart. */
  mixed: string[];
  /** The path does not exist; the nearest directory above that does is in `open`. */
  missing: string | null;
  /** More than can be listed, or behind a link that leads out of the place. */
  beyond: string | null;
}

/** @param base where a relative glob begins; a leading `/` makes it absolute, `~/` the home's. */
export function reachOf(glob: string, base: string, home: string | null, look: Look): Reach {
  const reach: Reach = { trees: [], files: [], open: [], mixed: [], missing: null, beyond: null };
  const [start, segments] = partsOf(glob, base, home);
  follow(start, segments, { reach, look, steps: 0 });
  return reach;
}

interface Walk {
  reach: Reach;
  look: Look;
  steps: number;
}

const MOST_STEPS = 2_000;

function follow(directory: string, segments: readonly string[], walk: Walk): void {
  const { reach, look } = walk;
  const [segment, ...rest] = segments;
  if (segment === undefined) {
    reach.trees.push(directory);
    return;
  }
  if (segment === '**') {
    if (rest.length === 0) reach.trees.push(directory);
    else reach.mixed.push(directory);
    return;
  }
  if (!isGlob(segment)) {
    step(join(directory, segment), rest, walk, true);
    return;
  }
  reach.open.push(directory);
  const matches = segmentPattern(segment);
  for (const name of look.names(directory)) {
    if (++walk.steps > MOST_STEPS) {
      reach.beyond = `more than ${MOST_STEPS} names under ${directory}`;
      return;
    }
    if (matches.test(name)) step(join(directory, name), rest, walk, false);
  }
}

/** `literal`: written out in the glob, so that its absence is worth saying. */
function step(path: string, rest: readonly string[], walk: Walk, literal: boolean): void {
  const { reach, look } = walk;
  switch (look.kind(path)) {
    case 'directory':
      follow(path, rest, walk);
      return;
    case 'symlink': {
      const real = look.real(path);
      if (real === null || !isWithin(real, parentOf(path))) {
        reach.beyond = `${path} is a link that leads elsewhere`;
      } else if (look.kind(real) === 'directory') follow(real, rest, walk);
      else if (rest.length === 0) reach.files.push(real);
      return;
    }
    case null:
      if (literal) {
        reach.missing = path;
        reach.open.push(nearestDirectory(parentOf(path), look));
      }
      return;
    default:
      if (rest.length === 0) reach.files.push(path);
  }
}

function nearestDirectory(path: string, look: Look): string {
  let place = path;
  while (place !== '/' && look.kind(place) !== 'directory') place = parentOf(place);
  return place;
}

function partsOf(glob: string, base: string, home: string | null): [string, string[]] {
  const text = glob.endsWith('/') ? `${glob}**` : glob;
  const words = (path: string) => path.split('/').filter((word) => word !== '' && word !== '.');
  if (text.startsWith('~/') && home !== null) return upwards(home, words(text.slice(2)));
  if (text.startsWith('/')) return upwards('/', words(text));
  return upwards(base, words(text));
}

/** Takes `..` out: a mount's path must be the path itself. */
function upwards(base: string, words: readonly string[]): [string, string[]] {
  let start = base;
  const kept: string[] = [];
  for (const word of words) {
    if (word !== '..') kept.push(word);
    else if (kept.pop() === undefined) start = parentOf(start);
  }
  return [start, kept];
}

function isGlob(segment: string): boolean {
  return /[*?[{]/.test(segment);
}

/** One part of a glob between slashes, as a pattern over one name. */
export function segmentPattern(segment: string): RegExp {
  let depth = 0;
  const source = segment.replace(/\*+|\?|\[[^\]]+\]|[{},]|[\\^$.|+()[\]]/g, (token) => {
    if (token.startsWith('*')) return '.*';
    if (token === '?') return '.';
    if (token.startsWith('[') && token.length > 1) return token.replace(/^\[!/, '[^');
    if (token === '{') return ++depth > 0 ? '(?:' : '';
    if (token === '}') return depth-- > 0 ? ')' : '\\}';
    if (token === ',') return depth > 0 ? '|' : ',';
    return `\\${token}`;
  });
  try {
    return new RegExp(`^${source}${')'.repeat(Math.max(0, depth))}$`, 's');
  } catch {
    // A bracket that cannot be read matches nothing, and a rule that matches nothing opens nothing.
    return /(?!)/;
  }
}

function join(directory: string, name: string): string {
  return directory === '/' ? `/${name}` : `${directory}/${name}`;
}
