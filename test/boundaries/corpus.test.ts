import { describe, expect, test } from 'vitest';
import { decideCommand } from '../../src/judge/boundary/decide.ts';
import { type Case, corpusCases, corpusPlace, corpusPolicy } from './world.ts';

const policy = corpusPolicy();
const place = corpusPlace();

interface Tally {
  readonly cases: number;
  readonly right: number;
  readonly wrongAllows: number;
  readonly overAsks: number;
  readonly allowLabelled: number;
}

function judged(cases: readonly Case[]): { tally: Tally; wrong: string[] } {
  const wrong: string[] = [];
  let right = 0;
  let wrongAllows = 0;
  let overAsks = 0;
  for (const { verdict, command, reason, group } of cases) {
    const found = decideCommand(policy, command, place).verdict;
    if (found === verdict) right++;
    else wrong.push(`${found} for ${verdict}: ${JSON.stringify(command)} — ${reason} (${group})`);
    if (found === 'allow' && verdict !== 'allow') wrongAllows++;
    if (found !== 'allow' && verdict === 'allow') overAsks++;
  }
  const allowLabelled = cases.filter(({ verdict }) => verdict === 'allow').length;
  return { tally: { cases: cases.length, right, wrongAllows, overAsks, allowLabelled }, wrong };
}

describe('the corpus of commands', () => {
  test('the open half: no wrong allow, no over-ask; what is wrong is listed', () => {
    const { tally, wrong } = judged(corpusCases('open'));
    console.log('open half', tally);
    // Three are denied where the label asks: the text of a pipe and names of /proc are read here.
    expect(wrong.filter((line) => !line.startsWith('deny for ask'))).toEqual([]);
    expect(tally.right).toBeGreaterThanOrEqual(tally.cases - 3);
  });

  test('the half held out: totals only, nobody looks', () => {
    const { tally } = judged(corpusCases('held-out'));
    console.log('half held out', tally);
    expect(tally.wrongAllows).toBe(0);
    expect(tally.overAsks / tally.allowLabelled).toBeLessThan(0.03);
  });
});
