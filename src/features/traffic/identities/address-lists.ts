import { prefixRange } from './prefix.ts';

/** `network`: all of an operator's space, `hosting`: rented out, `proxy`: stands before others. */
export type ListKind = 'crawler' | 'network' | 'hosting' | 'proxy';

/** A published list of address ranges, with the days between which each was seen on it. */
export interface AddressList {
  id: string;
  kind: ListKind;
  source: string;
  /** First and last day on which somebody looked; times in milliseconds. */
  first: number;
  last: number;
  /** The last day on which it was seen to change. */
  changed: number;
  ranges: readonly ListedRange[];
  /** Of all ranges up to each, the highest end: what to look at is found without a tree. */
  reach: readonly string[];
}

export interface ListedRange {
  prefix: string;
  from: string;
  to: string;
  since: number;
  /** The day by which it was gone; null while it is listed. */
  until: number | null;
}

const DAY = 86_400_000;

/**
 * Reads lists as `snapshot.ts` holds them. Malformed lines are an error: a list that lost a line
 * would call genuine visitors false.
 */
export function readLists(text: string): Map<string, AddressList> {
  const lists = new Map<string, AddressList>();
  for (const part of text.split(/^= /m).slice(1)) {
    const [head = '', ...rows] = part.trimEnd().split('\n');
    const [id = '', kind = '', first = '', last = '', changed = '', ...source] = head.split(' ');
    const list = {
      id,
      kind: kind as ListKind,
      source: source.join(' '),
      first: Date.parse(first),
      last: Date.parse(last),
      changed: Date.parse(changed),
    };
    if (Number.isNaN(list.first + list.last + list.changed))
      throw new RangeError(`bad list: ${head}`);
    const ranges = rows.map((row): ListedRange => {
      const [prefix = '', since, until] = row.split(' ');
      return {
        prefix,
        ...prefixRange(prefix),
        since: since === undefined ? list.first : Date.parse(since),
        until: until === undefined ? null : Date.parse(until),
      };
    });
    lists.set(id, { ...list, ...ordered(ranges) });
  }
  return lists;
}

function ordered(ranges: ListedRange[]): Pick<AddressList, 'ranges' | 'reach'> {
  ranges.sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));
  let furthest = '';
  const reach = ranges.map(({ to }) => {
    if (to > furthest) furthest = to;
    return furthest;
  });
  return { ranges, reach };
}

/** All ranges of a list that hold this address, whenever they were listed. */
export function rangesWith({ ranges, reach }: AddressList, key: string): ListedRange[] {
  let low = 0;
  for (let high = ranges.length; low < high; ) {
    const middle = (low + high) >> 1;
    if ((ranges[middle] as ListedRange).from <= key) low = middle + 1;
    else high = middle;
  }
  const found: ListedRange[] = [];
  for (let i = low - 1; i >= 0 && (reach[i] as string) >= key; i--) {
    const range = ranges[i] as ListedRange;
    if (range.to >= key) found.push(range);
  }
  return found;
}

/**
 * The last day for which a list may speak. It is taken to hold after the last look for as long
 * again as it had stood unchanged by then, at least a week, at most a year: a list that changes
 * every few days says little about the month after, one that stood for years much.
 */
export function holdsUntil({ last, changed }: Pick<AddressList, 'last' | 'changed'>): number {
  return last + Math.min(Math.max(last - changed, 7 * DAY), 365 * DAY);
}

/** The same for one range: how long it is taken to stay listed after the last look. */
export function rangeHoldsUntil(list: AddressList, range: ListedRange): number {
  if (range.until !== null) return range.until;
  return Math.max(holdsUntil(list), list.last + Math.min(list.last - range.since, 365 * DAY));
}
