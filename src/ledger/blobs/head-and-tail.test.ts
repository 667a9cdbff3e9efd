import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HeadAndTail } from './head-and-tail.ts';

/** What is kept of a stream that comes in these chunks. */
function keep(bound: number, chunks: readonly Uint8Array[]) {
  const window = new HeadAndTail(bound);
  const head = Buffer.concat(
    chunks.map((chunk) => {
      const own = chunk.slice();
      const now = window.push(own).slice();
      own.fill(0xee); // the caller may use its buffer again
      return now;
    }),
  );
  const { tail, at, dropped } = window.end();
  return { head, tail: Buffer.concat(tail), at, dropped };
}

describe('head and tail of a stream', () => {
  it('are its beginning and its end, with exactly as many bytes between them as it says', () => {
    const chunks = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 30 });
    fc.assert(
      fc.property(fc.nat({ max: 300 }), chunks, (bound, given) => {
        const whole = Buffer.concat(given);
        const { head, tail, at, dropped } = keep(bound, given);
        expect(at).toBe(head.length);
        expect(head.length + dropped + tail.length).toBe(whole.length);
        expect(head.length + tail.length).toBe(Math.min(bound, whole.length));
        expect(head.equals(whole.subarray(0, head.length))).toBe(true);
        expect(tail.equals(whole.subarray(whole.length - tail.length))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('do not depend on how the stream was cut', () => {
    const cuts = fc.array(fc.nat({ max: 500 }));
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 500 }),
        cuts,
        fc.nat({ max: 300 }),
        (bytes, at, bound) => {
          const places = [0, ...at.map((place) => Math.min(place, bytes.length)), bytes.length];
          places.sort((a, b) => a - b);
          const chunks = places.slice(1).map((end, i) => bytes.subarray(places[i], end));
          expect(keep(bound, chunks)).toEqual(keep(bound, [bytes]));
        },
      ),
    );
  });

  it('keep a quarter for the tail', () => {
    const { head, tail, dropped } = keep(100, [new Uint8Array(1_000)]);
    expect([head.length, tail.length, dropped]).toEqual([75, 25, 900]);
  });
});
