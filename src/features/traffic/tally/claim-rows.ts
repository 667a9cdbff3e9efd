import type { AddressList } from '../identities/address-lists.ts';
import type { Claim } from '../identities/claimed.ts';
import { addressKey } from '../identities/prefix.ts';
import { type DnsAnswer, type Judged, judge } from '../identities/verdict.ts';
import { PairTable } from './pair-table.ts';

/** What one address did under one claimed name on one day. */
export interface ClaimRow {
  claim: Claim;
  address: number;
  /** Days since 1970; NaN for logs without time. */
  day: number;
  judged: Judged;
  requests: number;
  /** Of them on lines cut off in the middle, which are in quarantine. */
  quarantined: number;
  bytes: number;
  micros: number;
  unchanged: number;
  errors: number;
  first: number;
  last: number;
  rules: RuleCounts | null;
}

/** How its requests stood to robots.txt (design 6, *Obeys?*). */
export interface RuleCounts {
  allowed: number;
  unaware: number;
  grace: number;
  violation: number;
  /** Line of robots.txt broken most, and how often each. */
  lines: Map<number, number>;
}

/** All rows, judged when they begin: a verdict is of an address on a day. */
export class ClaimRows {
  readonly rows: ClaimRow[] = [];
  readonly #names = new Map<string, number>();
  readonly #days = new PairTable();
  readonly #pairs = new PairTable();
  readonly #lists: ReadonlyMap<string, AddressList>;
  readonly #dns: ReadonlyMap<string, DnsAnswer>;

  constructor(lists: ReadonlyMap<string, AddressList>, dns: ReadonlyMap<string, DnsAnswer>) {
    this.#lists = lists;
    this.#dns = dns;
  }

  /** `name` is the address's text. */
  rowOf(claim: Claim, address: number, name: string, time: number): ClaimRow {
    const day = Math.floor(time / DAY);
    let claimId = this.#names.get(claim.name);
    if (claimId === undefined) {
      claimId = this.#names.size;
      this.#names.set(claim.name, claimId);
    }
    const id = this.#pairs.idOf(this.#days.idOf(claimId, Number.isNaN(day) ? 0 : day), address);
    const known = this.rows[id];
    if (known !== undefined) return known;
    const noon = Number.isNaN(day) ? Number.NaN : day * DAY + DAY / 2;
    const judged = judge(
      claim.operator,
      addressKey(name),
      noon,
      this.#lists,
      this.#dns.get(name) ?? null,
    );
    const row: ClaimRow = {
      claim,
      address,
      day,
      judged,
      requests: 0,
      quarantined: 0,
      bytes: 0,
      micros: 0,
      unchanged: 0,
      errors: 0,
      first: time,
      last: time,
      rules: null,
    };
    this.rows.push(row);
    return row;
  }
}

const DAY = 86_400_000;
