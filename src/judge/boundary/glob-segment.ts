/**
 * One segment of a glob, between two slashes: `*.test.ts`, `[a-c]?`. Matching is a walk over sets of
 * positions, so no pattern and no name costs more than their product: names come from whoever is
 * judged, and a regular expression with many stars can be made to run for minutes.
 */
export type SegmentPart =
  | { readonly kind: 'any' }
  | { readonly kind: 'star' }
  /** Code points in ranges, both ends included; a plain character is a range of one. */
  | { readonly kind: 'set'; readonly ranges: readonly (readonly [number, number])[] };

export interface Segment {
  readonly parts: readonly SegmentPart[];
}

/** How the characters of a glob are meant. */
export interface GlobReading {
  /** For a rule that forbids: letters stand for both their cases, as some file systems mean them. */
  readonly forbids: boolean;
}

/** The parts of a segment as written, or what is wrong with it. */
export function parseSegment(text: string, { forbids }: GlobReading): Segment | string {
  const chars = [...text];
  const parts: SegmentPart[] = [];
  for (let at = 0; at < chars.length; at++) {
    const char = chars[at] as string;
    if (char === '*') {
      if (parts.at(-1)?.kind !== 'star') parts.push({ kind: 'star' });
    } else if (char === '?') parts.push({ kind: 'any' });
    else if (char === '[') {
      const set = parseSet(chars, at);
      if (set === null) return 'a [ is not closed by a ]; a plain one is written \\[';
      parts.push({ kind: 'set', ranges: set.ranges });
      at = set.end;
    } else if (char === '\\') {
      const next = chars[++at];
      if (next === undefined) return 'a backslash at the end escapes nothing';
      parts.push(only(next));
    } else parts.push(only(char));
  }
  return { parts: forbids ? parts.map(inBothCases) : parts };
}

/** A segment that stands for exactly this name. */
export function literalSegment(name: string): Segment {
  return { parts: [...name].map(only) };
}

export function matchesSegment({ parts }: Segment, name: string): boolean {
  let here = closure(parts, new Set([0]));
  for (const char of name) {
    const point = char.codePointAt(0) as number;
    const next = new Set<number>();
    for (const at of here) {
      const part = parts[at];
      if (part === undefined) continue;
      if (part.kind === 'star') next.add(at);
      else if (part.kind === 'any' || holds(part.ranges, point)) next.add(at + 1);
    }
    if (next.size === 0) return false;
    here = closure(parts, next);
  }
  return here.has(parts.length);
}

function inBothCases(part: SegmentPart): SegmentPart {
  if (part.kind !== 'set') return part;
  const ranges = part.ranges.flatMap(([from, to]): (readonly [number, number])[] => {
    if (from === to) return casesOf(from).map((point) => [point, point] as const);
    // Of wider ranges, the letters of ASCII: what file systems without case surely fold.
    return [[from, to], ...shifted(from, to, 65, 90, 32), ...shifted(from, to, 97, 122, -32)];
  });
  return { kind: 'set', ranges };
}

function casesOf(point: number): number[] {
  const char = String.fromCodePoint(point);
  const cases = [char, char.toLowerCase(), char.toUpperCase()].filter(
    (one) => [...one].length === 1,
  );
  return [...new Set(cases.map((one) => one.codePointAt(0) as number))];
}

function shifted(from: number, to: number, low: number, high: number, by: number) {
  const [start, end] = [Math.max(from, low), Math.min(to, high)];
  return start <= end ? [[start + by, end + by] as const] : [];
}

const LAST = 0x10ffff;

function only(char: string): SegmentPart {
  const point = char.codePointAt(0) as number;
  return { kind: 'set', ranges: [[point, point]] };
}

function holds(ranges: readonly (readonly [number, number])[], point: number): boolean {
  return ranges.some(([from, to]) => from <= point && point <= to);
}

/** Adds what is reached without reading a character: behind a star. */
function closure(parts: readonly SegmentPart[], positions: Set<number>): Set<number> {
  for (const at of positions) if (parts[at]?.kind === 'star') positions.add(at + 1);
  return positions;
}

/** `[a-z]`, `[!a-z]` or `[^a-z]`; a `]` right after the opening stands for itself. */
function parseSet(
  chars: readonly string[],
  open: number,
): { ranges: readonly (readonly [number, number])[]; end: number } | null {
  let at = open + 1;
  const not = chars[at] === '!' || chars[at] === '^';
  if (not) at++;
  const ranges: [number, number][] = [];
  for (let first = true; ; first = false) {
    if (chars[at] === undefined) return null;
    if (chars[at] === ']' && !first) break;
    if (chars[at] === '\\') at++;
    const from = chars[at]?.codePointAt(0);
    if (from === undefined) return null;
    let to = from;
    if (chars[at + 1] === '-' && chars[at + 2] !== ']' && chars[at + 2] !== undefined) {
      at += chars[at + 2] === '\\' ? 3 : 2;
      to = chars[at]?.codePointAt(0) ?? from;
    }
    ranges.push([from, to]);
    at++;
  }
  return { ranges: not ? complement(ranges) : ranges, end: at };
}

function complement(ranges: readonly (readonly [number, number])[]): [number, number][] {
  const rest: [number, number][] = [];
  let next = 0;
  for (const [from, to] of [...ranges].sort((x, y) => x[0] - y[0])) {
    if (from > next) rest.push([next, from - 1]);
    next = Math.max(next, to + 1);
  }
  if (next <= LAST) rest.push([next, LAST]);
  return rest;
}
