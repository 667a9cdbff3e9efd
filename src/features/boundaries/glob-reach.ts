import { matchesSegment, parseSegment } from '../../judge/boundary/glob-segment.ts';
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

export interface ReachFrom {
  /** Where a relative glob begins; a leading `/` makes it absolute, `~/` the home's. */
  root: string;
  home: string | null;
  /**
   * The rule asks or denies: then it is read to the strict side, as the decider reads it. A folder
   * stands for what is in it, letters for both their cases, and with `anywhere` a name without a
   * slash is meant in the folders below as well.
   */
  forbids: boolean;
  anywhere?: boolean;
}

export function reachOf(glob: string, from: ReachFrom, look: Look): Reach {
  const reach: Reach = { trees: [], files: [], open: [], mixed: [], missing: null, beyond: null };
  const walk = { reach, look, forbids: from.forbids, steps: 0 };
  for (const alternative of alternatives(glob)) {
    const [start, segments] = partsOf(alternative, from);
    follow(start, segments, walk);
    if (from.anywhere && segments.length === 1 && start === from.root)
      for (const folder of foldersBelow(start, look)) follow(folder, segments, walk);
  }
  return reach;
}

interface Walk {
  reach: Reach;
  look: Look;
  forbids: boolean;
  steps: number;
}

const MOST_STEPS = 2_000;

function follow(directory: string, segments: readonly string[], walk: Walk): void {
  const { reach, look } = walk;
  const [segment, ...rest] = segments;
  if (segment === undefined) {
    // As written, a folder's name is its name: only what asks or denies means its contents.
    if (walk.forbids) reach.trees.push(directory);
    else reach.open.push(parentOf(directory));
    return;
  }
  if (segment === '**') {
    if (rest.length === 0) reach.trees.push(directory);
    else reach.mixed.push(directory);
    return;
  }
  const wild = /[*?[\]]/.test(segment);
  if (!wild && !(walk.forbids && /[A-Za-z]/.test(segment))) {
    step(join(directory, segment.replace(/\\(.)/g, '$1')), rest, walk, true);
    return;
  }
  if (wild) reach.open.push(directory);
  const parsed = parseSegment(segment, walk);
  // What cannot be read matches nothing here: the loader has refused it already.
  if (typeof parsed === 'string') return;
  let found = false;
  for (const name of look.names(directory)) {
    if (++walk.steps > MOST_STEPS) {
      reach.beyond = `more than ${MOST_STEPS} names to compare`;
      return;
    }
    if (!matchesSegment(parsed, name)) continue;
    found = true;
    step(join(directory, name), rest, walk, false);
  }
  if (!found && !wild) step(join(directory, segment.replace(/\\(.)/g, '$1')), rest, walk, true);
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
      // What forbids is held where it really lies; what permits is not followed out of its place.
      if (real === null || (!walk.forbids && !isWithin(real, parentOf(path)))) {
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

/**
 * Folders a forbidden name is looked for in: those of the first two levels, not what packages
 * brought along. Deeper ones are observed; looking everywhere would cost more than the command.
 */
function foldersBelow(root: string, look: Look): string[] {
  const found: string[] = [];
  const visit = (directory: string, depth: number) => {
    for (const name of look.names(directory)) {
      const path = join(directory, name);
      if (found.length >= MOST_FOLDERS || PASSED_OVER.has(name)) continue;
      if (look.kind(path) !== 'directory') continue;
      found.push(path);
      if (depth > 1) visit(path, depth - 1);
    }
  };
  visit(root, 2);
  return found;
}

const MOST_FOLDERS = 60;
const PASSED_OVER = new Set(['.git', 'node_modules', '.venv', 'venv', 'target', 'dist', 'build']);

function partsOf(glob: string, { root, home }: ReachFrom): [string, string[]] {
  const text = glob.endsWith('/') ? `${glob}**` : glob;
  const words = (path: string) => path.split('/').filter((word) => word !== '' && word !== '.');
  if (text === '~' || text.startsWith('~/'))
    return upwards(home ?? '/nonexistent', words(text.slice(1)));
  if (text.startsWith('/')) return upwards('/', words(text));
  return upwards(root, words(text));
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

/** `a{b,c}` as `ab`, `ac`; braces without a comma stand for themselves. */
function alternatives(glob: string): string[] {
  const done: string[] = [];
  const open = [glob];
  while (open.length > 0 && done.length + open.length <= MOST_ALTERNATIVES) {
    const next = open.pop() as string;
    const brace = /\{([^{}]*,[^{}]*)\}/.exec(next);
    if (brace === null) done.push(next);
    else
      for (const choice of (brace[1] as string).split(','))
        open.push(next.slice(0, brace.index) + choice + next.slice(brace.index + brace[0].length));
  }
  return done;
}

const MOST_ALTERNATIVES = 100;

function join(directory: string, name: string): string {
  return directory === '/' ? `/${name}` : `${directory}/${name}`;
}
