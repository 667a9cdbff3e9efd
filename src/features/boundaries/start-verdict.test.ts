import { expect, it } from 'vitest';
import { startVerdict } from './start-verdict.ts';

const judged = (verdict: 'allow' | 'ask' | 'deny') => ({
  verdict,
  parts: [
    { text: 'ls', verdict: 'allow' as const, rule: 'ls *', why: 'a rule matches' },
    { text: 'rm -rf x', verdict, rule: 'rm -rf *', why: 'a rule matches' },
  ],
});

it.each([
  ['allow', 'enforce', false, true],
  ['allow', 'ask', false, true],
  ['ask', 'observe', false, true],
  ['deny', 'observe', false, true],
  ['ask', 'ask', false, false],
  ['ask', 'enforce', false, false],
  ['ask', 'enforce', true, true],
  ['deny', 'ask', false, false],
  ['deny', 'enforce', true, false],
] as const)('%s under %s, approved: %s → starts: %s', (verdict, mode, approved, go) => {
  const start = startVerdict(judged(verdict), mode, { approved });
  expect(start.go).toBe(go);
  if (!start.go) {
    expect(start.exit).toBe(126);
    expect(start.because).toContain('rm -rf *');
  }
});
