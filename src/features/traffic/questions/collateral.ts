import type { Claim } from '../identities/claimed.ts';
import type { Purpose } from '../identities/operator.ts';
import type { Tally } from '../tally/tally.ts';
import { PERSON } from './undeclared.ts';

/** Who else comes from the addresses that a block would shut out. */
export interface Collateral {
  /** Addresses from which somebody comes who is likely a person. */
  people: number;
  /** Names that are not shown to be false, by purpose. */
  searchEngines: number;
  linkPreviews: number;
  feedReaders: number;
  uptimeChecks: number;
}

/** Visitors by their address, made once: a log may hold thousands of fleets. */
export class Neighbours {
  readonly #tally: Tally;
  readonly #classes: Uint8Array;
  readonly #starts: Uint32Array;
  readonly #visitors: Uint32Array;

  constructor(tally: Tally, classes: Uint8Array) {
    const { visitors, addresses } = tally;
    this.#tally = tally;
    this.#classes = classes;
    this.#starts = new Uint32Array(addresses.size + 1);
    this.#visitors = new Uint32Array(visitors.size);
    for (let id = 0; id < visitors.size; id++)
      this.#starts[visitors.address(id) + 1] =
        (this.#starts[visitors.address(id) + 1] as number) + 1;
    for (let i = 1; i < this.#starts.length; i++)
      this.#starts[i] = (this.#starts[i] as number) + (this.#starts[i - 1] as number);
    const next = this.#starts.slice();
    for (let id = 0; id < visitors.size; id++) {
      const at = next[visitors.address(id)] as number;
      this.#visitors[at] = id;
      next[visitors.address(id)] = at + 1;
    }
  }

  /** Counts the others on these addresses: visitors for which `own` is false. */
  collateral(
    addresses: ReadonlySet<number>,
    own: (visitor: number, claim: Claim | null) => boolean,
  ): Collateral {
    const people = new Set<number>();
    const names = new Map<Purpose, Set<string>>();
    for (const address of addresses) {
      const end = this.#starts[address + 1] as number;
      for (let i = this.#starts[address] as number; i < end; i++) {
        const id = this.#visitors[i] as number;
        const claim = this.#tally.claimOf[this.#tally.visitors.agent(id)] ?? null;
        if (own(id, claim)) continue;
        if (claim === null) {
          if (this.#classes[id] === PERSON) people.add(address);
          continue;
        }
        const known = names.get(claim.purpose);
        if (known === undefined) names.set(claim.purpose, new Set([claim.name]));
        else known.add(claim.name);
      }
    }
    const count = (purpose: Purpose) => names.get(purpose)?.size ?? 0;
    return {
      people: people.size,
      searchEngines: count('search engine'),
      linkPreviews: count('link preview'),
      feedReaders: count('feed reader'),
      uptimeChecks: count('uptime check'),
    };
  }
}
