import { commandText } from '../core/command-text.ts';
import type { Entry, EntryOf } from '../core/entries/kinds.ts';
import { humanDuration, plural } from '../core/human-units.ts';
import type { Seq } from '../core/names.ts';

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
  const { title, result = '', tone = 'quiet' } = describe(entry);
  const kind = entry.kind === 'unknown' ? entry.storedKind : entry.kind;
  return { seq, at: entry.at, kind, who: entry.actor.name, title, result, tone, notes: [] };
}

/** The entry this one is a note on. */
export function annotated(entry: Entry | null): Seq | null {
  if (entry?.kind !== 'note' && entry?.kind !== 'decision') return null;
  return entry.refs.find(({ rel }) => rel === 'on')?.seq ?? null;
}

interface Description {
  title: string;
  result?: string;
  tone?: TimelineRow['tone'];
}

function describe(entry: Entry): Description {
  switch (entry.kind) {
    case 'command':
      return describeCommand(entry);
    case 'note':
      return { title: entry.body.text };
    case 'decision':
      return { title: entry.body.text, result: entry.body.because ?? '' };
    case 'task.opened':
      return { title: entry.body.goal, result: 'opened' };
    case 'task.planned':
      return { title: plural(entry.body.steps.length, 'step'), result: 'planned' };
    case 'task.closed':
      return { title: entry.body.because ?? '', result: entry.body.outcome };
    case 'gap':
      return { title: gapTitle(entry), result: 'not recorded', tone: 'bad' };
    case 'clock.went-back':
      return {
        title: `the clock went back from ${entry.body.latest} to ${entry.body.now}`,
        tone: 'bad',
      };
    case 'ledger.opened':
      return { title: `ledger ${entry.body.ledger}`, result: 'opened' };
    case 'unknown':
      return { title: 'written by a newer Prooflayer; shown raw by proof show' };
  }
}

function describeCommand({ body }: EntryOf<'command'>): Description {
  const title = body.argv === null ? `a command of ${body.argc} words` : commandText(body.argv);
  const gaps = body.streams.flatMap(({ gaps }) => gaps);
  const result = [
    exitText(body.exit),
    humanDuration(body.durationMicros),
    ...(gaps.length > 0 ? ['output not whole'] : []),
  ].join(' · ');
  return { title, result, tone: body.exit.code === 0 ? 'good' : 'bad' };
}

export function exitText(exit: EntryOf<'command'>['body']['exit']): string {
  switch (exit.how) {
    case 'not-found':
      return 'not found (exit 127)';
    case 'not-executable':
      return 'not executable (exit 126)';
    case 'timed-out':
      return `timed out (${exit.signal ?? `exit ${exit.code}`})`;
    default:
      return exit.signal === null ? `exit ${exit.code}` : `killed by ${exit.signal}`;
  }
}

function gapTitle({ body }: EntryOf<'gap'>): string {
  const what = body.argv === undefined ? body.what : commandText(body.argv);
  return `${what}: ${body.why}`;
}
