import { type Cited, MOST_PLACES } from '../cited-lines.ts';
import type { Purpose } from '../identities/operator.ts';
import type { Investigated, InvestigateOptions } from '../investigate.ts';
import { FLEET, PERSON } from '../questions/undeclared.ts';
import { type LogInput, readSource } from '../reader/log-source.ts';
import { type LinePlace, Tally } from '../tally/tally.ts';
import { matcher, type Rule } from './rule.ts';

/** Whom a rule would have hit, and whom nobody meant. */
export type HitClass =
  | 'false names'
  | 'undeclared fleets'
  | 'declared programs'
  | 'search engines'
  | 'link previews'
  | 'feed readers'
  | 'uptime checks'
  | 'likely people'
  | 'not told';

/** What nobody wants to hit unless it was named. */
export const COLLATERAL: readonly HitClass[] = [
  'search engines',
  'link previews',
  'feed readers',
  'uptime checks',
  'likely people',
];

/** A cell of the table: one rule, one class. Its lines can be opened. */
export interface Cell extends Cited {
  rule: number;
  action: Rule['action'];
  hit: HitClass;
  requests: number;
  addresses: number;
  bytes: number;
}

export interface Simulation {
  cells: Cell[];
  /** Requests that any rule hits, and bytes that would not have been sent. */
  requests: number;
  bytes: number;
  all: number;
}

const CLASS_OF: Partial<Record<Purpose, HitClass>> = {
  'search engine': 'search engines',
  'link preview': 'link previews',
  'feed reader': 'feed readers',
  'uptime check': 'uptime checks',
};

/**
 * Replays rules on the logs an investigation read. A request counts under the first rule that hits
 * it, as a server would apply them. Limits count all that the limit would look at.
 */
export async function simulate(
  inputs: readonly LogInput[],
  options: InvestigateOptions,
  { undeclared, tally: before }: Investigated,
  rules: readonly Rule[],
): Promise<Simulation> {
  const matchers = rules.map((rule) => ({ rule, hits: matcher(rule) }));
  const cells = new Map<string, Cell & { from: Set<string> }>();
  const result = { requests: 0, bytes: 0, all: before.requests };
  const tally = new Tally({ ...options, obedience: null });
  for (const [source, input] of inputs.entries()) {
    await readSource(input, options, (columns) => {
      tally.add(columns, source, ({ place, visitor, row, address, agent, target, bytes }) => {
        const found = matchers.find(({ hits }) => hits(address(), agent(), target()));
        if (found === undefined) return;
        result.requests++;
        if (bytes > 0) result.bytes += bytes;
        const hit = classOf(row, undeclared.classes[visitor] ?? 0);
        const key = `${found.rule.n} ${hit}`;
        let cell = cells.get(key);
        if (cell === undefined) {
          cell = {
            n: 0,
            total: 0,
            places: [],
            rule: found.rule.n,
            action: found.rule.action,
            hit,
            requests: 0,
            addresses: 0,
            bytes: 0,
            from: new Set(),
          };
          cells.set(key, cell);
        }
        count(cell, place, address(), bytes);
      });
    });
  }
  const ordered = [...cells.values()].sort(
    (a, b) => a.rule - b.rule || b.requests - a.requests || (a.hit < b.hit ? -1 : 1),
  );
  return {
    ...result,
    cells: ordered.map(({ from, ...cell }, i) => ({ ...cell, n: i + 1, addresses: from.size })),
  };
}

function count(
  cell: Cell & { from: Set<string> },
  place: LinePlace,
  address: string,
  bytes: number,
): void {
  cell.requests++;
  cell.total++;
  if (bytes > 0) cell.bytes += bytes;
  cell.from.add(address);
  if (cell.places.length < MOST_PLACES) cell.places.push(place);
}

function classOf(
  row: { judged: { verdict: string }; claim: { purpose: Purpose } } | null,
  visitorClass: number,
): HitClass {
  if (row !== null) {
    if (row.judged.verdict === 'contradicted') return 'false names';
    return CLASS_OF[row.claim.purpose] ?? 'declared programs';
  }
  if (visitorClass === FLEET) return 'undeclared fleets';
  return visitorClass === PERSON ? 'likely people' : 'not told';
}
