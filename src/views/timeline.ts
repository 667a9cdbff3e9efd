import type { Entry } from '../core/entries/kinds.ts';
import type { Seq } from '../core/names.ts';
import { describeEntry } from './entry-title.ts';

/** One row of the timeline: an entry in a line, with what was noted on it. */
export interface TimelineRow {
  seq: Seq;
  at: string;
  kind: string;
  who: string;
  /** What it is, in one line: the command, the note, the goal. Evidence: escape before showing. */
  title: string;
  /** How it came out: `exit 1 · 2.3 s`. */
  result: string;
  tone: 'good' | 'bad' | 'quiet';
  /** Entries that annotate this one. */
  notes: TimelineRow[];
}

export interface Placed {
  seq: Seq;
  entry: Entry | null;
}

/** Rows in order; a note stands under the entry it annotates if that is among them. */
export function timeline(entries: Iterable<Placed>): TimelineRow[] {
  const rows: TimelineRow[] = [];
  const bySeq = new Map<Seq, TimelineRow>();
  for (const placed of entries) {
    const row = timelineRow(placed);
    const target = annotated(placed.entry);
    const parent = target === null ? undefined : bySeq.get(target);
    (parent === undefined ? rows : parent.notes).push(row);
    // Only now, so that no entry of a forged ledger can stand under itself.
    bySeq.set(placed.seq, row);
  }
  return rows;
}

export function timelineRow({ seq, entry }: Placed): TimelineRow {
  if (entry === null) {
    return {
      seq,
      at: '',
      kind: 'redacted',
      who: '',
      title: 'redacted',
      result: '',
      tone: 'quiet',
      notes: [],
    };
  }
  const { title, result = '', tone = 'quiet' } = describeEntry(entry);
  const kind = entry.kind === 'unknown' ? entry.storedKind : entry.kind;
  return { seq, at: entry.at, kind, who: entry.actor.name, title, result, tone, notes: [] };
}

/** The entry this one stands on: noted on, changed by it, or evidence that belongs to it. */
export function annotated(entry: Entry | null): Seq | null {
  if (entry === null || !STANDS_ON.has(entry.kind)) return null;
  return entry.refs.find(({ rel }) => rel === 'on')?.seq ?? null;
}

const STANDS_ON: ReadonlySet<string> = new Set([
  'note',
  'decision',
  'change',
  'test.report',
  'attachment',
  'screenshot',
  'http',
]);
