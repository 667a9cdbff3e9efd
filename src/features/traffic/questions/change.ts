import type { Report } from './report.ts';

/** Somebody who comes much more than before, or was not there at all. */
export interface Change {
  /** `contradicted:Googlebot`, or a fleet by its agent and network. */
  subject: string;
  requests: number;
  /** As many as the baseline's rate gives for a time as long; 0 for somebody new. */
  expected: number;
}

/** Fewer requests than this are nothing to wake anybody for. */
const FEWEST = 20;
/** Much larger: three times as many, and more than chance makes of a rate. */
const TIMES = 3;
const DEVIATIONS = 4;

/**
 * Compares a report with an earlier one, by requests an hour. Chance is taken to be that of
 * independent arrivals (a deviation is the root of what is expected); bursts are wider than that,
 * which is why a factor of three is asked for besides.
 */
export function changesSince(baseline: Report, now: Report): Change[] {
  const before = ratesOf(baseline);
  const hours = hoursOf(now);
  return [...requestsOf(now)]
    .map(([subject, requests]) => ({
      subject,
      requests,
      expected: Math.round((before.get(subject) ?? 0) * hours),
    }))
    .filter(({ requests, expected }) => {
      if (requests < FEWEST) return false;
      return requests >= TIMES * expected && requests > expected + DEVIATIONS * Math.sqrt(expected);
    })
    .sort((a, b) => b.requests - a.requests || (a.subject < b.subject ? -1 : 1));
}

function ratesOf(report: Report): Map<string, number> {
  const hours = hoursOf(report);
  return new Map([...requestsOf(report)].map(([subject, requests]) => [subject, requests / hours]));
}

/** At least a quarter of one: of a single moment no rate can be told. */
function hoursOf({ from, to }: Report): number {
  return Math.max(0.25, ((to ?? 0) - (from ?? 0)) / 3_600_000);
}

/** A fleet has a new number in each report: it is told by what its visitors share. */
function requestsOf({ identities, fleets }: Report): Map<string, number> {
  return new Map([
    ...identities.map(
      ({ verdict, claimed, requests }) => [`${verdict}:${claimed}`, requests] as const,
    ),
    ...fleets.map(
      ({ agent, network, requests }) =>
        [`fleet of ${agent ?? 'changing agents'} from ${network ?? 'anywhere'}`, requests] as const,
    ),
  ]);
}
