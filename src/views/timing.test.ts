import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTiming } from './timing.ts';

describe('a timing index', () => {
  it('is read as it was written, times counted from the start', () => {
    const burst = fc.record({
      after: fc.nat(),
      stream: fc.constantFrom('stdout', 'stderr', 'terminal'),
      bytes: fc.nat(),
    });
    fc.assert(
      fc.property(fc.array(burst), (bursts) => {
        const text = bursts.map(
          ({ after, stream, bytes }) =>
            `${after} ${stream === 'terminal' ? 't' : stream[3]} ${bytes}\n`,
        );
        let at = 0;
        expect(parseTiming(text.join(''))).toEqual(
          bursts.map(({ after, stream, bytes }) => {
            at += after;
            return { at, stream, bytes };
          }),
        );
      }),
    );
  });

  it.each([
    '',
    'x',
    '-1 o 5',
    '1 x 5',
    '1 o',
    '1  o 5',
    '1 o 5 ',
    '1.5 o 5',
    '1 o 0x5',
    '9999999999999999 o 1',
  ])('ends at a line of another form: %j', (line) => {
    expect(parseTiming(`5 o 3\n${line}\n5 o 3\n`)).toEqual([{ at: 5, stream: 'stdout', bytes: 3 }]);
  });

  it('never gives anything but bursts in order, whatever the text', () => {
    const line = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.stringMatching(/^\d{1,15} [oet] \d{1,15}$/),
    );
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        let last = 0;
        for (const { at, bytes } of parseTiming(lines.join('\n'))) {
          expect(at).toBeGreaterThanOrEqual(last);
          expect(bytes).toBeGreaterThanOrEqual(0);
          last = at;
        }
      }),
    );
  });
});
