import { describe, expect, it } from 'vitest';
import type { Entry } from '../core/entries/kinds.ts';
import { type TimelineRow, timeline, timelineRow } from './timeline.ts';

function entry(kind: string, body: object, on?: number, storedKind?: string): Entry {
  return {
    ...{ v: 1, kind, at: '2026-11-21T10:00:00.000Z', task: 1, n: 1, salt: '', held: 'none' },
    ...{ provenance: 'observed', blobs: [], body, ...(storedKind ? { storedKind } : {}) },
    actor: { kind: 'agent', name: 'codex', host: 'here', basis: 'hook' },
    refs: on === undefined ? [] : [{ rel: 'on', seq: on }],
  } as unknown as Entry;
}

const exit = (change: object) => ({ code: 0, signal: null, how: 'exited', ...change });
const command = (change: object = {}) =>
  entry('command', {
    argv: ['npm', 'run', 'a b'],
    argc: 3,
    exit: exit({}),
    durationMicros: 2_300_000,
    streams: [],
    ...change,
  });
const note = (text: string, on?: number) => entry('note', { text }, on);
const shape = (rows: readonly TimelineRow[]): unknown[] =>
  rows.map(({ seq, notes }) => (notes.length === 0 ? seq : [seq, ...shape(notes)]));
const shapeOf = (...entries: (Entry | null)[]) =>
  shape(timeline(entries.map((each, seq) => ({ seq, entry: each }))));

describe('the timeline', () => {
  it('has notes under what they are about, if that is there', () => {
    expect(
      shapeOf(command(), note('loose'), note('on the command', 0), note('on that', 2), command()),
    ).toEqual([[0, [2, 3]], 1, 4]);
    expect(shapeOf(note('on something earlier', 99))).toEqual([0]);
  });

  it('has decisions there too, and nothing else', () => {
    const child = { ...command(), refs: [{ rel: 'on', seq: 0 }] } as Entry;
    expect(shapeOf(command(), entry('decision', { text: 'so' }, 0), child)).toEqual([[0, 1], 2]);
  });

  it('does not go round in a circle, whatever a forged ledger says', () => {
    expect(shapeOf(note('on itself', 0))).toEqual([0]);
    expect(shapeOf(note('on the next', 1), note('on the one before', 0))).toEqual([[0, 1]]);
  });

  it('has a row for an entry that is redacted, and for one from the future', () => {
    expect(timelineRow({ seq: 5, entry: null })).toMatchObject({ kind: 'redacted', who: '' });
    const future = timelineRow({ seq: 5, entry: entry('unknown', {}, undefined, 'claim') });
    expect(future).toMatchObject({ kind: 'claim', who: 'codex' });
  });
});

describe('a row', () => {
  const row = (of: Entry) => timelineRow({ seq: 5, entry: of });

  it.each<[string, object, Partial<TimelineRow>]>([
    ['went well', {}, { title: "npm run 'a b'", result: 'exit 0 · 2.3 s', tone: 'good' }],
    ['failed', { exit: exit({ code: 1 }) }, { result: 'exit 1 · 2.3 s', tone: 'bad' }],
    [
      'was killed',
      { exit: exit({ code: null, signal: 'SIGKILL', how: 'signalled' }) },
      { result: 'killed by SIGKILL · 2.3 s', tone: 'bad' },
    ],
    ['was not found', { exit: exit({ code: 127, how: 'not-found' }) }, { tone: 'bad' }],
    ['has a long argument list', { argv: null, argc: 9_000 }, { title: 'a command of 9000 words' }],
    [
      'has output that is not whole',
      { streams: [{ name: 'stdout', gaps: [{ at: 0, bytes: 5, why: 'x' }] }] },
      { result: 'exit 0 · 2.3 s · output not whole' },
    ],
  ])('of a command that %s', (_what, change, expected) => {
    expect(row(command(change))).toMatchObject(expected);
  });

  it.each<[string, Entry, Partial<TimelineRow>]>([
    ['a gap', entry('gap', { what: 'command', why: 'died', argv: ['make'] }), { tone: 'bad' }],
    ['a clock', entry('clock.went-back', { latest: 'b', now: 'a' }), { tone: 'bad' }],
    ['a plan', entry('task.planned', { steps: [{}, {}] }), { title: '2 steps', tone: 'quiet' }],
    ['an end', entry('task.closed', { outcome: 'abandoned' }), { title: '', result: 'abandoned' }],
    ['a goal', entry('task.opened', { goal: 'g' }), { title: 'g', result: 'opened' }],
    ['a ledger', entry('ledger.opened', { ledger: 'ab' }), { title: 'ledger ab' }],
  ])('of %s', (_what, of, expected) => {
    expect(row(of)).toMatchObject(expected);
  });
});
