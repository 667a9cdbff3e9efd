import { addressKey } from '../identities/prefix.ts';
import type { Tally } from '../tally/tally.ts';
import { type Browser, browserOf } from './browser-age.ts';

/** Undeclared visitors of one network with one agent, counted together. */
export interface Group {
  agent: string;
  browser: Browser | null;
  network: string;
  visitors: number[];
  addresses: Set<number>;
  requests: number;
  bytes: number;
  pages: number;
  assets: number;
  robots: number;
  referers: number;
  costly: number;
  notFound: number;
  oldProtocol: number;
  gaps: number;
  gapSquares: number;
  gapCount: number;
  first: number;
  last: number;
}

/**
 * Groups visitors that declare nothing by agent and network (/16, or /32 of IPv6): a fleet keeps
 * each of its addresses below any threshold.
 */
export function groupVisitors(tally: Tally, browsers: (agent: number) => Browser | null): Group[] {
  const { visitors } = tally;
  const groups = new Map<string, Group>();
  const networks = new Map<number, string>();
  for (let id = 0; id < visitors.size; id++) {
    const agentId = visitors.agent(id);
    if (tally.claimOf[agentId] !== null) continue;
    const address = visitors.address(id);
    let network = networks.get(address);
    if (network === undefined) {
      network = coarseNetwork(tally.addresses.text(address));
      networks.set(address, network);
    }
    const key = `${agentId}\n${network}`;
    let group = groups.get(key);
    if (group === undefined) {
      const agent = tally.agents.text(agentId);
      group = emptyGroup(agent, network, browsers(agentId));
      groups.set(key, group);
    }
    include(group, tally, id);
  }
  return [...groups.values()];
}

function emptyGroup(agent: string, network: string, browser: Browser | null): Group {
  return {
    agent,
    browser,
    network,
    visitors: [],
    addresses: new Set(),
    requests: 0,
    bytes: 0,
    pages: 0,
    assets: 0,
    robots: 0,
    referers: 0,
    costly: 0,
    notFound: 0,
    oldProtocol: 0,
    gaps: 0,
    gapSquares: 0,
    gapCount: 0,
    first: Number.POSITIVE_INFINITY,
    last: 0,
  };
}

function include(group: Group, { visitors: v }: Tally, id: number): void {
  const of = (column: Uint32Array | Float64Array | Uint16Array) => column[id] as number;
  group.visitors.push(id);
  group.addresses.add(v.address(id));
  group.requests += of(v.requests);
  group.bytes += of(v.bytes);
  group.pages += of(v.pages);
  group.assets += of(v.assets);
  group.robots += of(v.robots);
  group.referers += of(v.referers);
  group.costly += of(v.costly);
  group.notFound += of(v.notFound);
  group.oldProtocol += of(v.oldProtocol);
  group.gaps += of(v.gaps);
  group.gapSquares += of(v.gapSquares);
  group.gapCount += of(v.requests) - 1;
  group.first = Math.min(group.first, of(v.first));
  group.last = Math.max(group.last, of(v.last));
}

/** The browser each agent claims to be, by the agent's number, looked at once each. */
export function browsersOf(tally: Tally): (agent: number) => Browser | null {
  const known: (Browser | null | undefined)[] = [];
  return (agent) => {
    const before = known[agent];
    if (before !== undefined) return before;
    const browser = browserOf(tally.agents.text(agent));
    known[agent] = browser;
    return browser;
  };
}

/** Visitors as one group, whatever they share. */
export function joined(tally: Tally, visitors: readonly number[]): Group {
  const group = emptyGroup('', '', { family: 'other', version: 0 });
  for (const id of visitors) include(group, tally, id);
  return group;
}

/** The /16 of an IPv4 address, the /32 of an IPv6 one, by its text; a host name is its own. */
function coarseNetwork(address: string): string {
  if (addressKey(address) === null) return address;
  if (!address.includes(':')) {
    const second = address.indexOf('.', address.indexOf('.') + 1);
    return `${address.slice(0, second)}.0.0/16`;
  }
  return `${address.split(':').slice(0, 2).join(':')}::/32`;
}
