import { expect, test } from 'vitest';
import { decideCommand } from '../../src/judge/boundary/decide.ts';
import { bypassCases, corpusPlace, corpusPolicy } from './world.ts';

test('every way round a rule that we could think of, and everyday work', () => {
  const policy = corpusPolicy();
  const place = corpusPlace();
  const cases = bypassCases();
  expect(cases.length).toBeGreaterThan(1400);
  const found = cases.map(({ command }) => ({
    verdict: decideCommand(policy, command, place).verdict,
    command,
  }));
  expect(found).toEqual(cases);
});
