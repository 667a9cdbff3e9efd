import { parse } from 'unbash';
import { expect } from 'vitest';
import { decideCommand } from '../../src/judge/boundary/decide.ts';
import { mangledTexts } from './mangled.ts';
import { corpusPlace, corpusPolicy } from './world.ts';

/**
 * The bound on one decision, in milliseconds of CPU: what other programs take of this core
 * meanwhile is not the decider's.
 */
const BOUND = 50;

/**
 * Judges `count` random and mutated texts: none throws, none takes longer than the bound, none is
 * allowed that does not parse. What seems slow is measured again, since a collection of garbage may
 * fall into it; the least of five counts.
 */
export function endured(count: number, seed: number): { slowest: number; verdicts: unknown } {
  const policy = corpusPolicy();
  const place = corpusPlace();
  const verdicts = { allow: 0, ask: 0, deny: 0 };
  let slowest = 0;
  for (const text of mangledTexts(count, seed)) {
    const started = cpu();
    const { verdict } = decideCommand(policy, text, place);
    let taken = cpu() - started;
    for (let again = 0; again < 4 && taken > BOUND; again++) {
      const start = cpu();
      decideCommand(policy, text, place);
      taken = Math.min(taken, cpu() - start);
    }
    slowest = Math.max(slowest, taken);
    expect(taken, JSON.stringify(text.slice(0, 300))).toBeLessThan(BOUND);
    verdicts[verdict]++;
    if (verdict === 'allow') expect(parse(text).errors ?? [], text).toEqual([]);
  }
  return { slowest: Math.round(slowest), verdicts };
}

function cpu(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
