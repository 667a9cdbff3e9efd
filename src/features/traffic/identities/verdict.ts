import { type AddressList, holdsUntil, rangeHoldsUntil, rangesWith } from './address-lists.ts';
import { dayText } from './day.ts';
import type { Operator } from './operator.ts';
import { isPrivate } from './prefix.ts';

/**
 * Whether a visitor is who it says.
 *
 * `verified`: its operator's list of that day has the address, or its name resolves both ways.
 * `consistent`: nothing of that day proves it, but the address is the operator's by another list.
 * `contradicted`: the list of that day does not have it, or it lies outside all the operator has.
 * `unknown`: no list held here speaks for that day. `unverifiable`: the operator published no way.
 */
export type Verdict = 'verified' | 'consistent' | 'contradicted' | 'unknown' | 'unverifiable';

export interface Judged {
  verdict: Verdict;
  /** What it rests on, for people: `list of 22 Aug 2026`. */
  basis: string;
  /** The list, by id, or `dns`. */
  by: string | null;
}

/** What reverse DNS said of an address, asked once and kept. */
export interface DnsAnswer {
  address: string;
  /** Names it has, that resolve back to it. */
  confirmed: readonly string[];
  /** Names it has, that do not: anybody can write them. */
  forged: readonly string[];
  /** Why there is no answer; a failure is never a verdict. */
  failed: string | null;
  /** When it was asked, in milliseconds. */
  asked: number;
}

/** Judges one address of one claim at one time. `key` is the address's, null for a host name. */
export function judge(
  operator: Operator | null,
  key: string | null,
  at: number,
  lists: ReadonlyMap<string, AddressList>,
  dns: DnsAnswer | null = null,
): Judged {
  if (
    operator === null ||
    (operator.lists.length === 0 && operator.dns.length === 0 && operator.network === undefined)
  ) {
    return {
      verdict: 'unverifiable',
      basis: 'publishes no way to verify it that is known here',
      by: null,
    };
  }
  const byName = dns === null ? null : judgeDns(operator, dns, at);
  if (byName?.verdict === 'verified') return byName;
  if (key === null)
    return (
      byName ?? { verdict: 'unknown', basis: 'the log has a host name, not an address', by: null }
    );
  if (isPrivate(key)) {
    return {
      verdict: 'unknown',
      basis: 'an address inside a network: a proxy stands before the log',
      by: null,
    };
  }
  const byList = judgeLists(operator, key, at, lists);
  if (byList.verdict === 'verified' || byList.verdict === 'contradicted') return byList;
  return byName ?? byList;
}

function judgeLists(
  operator: Operator,
  key: string,
  at: number,
  all: ReadonlyMap<string, AddressList>,
): Judged {
  const lists = operator.lists.flatMap((id) => all.get(id) ?? []);
  let other: Judged | null = null;
  for (const list of lists) {
    const ranges = rangesWith(list, key);
    const then = ranges.find(
      (range) =>
        at >= list.first - DAY &&
        at >= range.since - DAY &&
        at < rangeHoldsUntil(list, range) + DAY,
    );
    if (then !== undefined) {
      const day = Math.min(at, list.last);
      return { verdict: 'verified', basis: `list of ${dayText(day)}`, by: list.id };
    }
    const once = ranges.at(-1);
    if (once !== undefined && !covers(list, at, key)) {
      const day = at < list.first ? list.first : list.last;
      other = {
        verdict: 'consistent',
        basis: `on its list of ${dayText(day)}; none of that day is kept`,
        by: list.id,
      };
    }
  }
  if (other !== null) return other;
  const covering = lists.find((list) => covers(list, at, key));
  // Where an operator has several lists, all of them must speak before one is called false.
  if (covering !== undefined && lists.every((list) => covers(list, at, key))) {
    const gone = lists
      .flatMap((list) => rangesWith(list, key))
      .find(({ until }) => until !== null && until <= at);
    const basis =
      gone === undefined
        ? `not on its list of ${dayText(Math.min(at, covering.last))}`
        : `off its list since ${dayText(gone.until as number)}`;
    return { verdict: 'contradicted', basis, by: covering.id };
  }
  return judgeNetwork(operator, key, at, all) ?? noList(operator, lists, at);
}

/** A network is no proof of the crawler, for others rent in it; being outside of all of it is. */
function judgeNetwork(
  operator: Operator,
  key: string,
  at: number,
  all: ReadonlyMap<string, AddressList>,
): Judged | null {
  const list = all.get(operator.network?.list ?? '');
  if (list === undefined) return null;
  const inside = rangesWith(list, key).length > 0;
  if (!inside && operator.network?.whole === true) {
    return {
      verdict: 'contradicted',
      basis: `outside all of its operator’s network (${dayText(list.last)})`,
      by: list.id,
    };
  }
  if (!inside) return null;
  if (operator.lists.length === 0) {
    return {
      verdict: 'consistent',
      basis: `in its operator’s network (${dayText(list.last)})`,
      by: list.id,
    };
  }
  return {
    verdict: 'unknown',
    basis: `no list of ${dayText(at)} is kept; in its operator’s network today`,
    by: list.id,
  };
}

function noList(operator: Operator, lists: readonly AddressList[], at: number): Judged {
  if (lists.length === 0) {
    return {
      verdict: 'unknown',
      basis:
        operator.dns.length > 0 ? 'its way is reverse DNS: --dns asks' : 'no list is kept here',
      by: null,
    };
  }
  const newest = lists.reduce((a, b) => (a.last > b.last ? a : b));
  const age = at > newest.last ? `; the newest is of ${dayText(newest.last)}` : '';
  return { verdict: 'unknown', basis: `no list of ${dayText(at)} is kept${age}`, by: null };
}

/** Names change hands: today's say little of a log of years ago, and nothing against it. */
function judgeDns(operator: Operator, dns: DnsAnswer, at: number): Judged | null {
  if (operator.dns.length === 0 || dns.failed !== null) return null;
  const own = (name: string) =>
    operator.dns.some((suffix) => name.toLowerCase().replace(/\.$/, '').endsWith(suffix));
  const apart = Math.abs(at - dns.asked);
  const name = dns.confirmed.find(own);
  if (name !== undefined) {
    const verdict = apart <= DNS_PROVES ? 'verified' : 'consistent';
    return { verdict, basis: `reverse DNS of ${dayText(dns.asked)}: ${name}`, by: 'dns' };
  }
  if (apart > DNS_DISPROVES) return null;
  const forged = dns.forged.find(own);
  const basis =
    forged === undefined
      ? 'its reverse DNS names somebody else'
      : `its reverse DNS says ${forged}, which does not resolve back`;
  return forged !== undefined || dns.confirmed.length > 0
    ? { verdict: 'contradicted', basis, by: 'dns' }
    : null;
}

const DAY = 86_400_000;
/** How far the asking may be from the request. */
const DNS_PROVES = 365 * DAY;
const DNS_DISPROVES = 30 * DAY;

/** Whether a list speaks for a day, and for this kind of address. */
function covers(list: AddressList, at: number, key: string): boolean {
  const v4 = key.startsWith('00000000000000000000ffff');
  const family = list.ranges.some(({ from }) => from.startsWith('00000000000000000000ffff') === v4);
  return family && at >= list.first - DAY && at < holdsUntil(list) + DAY;
}
