import * as z from 'zod/mini';
import { once } from '../core/once.ts';
import { instantOf } from '../features/traffic/keep-investigation.ts';
import type { Statement } from '../features/traffic/questions/findings.ts';
import type { Report } from '../features/traffic/questions/report.ts';

const collateral = once(() =>
  z.object({
    people: z.int().check(z.describe('addresses from which likely people come too')),
    searchEngines: z.int(),
    linkPreviews: z.int(),
    feedReaders: z.int(),
    uptimeChecks: z.int(),
  }),
);
const sums = once(() => z.object({ requests: z.int(), addresses: z.int(), bytes: z.int() }));
const instant = () => z.nullable(z.string().check(z.describe('RFC 3339')));

/** The documented JSON shape of an investigation. */
export const reportJson = once(() =>
  z.object({
    entry: z.nullable(z.string()).check(z.describe('null without a ledger: nothing is kept')),
    lines: z.object({ in: z.int(), parsed: z.int(), quarantined: z.int() }),
    requests: z.int(),
    before: z.int().check(z.describe('requests left out by --since')),
    bytes: z.int(),
    from: instant(),
    to: instant(),
    sources: z.array(
      z.object({
        name: z.string(),
        format: z.string(),
        compression: z.enum(['none', 'gzip', 'zstd']),
        bytes: z.int(),
        lines: z.int(),
        sha256: z.string().check(z.describe('of the unpacked content')),
        cutOff: z.nullable(z.string()),
      }),
    ),
    quarantine: z.array(
      z.object({
        reason: z.string(),
        lines: z.int(),
        first: z.object({ source: z.int(), offset: z.int(), length: z.int() }),
      }),
    ),
    days: z.array(z.object({ day: z.string(), requests: z.int(), bytes: z.int() })),
    identities: z.array(
      z.object({
        claimed: z.string(),
        verdict: z.enum(['verified', 'consistent', 'contradicted', 'unknown', 'unverifiable']),
        purpose: z.string(),
        requests: z.int(),
        quarantined: z.int().check(z.describe('of the requests, on lines cut off in the middle')),
        addresses: z.int(),
        bytes: z.int(),
        micros: z.int().check(z.describe('microseconds spent on them, where the log says')),
        unchanged: z.int().check(z.describe('answered 304')),
        errors: z.int().check(z.describe('answered 400 and more')),
        first: instant(),
        last: instant(),
        bases: z.array(z.object({ basis: z.string(), requests: z.int() })),
        largest: z.array(z.object({ address: z.string(), requests: z.int() })),
        robots: z.nullable(
          z.object({
            allowed: z.int(),
            unaware: z.int(),
            grace: z.int(),
            violations: z.int(),
            unattributable: z.int(),
            lines: z.array(z.object({ line: z.int(), requests: z.int() })),
            exempt: z.boolean(),
          }),
        ),
        block: z.string(),
        collateral: z.nullable(collateral()),
      }),
    ),
    fleets: z.array(
      z.object({
        name: z.string(),
        requests: z.int(),
        bytes: z.int(),
        addresses: z.int(),
        agents: z.int(),
        agent: z.nullable(z.string()),
        network: z.nullable(z.string()),
        reasons: z.array(z.object({ code: z.string(), text: z.string() })),
        first: instant(),
        last: instant(),
        collateral: collateral(),
      }),
    ),
    moreFleets: z.object({ fleets: z.int(), requests: z.int(), bytes: z.int() }),
    people: sums(),
    unclear: sums(),
    settledByDns: z.int(),
    settledByLists: z.int(),
    behindProxy: z.nullable(z.object({ who: z.string(), share: z.int() })),
    contentUsage: z.array(z.object({ line: z.int(), text: z.string() })),
    findings: z.array(
      z.object({
        n: z.int(),
        subject: z.string(),
        requests: z.int(),
        addresses: z.int(),
        bytes: z.int(),
        permille: z.int(),
      }),
    ),
  }),
);
export type ReportJson = z.infer<ReturnType<typeof reportJson>>;

/** A report with its times as RFC 3339. */
export function toReportJson(
  report: Report,
  findings: readonly Statement[],
  entry: string | null,
): ReportJson {
  const times = <T extends { first: number; last: number }>(one: T) => ({
    ...one,
    first: instantOf(one.first),
    last: instantOf(one.last),
  });
  return {
    entry,
    ...report,
    from: instantOf(report.from),
    to: instantOf(report.to),
    days: report.days.map(({ day, ...rest }) => ({
      day: new Date(day * 86_400_000).toISOString().slice(0, 10),
      ...rest,
    })),
    identities: report.identities.map(times),
    fleets: report.fleets.map(times),
    findings: [...findings],
  };
}
