import { expect, test } from 'vitest';
import { endured } from './endured.ts';

test('4 000 random and mutated texts: none throws, takes over 50 ms, or is allowed unparsed', () => {
  const { slowest, verdicts } = endured(4000, 20_261);
  console.log('4 000 texts', verdicts, `slowest ${slowest} ms`);
  expect(Object.values(verdicts as Record<string, number>).every((count) => count > 0)).toBe(true);
});
