import { shownText } from '../formats/binary-text.ts';
import type { AddressList } from '../identities/address-lists.ts';
import type { Tally } from '../tally/tally.ts';
import type { Browser } from './browser-age.ts';
import { hostingOf, type Reason, reasonsFor } from './reasons.ts';
import { browsersOf, type Group, groupVisitors, joined } from './visitor-groups.ts';

/** Visitors that act as one and do not say who they are. */
export interface Fleet {
  /** `F1`, in the order of requests. */
  name: string;
  requests: number;
  bytes: number;
  addresses: number;
  agents: number;
  /** What they share: an agent, a network, an address. */
  agent: string | null;
  network: string | null;
  reasons: Reason[];
  first: number;
  last: number;
  visitors: readonly number[];
}

export interface Undeclared {
  fleets: Fleet[];
  /** Requests of browsers that fetched what a page needs, or came from other pages. */
  people: { requests: number; addresses: number; bytes: number };
  /** What is left: too little to say. */
  unclear: { requests: number; addresses: number; bytes: number };
  /** Per visitor: 1 likely a person, 2 of a fleet, 3 unclear, 0 declared. */
  classes: Uint8Array;
}

export const DECLARED = 0;
export const PERSON = 1;
export const FLEET = 2;
export const UNCLEAR = 3;

const FEWEST_REQUESTS = 10;
/** A visitor with so many agents, none of which fetches what its pages need, changes them. */
const CHANGING_AGENTS = 4;

/**
 * Finds automation that does not declare itself. Visitors are grouped by agent and network (/16, or
 * /32 of IPv6), since a fleet keeps each address below any threshold; addresses that change agents
 * are a group of their own. Two reasons make a fleet; none of them is a score.
 */
export function findUndeclared(tally: Tally, lists: ReadonlyMap<string, AddressList>): Undeclared {
  const browsers = browsersOf(tally);
  const groups = groupVisitors(tally, browsers);
  const assetsServed = servesAssets(groups);
  const hosting = hostingOf(tally, lists);
  const classes = new Uint8Array(tally.visitors.size);
  const rotating = rotatingAddresses(tally, assetsServed, browsers);
  const fleets: Fleet[] = [];
  for (const [address, visitors] of rotating) {
    const group = joined(tally, visitors);
    const agents = new Set(visitors.map((id) => tally.visitors.agent(id))).size;
    const reasons: Reason[] = [
      { code: 'changing-agents', text: `one address, ${agents} browsers` },
      ...reasonsFor(group, assetsServed, () => hosting([address])),
    ];
    if (reasons.length < 2) continue;
    for (const id of visitors) classes[id] = FLEET;
    fleets.push(fleetOf(group, reasons, agents, null, shownText(tally.addresses.text(address))));
  }
  const agentsLogged = logsAgents(groups);
  for (const group of groups) {
    // A format without agents says nothing of who has none.
    if (group.agent === '' && !agentsLogged) continue;
    const rest = group.visitors.filter((id) => classes[id] !== FLEET);
    if (rest.length < group.visitors.length) continue;
    if (group.requests < FEWEST_REQUESTS || looksHuman(group)) continue;
    const reasons = reasonsFor(group, assetsServed, () =>
      hosting([...group.addresses].slice(0, 200)),
    );
    if (reasons.length >= 2) {
      for (const id of group.visitors) classes[id] = FLEET;
      fleets.push(fleetOf(group, reasons, 1, group.agent, group.network));
    }
  }
  return summed(tally, merged(fleets), classes, assetsServed, browsers);
}

function rotatingAddresses(
  tally: Tally,
  assetsServed: boolean,
  browsers: Browsers,
): Map<number, number[]> {
  const { visitors } = tally;
  const byAddress = new Map<number, number[]>();
  if (!assetsServed) return byAddress;
  for (let id = 0; id < visitors.size; id++) {
    if ((visitors.requests[id] as number) < 5 || (visitors.assets[id] as number) > 0) continue;
    const agent = visitors.agent(id);
    if (tally.claimOf[agent] !== null || browsers(agent) === null) continue;
    const address = visitors.address(id);
    const known = byAddress.get(address);
    if (known === undefined) byAddress.set(address, [id]);
    else known.push(id);
  }
  return new Map([...byAddress].filter(([, ids]) => ids.length >= CHANGING_AGENTS));
}

function fleetOf(
  group: Group,
  reasons: Reason[],
  agents: number,
  agent: string | null,
  network: string | null,
): Fleet {
  return {
    name: '',
    requests: group.requests,
    bytes: group.bytes,
    addresses: group.addresses.size,
    agents,
    agent: agent === null ? null : shownText(agent),
    network,
    reasons,
    first: group.first * 1000,
    last: group.last * 1000,
    visitors: group.visitors,
  };
}

/** The largest first; those that are equal by what they share, so that a second run is the same. */
function merged(fleets: Fleet[]): Fleet[] {
  fleets.sort((a, b) => b.requests - a.requests || b.bytes - a.bytes || compare(a, b));
  return fleets.map((fleet, i) => ({ ...fleet, name: `F${i + 1}` }));
}

function compare(a: Fleet, b: Fleet): number {
  const [one, other] = [a, b].map(({ agent, network }) => `${agent} ${network}`) as [
    string,
    string,
  ];
  return one < other ? -1 : one > other ? 1 : 0;
}

function summed(
  tally: Tally,
  fleets: Fleet[],
  classes: Uint8Array,
  assetsServed: boolean,
  browsers: Browsers,
): Undeclared {
  const { visitors: v } = tally;
  const people = { requests: 0, bytes: 0 };
  const unclear = { requests: 0, bytes: 0 };
  const peopleFrom = new Set<number>();
  const unclearFrom = new Set<number>();
  for (let id = 0; id < v.size; id++) {
    if (tally.claimOf[v.agent(id)] !== null || classes[id] === FLEET) continue;
    const human =
      browsers(v.agent(id)) !== null &&
      (!assetsServed || (v.assets[id] as number) > 0 || (v.referers[id] as number) > 0);
    classes[id] = human ? PERSON : UNCLEAR;
    const [sum, from] = human ? [people, peopleFrom] : [unclear, unclearFrom];
    sum.requests += v.requests[id] as number;
    sum.bytes += v.bytes[id] as number;
    from.add(v.address(id));
  }
  return {
    fleets,
    people: { ...people, addresses: peopleFrom.size },
    unclear: { ...unclear, addresses: unclearFrom.size },
    classes,
  };
}

type Browsers = (agent: number) => Browser | null;

function looksHuman({ pages, assets, referers, requests }: Group): boolean {
  return assets > 0.3 * requests || (pages > 0 && referers > 0.7 * requests);
}

/** Where pages come with hardly any asset for anybody, their absence says nothing. */
function servesAssets(groups: readonly Group[]): boolean {
  let pages = 0;
  let assets = 0;
  for (const group of groups) {
    pages += group.pages;
    assets += group.assets;
  }
  return assets > 0.2 * pages;
}

function logsAgents(groups: readonly Group[]): boolean {
  let without = 0;
  let all = 0;
  for (const { agent, requests } of groups) {
    all += requests;
    if (agent === '') without += requests;
  }
  return without < 0.9 * all;
}
