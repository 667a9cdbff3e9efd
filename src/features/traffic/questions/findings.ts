import type { Finding } from '../../../core/entries/traffic-kinds.ts';
import { textOrder } from './identities.ts';
import type { Report } from './report.ts';

/** A numbered statement; which lines it rests on follows from its subject. */
export type Statement = Omit<Finding, 'places' | 'kept'>;

const MOST_IDENTITIES = 60;
const MOST_FLEETS = 30;

/**
 * The findings of a report, numbered from 1: those shown to be false first, then the others by
 * requests, the quarantine last.
 */
export function findingsOf(report: Report): Statement[] {
  const identities = report.identities
    .slice(0, MOST_IDENTITIES)
    .map(({ claimed, verdict, requests, addresses, bytes }) => ({
      subject: `${verdict}:${claimed}`,
      first: verdict === 'contradicted' ? 0 : 1,
      requests,
      addresses,
      bytes,
    }));
  const fleets = report.fleets
    .slice(0, MOST_FLEETS)
    .map(({ name, requests, addresses, bytes }) => ({
      subject: `fleet:${name}`,
      first: 1,
      requests,
      addresses,
      bytes,
    }));
  const ordered = [...identities, ...fleets].sort(
    (a, b) => a.first - b.first || b.requests - a.requests || textOrder(a.subject, b.subject),
  );
  const { quarantined } = report.lines;
  const quarantine = {
    subject: 'quarantine',
    first: 2,
    requests: quarantined,
    addresses: 0,
    bytes: 0,
  };
  return [...ordered, ...(quarantined > 0 ? [quarantine] : [])].map(({ first: _, ...one }, i) => ({
    n: i + 1,
    ...one,
    permille: Math.floor(
      (1000 * one.requests) /
        Math.max(1, one.subject === 'quarantine' ? report.lines.in : report.requests),
    ),
  }));
}
