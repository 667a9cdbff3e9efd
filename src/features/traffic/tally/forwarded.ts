import { addressKey, prefixRange, type Range } from '../identities/prefix.ts';

/**
 * Who asked, behind proxies one has declared. Anybody can send X-Forwarded-For: it is believed only
 * from a declared proxy, and then from its right end, up to the first address that is none.
 */
export class TrustedProxies {
  readonly #ranges: readonly Range[];
  readonly #known = new Map<string, boolean>();

  /** Prefixes or addresses; throws a RangeError on anything else. */
  constructor(prefixes: readonly string[]) {
    this.#ranges = prefixes.map(prefixRange);
  }

  /** The client, or null where the address itself is nobody's proxy. */
  clientOf(address: string, forwarded: string): string | null {
    if (!this.#trusts(address)) return null;
    const hops = forwarded.split(',').map((hop) => hop.trim());
    for (let i = hops.length - 1; i >= 0; i--) {
      const hop = hops[i] as string;
      if (addressKey(hop) === null) return null;
      if (!this.#trusts(hop)) return hop;
    }
    return hops[0] ?? null;
  }

  #trusts(address: string): boolean {
    const known = this.#known.get(address);
    if (known !== undefined) return known;
    const key = addressKey(address);
    const trusted = key !== null && this.#ranges.some(({ from, to }) => key >= from && key <= to);
    if (this.#known.size < 100_000) this.#known.set(address, trusted);
    return trusted;
  }
}
