import { expect, test } from 'vitest';
import { lineStart } from './line-start.ts';

/** As `tail -n` counts: an unfinished last line is one. */
test.each([
  ['', 3, 0],
  ['one', 1, 0],
  ['one\n', 1, 0],
  ['one\ntwo', 1, 4],
  ['one\ntwo\n', 1, 4],
  ['one\ntwo\n', 2, 0],
  ['one\ntwo\n', 9, 0],
  ['\n\n\n', 2, 1],
  [`${'x'.repeat(70_000)}\n${'y'.repeat(70_000)}\nend\n`, 2, 70_001],
])('%#: the last lines', (text, lines, from) => {
  const bytes = Buffer.from(text);
  const read = (at: number, length: number) => bytes.subarray(at, at + length);
  expect(lineStart({ size: bytes.length, read }, lines)).toBe(from);
});
