import {
  type GlobReading,
  literalSegment,
  matchesSegment,
  parseSegment,
  type Segment,
} from './glob-segment.ts';

/**
 * A glob of `scope`: relative to the workspace's root, absolute with a leading `/`, in the home
 * directory with `~/`. `**` as a whole segment stands for any number of segments, also none, so
 * `src/**` is src and all that lies in it; `*` and `?` stay within a segment, and stand for dots
 * too; `[a-z]`, `[!a-z]`, `{a,b}`, `\` before a character that is to stand for itself. There is no
 * negation: what is to be left out is written under `deny`. Letters are compared as they are.
 */
export interface ScopeGlob {
  /** Whether an absolute path without `.`, `..` and doubled slashes matches. */
  matches(path: string): boolean;
  /** The same, or a directory it lies in matches: what a rule that forbids is asked. */
  covers(path: string): boolean;
}

/** Where relative globs and `~` begin, as absolute paths. */
export interface GlobPlaces {
  readonly root: string;
  /** Null where there is none: then a glob with `~` matches nothing. */
  readonly home: string | null;
}

type Step = Segment | '**';

/** Longest glob, and most alternatives that braces may make. */
const MOST_CHARACTERS = 1_000;
const MOST_WAYS = 100;

/** What is wrong with a glob as a person wrote it, or null. */
export function globProblem(text: string): string | null {
  const ways = waysOf(text, PERMITTING);
  return typeof ways === 'string' ? ways : null;
}

/**
 * Makes a glob ready to match. One with a problem (`globProblem`; the loader refuses it) is read to
 * the strict side: where it forbids it matches everything, where it permits nothing.
 */
export function compileGlob(
  text: string,
  places: GlobPlaces,
  reading: Partial<GlobReading> = {},
): ScopeGlob {
  const parsed = waysOf(text, { ...PERMITTING, ...reading });
  if (typeof parsed === 'string') return globOf(reading.forbids === true ? [['**']] : []);
  const home = places.home;
  return globOf(
    parsed.flatMap(({ from, steps }) => {
      if (from === '/') return [steps];
      if (from === '~') return home === null ? [] : [[...literal(home), ...steps]];
      return [[...literal(places.root), ...steps]];
    }),
  );
}

const PERMITTING: GlobReading = { forbids: false };

function literal(path: string): Step[] {
  return namesOf(path).map(literalSegment);
}

function globOf(ways: readonly (readonly Step[])[]): ScopeGlob {
  const reaches = (path: string, ends: (position: number, steps: readonly Step[]) => boolean) => {
    const names = namesOf(path);
    return ways.some((steps) => walk(steps, names, ends));
  };
  return {
    matches: (path) => reaches(path, () => false),
    covers: (path) => reaches(path, (position, steps) => position === steps.length),
  };
}

function namesOf(path: string): string[] {
  return path.split('/').filter((name) => name !== '');
}

/** Whether the steps match the names, or `early` is true of a position on the way. */
function walk(
  steps: readonly Step[],
  names: readonly string[],
  early: (position: number, steps: readonly Step[]) => boolean,
): boolean {
  let here = afterStars(steps, new Set([0]));
  for (const name of names) {
    for (const position of here) if (early(position, steps)) return true;
    const next = new Set<number>();
    for (const position of here) {
      const step = steps[position];
      if (step === '**') next.add(position);
      else if (step !== undefined && matchesSegment(step, name)) next.add(position + 1);
    }
    if (next.size === 0) return false;
    here = afterStars(steps, next);
  }
  return here.has(steps.length);
}

function afterStars(steps: readonly Step[], positions: Set<number>): Set<number> {
  for (const position of positions) if (steps[position] === '**') positions.add(position + 1);
  return positions;
}

interface Way {
  readonly from: '/' | '~' | 'root';
  readonly steps: readonly Step[];
}

function waysOf(text: string, reading: GlobReading): Way[] | string {
  if (text === '') return 'it is empty';
  if (text.length > MOST_CHARACTERS) return `it is longer than ${MOST_CHARACTERS} characters`;
  if (text.includes('\0')) return 'no path holds a NUL byte';
  if (text.startsWith('!')) return 'there is no negation: write what is left out under deny';
  if (/(^|[^\\])[+@!?*]\(/.test(text)) return 'write {a,b} for alternatives, not (a|b)';
  const alternatives = expandBraces(text);
  if (typeof alternatives === 'string') return alternatives;
  const ways: Way[] = [];
  for (const alternative of alternatives) {
    const steps: Step[] = [];
    const home = alternative === '~' || alternative.startsWith('~/');
    for (const segment of alternative.slice(home ? 1 : 0).split('/')) {
      if (segment === '' || segment === '.') continue;
      if (segment === '..') return '.. leads out; write the absolute path with a leading /';
      if (segment === '**') {
        if (steps.at(-1) !== '**') steps.push('**');
        continue;
      }
      const parsed = parseSegment(segment, reading);
      if (typeof parsed === 'string') return parsed;
      steps.push(parsed);
    }
    // As in .gitignore: a final slash means the directory and what is in it.
    if (alternative.endsWith('/') && steps.length > 0 && steps.at(-1) !== '**') steps.push('**');
    ways.push({ from: home ? '~' : alternative.startsWith('/') ? '/' : 'root', steps });
  }
  return ways;
}

/** `a{b,c}` as `ab`, `ac`; braces without a comma stand for themselves, as in shells. */
function expandBraces(text: string): string[] | string {
  const done: string[] = [];
  const open = [text];
  while (open.length > 0) {
    if (done.length + open.length > MOST_WAYS)
      return `its braces make more than ${MOST_WAYS} globs`;
    const next = open.pop() as string;
    const brace = firstBrace(next);
    if (brace === null) done.push(next);
    else {
      const { start, end, commas } = brace;
      const cuts = [start, ...commas, end];
      for (let i = cuts.length - 2; i >= 0; i--) {
        const choice = next.slice((cuts[i] as number) + 1, cuts[i + 1]);
        open.push(next.slice(0, start) + choice + next.slice(end + 1));
      }
    }
  }
  return done;
}

function firstBrace(text: string): { start: number; end: number; commas: number[] } | null {
  const stack: { start: number; commas: number[] }[] = [];
  let best: { start: number; end: number; commas: number[] } | null = null;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '\\') at++;
    else if (char === '{') stack.push({ start: at, commas: [] });
    else if (char === ',') stack.at(-1)?.commas.push(at);
    else if (char === '}') {
      const brace = stack.pop();
      if (brace !== undefined && brace.commas.length > 0) {
        if (best === null || brace.start < best.start) best = { ...brace, end: at };
      }
    }
  }
  return best;
}
