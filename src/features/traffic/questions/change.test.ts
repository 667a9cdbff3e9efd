import { expect, test } from 'vitest';
import { changesSince } from './change.ts';
import type { Report } from './report.ts';

const HOUR = 3_600_000;

function report(
  hours: number,
  identities: Record<string, number>,
  fleets: Record<string, number> = {},
): Report {
  return {
    from: 0,
    to: hours * HOUR,
    identities: Object.entries(identities).map(([claimed, requests]) => ({
      claimed,
      verdict: 'verified',
      requests,
    })),
    fleets: Object.entries(fleets).map(([network, requests], i) => ({
      name: `F${i + 1}`,
      agent: 'a',
      network,
      requests,
    })),
  } as unknown as Report;
}

/** Requests of a bot in 24 hours before, in one hour now, whether that is a change. */
const CASES: readonly [before: number, now: number, changed: boolean][] = [
  [0, 19, false],
  [0, 20, true],
  [2400, 100, false],
  [2400, 250, false],
  [2400, 300, true],
  [240, 29, false],
  [240, 35, true],
  [24, 20, true],
];

test.each(CASES)('%i a day, then %i in an hour: %s', (before, now, changed) => {
  const found = changesSince(
    report(24, before === 0 ? {} : { GPTBot: before }),
    report(1, { GPTBot: now }),
  );
  expect(found.length > 0).toBe(changed);
});

test('a fleet is known again whatever its number', () => {
  const before = report(1, {}, { '192.0.0.0/16': 500, '198.51.0.0/16': 100 });
  const now = report(1, {}, { '198.51.0.0/16': 110, '203.0.0.0/16': 400 });
  expect(changesSince(before, now)).toEqual([
    { subject: 'fleet of a from 203.0.0.0/16', requests: 400, expected: 0 },
  ]);
});
