import { expect, test } from 'vitest';
import { endured } from '../boundaries/endured.ts';

test('100 000 random and mutated texts: none throws, takes over 50 ms, or is allowed unparsed', () => {
  const { slowest, verdicts } = endured(100_000, 977_002);
  console.log('100 000 texts', verdicts, `slowest ${slowest} ms`);
  expect(Object.values(verdicts as Record<string, number>).every((count) => count > 0)).toBe(true);
});
