import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type LineBlock, lineBlocks } from './line-blocks.ts';

async function* pieces(parts: readonly Uint8Array[]) {
  yield* parts;
}

async function all(parts: readonly Uint8Array[], options = {}): Promise<LineBlock[]> {
  const blocks: LineBlock[] = [];
  for await (const block of lineBlocks(pieces(parts), options)) blocks.push(block);
  return blocks;
}

const byte = fc.constantFrom(10, 13, 0, 65, 255);

test('blocks are the stream, cut at line ends only, however it comes', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 12 }),
      fc.array(fc.array(byte, { maxLength: 30 }), { maxLength: 12 }),
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ min: 4, max: 60 }),
      async (some, others, block, longest) => {
        const parts = [...some, ...others.map((bytes) => Uint8Array.from(bytes))];
        const whole = Buffer.concat(parts);
        let at = 0;
        for (const one of await all(parts, { block, longest })) {
          expect(one.offset).toBe(at);
          const length = one.overlong || one.bytes.length;
          const bytes = whole.subarray(at, at + length);
          if (one.overlong > 0) {
            expect(bytes.indexOf(10)).toBe(bytes.at(-1) === 10 ? length - 1 : -1);
            expect(length).toBeGreaterThan(longest);
          } else expect(Buffer.from(one.bytes)).toEqual(bytes);
          if (at + length < whole.length) expect(bytes.at(-1)).toBe(10);
          at += length;
        }
        expect(at).toBe(whole.length);
      },
    ),
    { numRuns: 500 },
  );
});

test('an empty stream has no block', async () => {
  expect(await all([])).toEqual([]);
  expect(await all([new Uint8Array()])).toEqual([]);
});
