import * as z from 'zod/mini';
import { entryName, type Seq } from '../../core/names.ts';
import { once } from '../../core/once.ts';
import type { LedgerReader, Stored } from '../../ledger/store/reader.ts';
import { annotated, timelineRow } from '../../views/timeline.ts';
import type { Context } from '../context.ts';
import { defineOp } from '../define-op.ts';
import { entryJson, toEntryJson } from '../entry-json.ts';
import { timelineText } from '../timeline-text.ts';

const line = once(() =>
  z.extend(entryJson(), {
    title: z.string().check(z.describe('what it is, in a line')),
    result: z.string().check(z.describe('how it came out')),
    tone: z.enum(['good', 'bad', 'quiet']),
    on: z
      .nullable(z.string())
      .check(z.describe('the entry that this one annotates, or belongs to')),
    intact: z
      .boolean()
      .check(z.describe('false if its bytes do not hash to its leaf: proof verify says more')),
    follows: z.boolean().check(z.describe('printed under the entry it annotates')),
  }),
);

export default defineOp({
  name: 'log',
  summary: 'the timeline of a task: commands, notes, decisions, gaps',
  details: 'Notes are printed under the command they annotate. With --json, one entry a line.',
  effect: 'read',
  input: z.object({
    task: z.optional(z.string()).check(z.describe('T3; without it the one chosen here')),
    all: z
      ._default(z.boolean(), false)
      .check(z.describe('the whole ledger, all tasks and what lies outside them')),
    limit: z
      ._default(z.int().check(z.minimum(0)), 0)
      .check(z.describe('only the latest so many; 0 for all')),
    follow: z._default(z.boolean(), false).check(z.describe('wait for more, until interrupted')),
  }),
  output: line,
  examples: [
    { type: 'proof log', does: 'the task chosen here' },
    { type: 'proof log --all --limit 20', does: 'the latest of the whole ledger' },
    { type: 'proof log --follow --json', does: 'as NDJSON, live' },
  ],
  cli: {
    positionals: ['task'],
    short: { task: 't', follow: 'f', all: 'a', limit: 'n' },
    print: (row, paint) => timelineText(row, paint),
  },
  async run(context, { task: named, all, limit, follow }) {
    const reader = context.reader();
    const task = all ? null : context.task(named);
    return {
      async *[Symbol.asyncIterator]() {
        const size = reader.size();
        yield* grouped(reader, [...select(reader, task, size, limit)]);
        if (follow) yield* later(context, reader, task, size);
      },
    };
  },
});

type Line = z.input<ReturnType<typeof line>>;

/** A task's entries, or all, below `size`; with a limit only the latest so many of them. */
function* select(
  reader: LedgerReader,
  task: Seq | null,
  size: Seq,
  limit: number,
): Generator<Stored> {
  if (task === null) {
    yield* reader.entries(limit === 0 ? 0 : Math.max(0, size - limit), size);
    return;
  }
  const first = limit === 0 ? 1 : reader.taskLength(task) - limit + 1;
  for (const stored of reader.taskEntries(task, first)) if (stored.seq < size) yield stored;
}

/** Each entry, and straight after it what annotates it. */
function* grouped(reader: LedgerReader, chosen: Stored[]): Generator<Line> {
  const here = new Set(chosen.map(({ seq }) => seq));
  const notes = new Map<Seq, Stored[]>();
  for (const stored of chosen) {
    const target = annotated(stored.entry);
    if (target !== null && here.has(target))
      notes.set(target, [...(notes.get(target) ?? []), stored]);
  }
  const under = new Set([...notes.values()].flat().map(({ seq }) => seq));
  function* withNotes(stored: Stored, follows: boolean): Generator<Line> {
    yield toLine(reader, stored, follows);
    for (const note of notes.get(stored.seq) ?? []) yield* withNotes(note, true);
  }
  for (const stored of chosen) if (!under.has(stored.seq)) yield* withNotes(stored, false);
}

/** What is appended from now on, in order of arrival. */
async function* later(
  context: Context,
  reader: LedgerReader,
  task: Seq | null,
  from: Seq,
): AsyncGenerator<Line> {
  for (let next = from; ; ) {
    const size = reader.size();
    for (const stored of reader.entries(next, size)) {
      if (task === null || stored.entry?.task === task) yield toLine(reader, stored, false);
    }
    next = size;
    if (!(await context.pause(FOLLOW_MS))) return;
  }
}

const FOLLOW_MS = 200;

function toLine(reader: LedgerReader, { seq, entry }: Stored, follows: boolean): Line {
  const hole = entry === null ? reader.gone.entry(seq) : null;
  const gone = hole === null ? null : { was: hole.restated.kind, ...hole };
  const { title, result, tone } = timelineRow({ seq, entry, gone });
  const target = annotated(entry);
  return {
    ...toEntryJson(reader, seq, entry),
    title,
    result,
    tone,
    on: target === null ? null : entryName(target),
    intact: reader.isIntact(seq),
    follows,
  };
}
