import type { Entry } from '../core/entries/kinds.ts';
import { entryName, type Seq } from '../core/names.ts';
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
  /** Of one without bytes: what it was, which entry took them out and why; null where none did. */
  gone?: { was: string; by: Seq; because: string } | null;
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

export function timelineRow({ seq, entry, gone }: Placed): TimelineRow {
  if (entry === null) {
    return {
      seq,
      at: '',
      kind: gone?.was ?? (gone === undefined ? 'redacted' : 'missing'),
      who: '',
      ...holeTitle(gone),
      notes: [],
    };
  }
  const { title, result = '', tone = 'quiet' } = describeEntry(entry);
  const kind = entry.kind === 'unknown' ? entry.storedKind : entry.kind;
  return { seq, at: entry.at, kind, who: entry.actor.name, title, result, tone, notes: [] };
}

function holeTitle(gone: Placed['gone']): Pick<TimelineRow, 'title' | 'result' | 'tone'> {
  if (gone === undefined) return { title: 'redacted', result: '', tone: 'quiet' };
  if (gone === null) return { title: 'its bytes are missing', result: '', tone: 'bad' };
  return {
    title: `redacted because ${gone.because}`,
    result: `by ${entryName(gone.by)}`,
    tone: 'quiet',
  };
}

/** The entry this one stands on: noted on, changed by it, evidence that belongs to it, redacted. */
export function annotated(entry: Entry | null): Seq | null {
  // What took bytes from many stands where it happened; each of them shows the hole itself.
  if (entry?.kind === 'redacted' && entry.refs.length !== 1) return null;
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
  'redacted',
]);
