import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8 } from '../core/bytes.ts';
import type { Entry } from '../core/entries/kinds.ts';
import { asciicast } from './asciicast.ts';
import type { Burst } from './timing.ts';

type Event = [number, string, string];

function command(change: object = {}): Entry {
  const streams = [{ name: 'stdout' }, { name: 'stderr' }, { name: 'terminal' }];
  return {
    kind: 'command',
    body: {
      ...{ argv: ['npm', 'test'], started: '2026-11-21T10:00:00.500Z', durationMicros: 2_000_000 },
      ...{ mode: 'pty', exit: { code: 0, signal: null, how: 'exited' }, streams, ...change },
    },
  } as unknown as Entry;
}

/** The recording as a player reads it. */
function play(entry: Entry, timing: readonly Burst[], bytes: Record<string, Uint8Array[]>) {
  const [header, ...events] = asciicast(entry, timing, (stream) => bytes[stream] ?? [])
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
  return { header, events: events as Event[] };
}
const burst = (at: number, bytes: number, stream: Burst['stream'] = 'terminal'): Burst => ({
  at,
  bytes,
  stream,
});

describe('an asciicast v3 recording', () => {
  it('begins with a header that says version, size and time', () => {
    const size = { columns: 132, rows: 50 };
    expect(play(command({ size }), [], {}).header).toEqual({
      version: 3,
      term: { cols: 132, rows: 50 },
      timestamp: 1795255200,
      command: 'npm test',
    });
    expect(play(command({ argv: null }), [], {}).header).not.toHaveProperty('command');
  });

  it('has output with the time since the event before, and the exit code last', () => {
    const timing = [burst(100_000, 3), burst(350_000, 4)];
    expect(play(command(), timing, { terminal: [utf8('one'), utf8('more')] }).events).toEqual([
      [0.1, 'o', 'one'],
      [0.25, 'o', 'more'],
      [1.65, 'x', '0'],
    ]);
  });

  it('ends with 128 for a command that a signal ended', () => {
    const exit = { code: null, signal: 'SIGKILL', how: 'signalled' };
    expect(play(command({ exit }), [], {}).events).toEqual([[2, 'x', '128']]);
  });

  it('has both streams of a command without a terminal, with the line ends of one', () => {
    const timing = [burst(0, 4, 'stdout'), burst(1_000, 4, 'stderr'), burst(2_000, 2, 'stdout')];
    const bytes = { stdout: [utf8('out\nx\n')], stderr: [utf8('err\n')] };
    expect(
      play(command({ mode: 'pipes' }), timing, bytes).events.map(([, , data]) => data),
    ).toEqual(['out\r\n', 'err\r\n', 'x\r\n', '0']);
  });

  it('has every character whole, wherever the bytes were cut, and all times in their sum', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 40 });
    const cut = fc.array(fc.nat({ max: 200 }), { maxLength: 10 });
    fc.assert(
      fc.property(
        text,
        cut,
        cut,
        fc.array(fc.nat({ max: 99_999 })),
        (given, ends, pieces, pauses) => {
          const bytes = utf8(given);
          let at = 0;
          const timing = lengths(bytes.length, ends).map((length, i) => {
            at += pauses[i % Math.max(1, pauses.length)] ?? 0;
            return burst(at, length);
          });
          const parts = lengths(bytes.length, pieces).map((length, i, all) => {
            const from = all.slice(0, i).reduce((sum, each) => sum + each, 0);
            return bytes.subarray(from, from + length);
          });
          const { events } = play(command({ durationMicros: at }), timing, { terminal: parts });
          expect(events.map(([, code, data]) => (code === 'o' ? data : '')).join('')).toBe(given);
          expect(events.every(([seconds]) => seconds >= 0)).toBe(true);
          const sum = events.reduce((total, [seconds]) => total + seconds, 0);
          expect(sum).toBeCloseTo(Math.round(at / 1_000) / 1_000, 6);
        },
      ),
    );
  });

  it('does not drift, however many events are less than a millisecond off', () => {
    const timing = Array.from({ length: 1_000 }, (_, i) => burst((i + 1) * 5_400, 1));
    const bytes = { terminal: [utf8('x'.repeat(1_000))] };
    const { events } = play(command({ durationMicros: 5_400_000 }), timing, bytes);
    expect(events.reduce((sum, [seconds]) => sum + seconds, 0)).toBeCloseTo(5.4, 6);
  });

  it('of an index that claims more than there is has what there is', () => {
    const claims = [
      burst(0, 2),
      ...Array.from({ length: 100 }, () => burst(1_000, 999_999_999_999_999)),
    ];
    expect(play(command(), claims, { terminal: [utf8('abcdef')] }).events.slice(0, -1)).toEqual([
      [0, 'o', 'ab'],
      [0.001, 'o', 'cdef'],
    ]);
  });

  it('of version 2 has times since the start, and an event at the end', () => {
    const timing = [burst(100_000, 3), burst(350_000, 4)];
    const bytes: Record<string, Uint8Array[]> = { terminal: [utf8('one'), utf8('more')] };
    const text = asciicast(command(), timing, (stream) => bytes[stream] ?? [], 2);
    expect(
      text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual([
      { version: 2, width: 80, height: 24, timestamp: 1795255200, command: 'npm test' },
      [0.1, 'o', 'one'],
      [0.35, 'o', 'more'],
      [2, 'o', ''],
    ]);
  });

  it('names a command of a shell as it was typed, and not one that was withheld', () => {
    const shell = { name: 'bash', session: '00', number: 1, text: 'told' };
    const argv = ['bash', '-c', 'npm test | tail'];
    expect(play(command({ argv, shell }), [], {}).header).toMatchObject({
      command: 'npm test | tail',
    });
    const withheld = { argv: ['bash'], shell: { ...shell, text: 'withheld' } };
    expect(play(command(withheld), [], {}).header).not.toHaveProperty('command');
  });

  it('is made of commands alone', () => {
    for (const entry of [null, { kind: 'note', body: { text: 'x' } } as unknown as Entry]) {
      expect(() => asciicast(entry, [], () => [])).toThrow(
        expect.objectContaining({ code: 'show.not-a-command' }),
      );
    }
  });
});

/** Lengths of the pieces when so many bytes are cut at these places. */
function lengths(bytes: number, at: readonly number[]): number[] {
  const places = [0, ...at.map((place) => Math.min(place, bytes)).sort((a, b) => a - b), bytes];
  return places.slice(1).map((end, i) => end - places[i]!);
}
