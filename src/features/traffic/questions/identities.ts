import { shownText } from '../formats/binary-text.ts';
import { COST_OF_BLOCK, type Purpose } from '../identities/operator.ts';
import type { Verdict } from '../identities/verdict.ts';
import type { ClaimRow } from '../tally/claim-rows.ts';
import type { Tally } from '../tally/tally.ts';

/** Everybody who used one name, with one verdict. */
export interface Identity {
  claimed: string;
  verdict: Verdict;
  purpose: Purpose;
  requests: number;
  /** Of the requests, those on lines cut off in the middle, which are in quarantine. */
  quarantined: number;
  addresses: number;
  bytes: number;
  micros: number;
  unchanged: number;
  errors: number;
  first: number;
  last: number;
  /** What the verdict rests on, with the requests of each. */
  bases: { basis: string; requests: number }[];
  /** Addresses with the most requests. */
  largest: { address: string; requests: number }[];
  robots: RobotsSummary | null;
  /** What a block would cost, were it this operator. */
  block: string;
}

export interface RobotsSummary {
  allowed: number;
  unaware: number;
  grace: number;
  violations: number;
  /** Not charged to the operator: whoever asked only used its name. */
  unattributable: number;
  /** The rules broken, by the line of robots.txt. */
  lines: { line: number; requests: number }[];
  /** A person asked for it: robots.txt does not speak to it. */
  exempt: boolean;
}

const LARGEST = 100;
const BASES = 10;

/** Sums the rows of each name and verdict; the largest first, in one order always. */
export function identitiesOf(tally: Tally, withRobots: boolean): Identity[] {
  const groups = new Map<string, ClaimRow[]>();
  for (const row of tally.claims.rows) {
    const key = `${row.claim.name}\n${row.judged.verdict}`;
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [row]);
    else known.push(row);
  }
  return [...groups.values()]
    .map((rows) => identityOf(tally, rows, withRobots))
    .sort(
      (a, b) =>
        b.requests - a.requests ||
        textOrder(a.claimed, b.claimed) ||
        textOrder(a.verdict, b.verdict),
    );
}

function identityOf(tally: Tally, rows: readonly ClaimRow[], withRobots: boolean): Identity {
  const [{ claim, judged }] = rows as [ClaimRow];
  const sum = (of: (row: ClaimRow) => number) => rows.reduce((total, row) => total + of(row), 0);
  const byAddress = counted(rows, ({ address }) => shownText(tally.addresses.text(address)));
  const bases = counted(rows, ({ judged: { basis } }) => basis);
  return {
    claimed: claim.name,
    verdict: judged.verdict,
    purpose: claim.purpose,
    requests: sum(({ requests }) => requests),
    quarantined: sum(({ quarantined }) => quarantined),
    addresses: byAddress.length,
    bytes: sum(({ bytes }) => bytes),
    micros: sum(({ micros }) => micros),
    unchanged: sum(({ unchanged }) => unchanged),
    errors: sum(({ errors }) => errors),
    first: rows.reduce((least, { first }) => Math.min(least, first), Number.POSITIVE_INFINITY),
    last: rows.reduce((most, { last }) => Math.max(most, last), Number.NEGATIVE_INFINITY),
    bases: bases.slice(0, BASES).map(([basis, requests]) => ({ basis, requests })),
    largest: byAddress.slice(0, LARGEST).map(([address, requests]) => ({ address, requests })),
    robots: withRobots ? robotsOf(rows) : null,
    block: COST_OF_BLOCK[claim.purpose],
  };
}

function counted(rows: readonly ClaimRow[], of: (row: ClaimRow) => string): [string, number][] {
  const counts = new Map<string, number>();
  for (const row of rows) counts.set(of(row), (counts.get(of(row)) ?? 0) + row.requests);
  return [...counts].sort((a, b) => b[1] - a[1] || textOrder(a[0], b[0]));
}

function robotsOf(rows: readonly ClaimRow[]): RobotsSummary {
  const summary: RobotsSummary = {
    allowed: 0,
    unaware: 0,
    grace: 0,
    violations: 0,
    unattributable: 0,
    lines: [],
    exempt: rows[0]?.claim.operator?.userTriggered === true,
  };
  const lines = new Map<number, number>();
  for (const { rules, judged } of rows) {
    if (rules === null) continue;
    summary.allowed += rules.allowed;
    if (judged.verdict === 'contradicted') {
      summary.unattributable += rules.unaware + rules.grace + rules.violation;
      continue;
    }
    summary.unaware += rules.unaware;
    summary.grace += rules.grace;
    summary.violations += rules.violation;
    for (const [line, requests] of rules.lines) lines.set(line, (lines.get(line) ?? 0) + requests);
  }
  summary.lines = [...lines]
    .map(([line, requests]) => ({ line, requests }))
    .sort((a, b) => b.requests - a.requests || a.line - b.line);
  return summary;
}

/** By code units: the same everywhere, whatever the locale. */
export function textOrder(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
