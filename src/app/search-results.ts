import * as z from 'zod/mini';
import type { Entry } from '../core/entries/kinds.ts';
import { entryName, type Seq, taskName } from '../core/names.ts';
import { once } from '../core/once.ts';
import type { LedgerReader } from '../ledger/store/reader.ts';
import { describeEntry } from '../views/entry-title.ts';
import { type FoundLine, LineFinder } from '../views/search-line.ts';
import type { SearchQuery } from '../views/search-query.ts';
import { searchParts } from '../views/search-text.ts';
import { searchedBlobs } from './search-blobs.ts';
import type { Hit } from './search-index.ts';

/** An entry that was found, with the line that says why, in JSON output. */
export const matchJson = once(() =>
  z.object({
    entry: z.string(),
    seq: z.int(),
    task: z.nullable(z.string()),
    kind: z.string(),
    title: z.string().check(z.describe('the entry in a line')),
    where: z.string().check(z.describe('stdout, stderr, terminal …, or the part of the entry')),
    line: z.nullable(z.int()).check(z.describe('from 1; null where that is not known')),
    text: z.string().check(z.describe('the line, or what is around the match in a very long one')),
    spans: z
      .array(z.tuple([z.int(), z.int()]))
      .check(z.describe('where in text the words stand: from and to, in UTF-16 units')),
  }),
);
export type Match = z.infer<ReturnType<typeof matchJson>>;

/**
 * The lines that answer a query, of the entries that the index found. An entry whose words stand
 * together in one line goes before one that has them here and there, whatever their statistics.
 */
export function matchesOf(reader: LedgerReader, query: SearchQuery, hits: readonly Hit[]): Match[] {
  const finder = new LineFinder(query);
  const found = hits.flatMap(({ seq, rank }) => {
    const entry = readable(reader, seq);
    if (entry === null) return [];
    const best = bestLine(reader, entry, finder);
    return best === null ? [] : [{ seq, rank, entry, best }];
  });
  found.sort((a, b) => b.best.score - a.best.score || a.rank - b.rank || b.seq - a.seq);
  return found.map(({ seq, entry, best }) => toMatch(reader, seq, entry, best));
}

interface Placed extends Omit<FoundLine, 'line'> {
  where: string;
  line: number | null;
}

function bestLine(reader: LedgerReader, entry: Entry, finder: LineFinder): Placed | null {
  let best: Placed | null = null;
  const offer = (where: string, text: string, place: (line: number) => number | null) => {
    const found = finder.find(text);
    if (found !== null && found.score > (best?.score ?? 0)) {
      best = { ...found, where, line: place(found.line) };
    }
  };
  for (const { where, text } of searchParts(entry)) {
    offer(where, text, (line) => (text.includes('\n') ? line : null));
  }
  for (const { name, head, tail } of searchedBlobs(reader, entry)) {
    offer(name, head, (line) => line);
    if (tail !== null) offer(name, tail, (line) => fromTheEnd(entry, name, tail, line));
  }
  return best;
}

/** In the end of a long stream lines are counted from its last one. */
function fromTheEnd(entry: Entry, name: string, tail: string, line: number): number | null {
  if (entry.kind !== 'command') return null;
  const stream = entry.body.streams.find((one) => one.name === name);
  // Where lines were left out, or struck out together, nobody knows which one it is.
  if (stream === undefined || stream.gaps.length > 0 || stream.masked !== undefined) return null;
  return stream.lines - tail.split('\n').length + 1 + line;
}

function toMatch(reader: LedgerReader, seq: Seq, entry: Entry, best: Placed): Match {
  const first = best.spans[0]?.[0] ?? 0;
  const from = best.text.length <= MOST_SHOWN ? 0 : Math.max(0, first - BEFORE);
  const text = best.text.slice(from, from + MOST_SHOWN);
  return {
    entry: entryName(seq),
    seq,
    task: entry.task === null ? null : taskName(reader.taskRank(entry.task)),
    kind: entry.kind === 'unknown' ? entry.storedKind : entry.kind,
    title: describeEntry(entry).title,
    where: best.where,
    line: best.line,
    text: text.toWellFormed(),
    spans: best.spans
      .map(([start, end]): [number, number] => [start - from, Math.min(end - from, text.length)])
      .filter(([start, end]) => start >= 0 && start < end),
  };
}

function readable(reader: LedgerReader, seq: Seq): Entry | null {
  try {
    return reader.entry(seq).entry;
  } catch {
    return null; // tampered with: proof verify names it
  }
}

/** A line of minified code is a megabyte: this much of it, and so much of that before the match. */
const MOST_SHOWN = 2_000;
const BEFORE = 200;
