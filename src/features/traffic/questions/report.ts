import { shownText } from '../formats/binary-text.ts';
import type { Refusal } from '../formats/record.ts';
import { type AddressList, rangesWith } from '../identities/address-lists.ts';
import { addressKey, isPrivate } from '../identities/prefix.ts';
import type { SourceFacts } from '../reader/log-source.ts';
import type { Obedience } from '../robots/obedience.ts';
import type { LinePlace, Tally } from '../tally/tally.ts';
import { type Collateral, Neighbours } from './collateral.ts';
import { type Identity, identitiesOf, textOrder } from './identities.ts';
import { type Fleet, findUndeclared, type Undeclared } from './undeclared.ts';

/** The answer of an investigation. Whole numbers only; a pure function of the logs and the lists. */
export interface Report {
  sources: SourceFacts[];
  lines: { in: number; parsed: number; quarantined: number };
  quarantine: { reason: Refusal; lines: number; first: LinePlace }[];
  requests: number;
  before: number;
  bytes: number;
  from: number | null;
  to: number | null;
  days: { day: number; requests: number; bytes: number }[];
  identities: (Identity & { collateral: Collateral | null })[];
  fleets: (Omit<Fleet, 'visitors'> & { collateral: Collateral })[];
  /** Those beyond the largest, in sum. */
  moreFleets: { fleets: number; requests: number; bytes: number };
  people: Undeclared['people'];
  unclear: Undeclared['unclear'];
  /** Requests under names whose verdict reverse DNS would settle. */
  settledByDns: number;
  /** Requests under names whose verdict newer lists might settle. */
  settledByLists: number;
  behindProxy: { who: string; share: number } | null;
  contentUsage: { line: number; text: string }[];
}

const MOST_FLEETS = 200;

/** A report, and what it rests on: which visitors are which. */
export interface Answer {
  report: Report;
  undeclared: Undeclared;
}

export function answer(
  tally: Tally,
  sources: SourceFacts[],
  lists: ReadonlyMap<string, AddressList>,
  obedience: Obedience | null,
): Answer {
  const undeclared = findUndeclared(tally, lists);
  const identities = identitiesOf(tally, obedience !== null);
  const neighbours = new Neighbours(tally, undeclared.classes);
  const shown = undeclared.fleets.slice(0, MOST_FLEETS);
  const more = undeclared.fleets.slice(MOST_FLEETS);
  const report: Report = {
    sources,
    lines: tally.lines,
    quarantine: [...tally.refusals]
      .map(([reason, found]) => ({ reason, ...found }))
      .filter(({ reason }) => reason !== 'directive')
      .sort((a, b) => b.lines - a.lines || textOrder(a.reason, b.reason)),
    requests: tally.requests,
    before: tally.before,
    bytes: tally.bytes,
    from: Number.isFinite(tally.first) ? tally.first : null,
    to: Number.isFinite(tally.last) ? tally.last : null,
    days: [...tally.days]
      .filter(([day]) => Number.isFinite(day))
      .map(([day, sums]) => ({ day, ...sums }))
      .sort((a, b) => a.day - b.day),
    identities: identities.map((identity) => ({
      ...identity,
      collateral:
        identity.verdict === 'contradicted' ? collateralOfFalse(tally, neighbours, identity) : null,
    })),
    fleets: shown.map(({ visitors, ...fleet }) => {
      const own = new Set(visitors);
      const addresses = new Set(visitors.map((id) => tally.visitors.address(id)));
      return {
        ...fleet,
        collateral: neighbours.collateral(addresses, (id) => own.has(id)),
      };
    }),
    moreFleets: {
      fleets: more.length,
      requests: more.reduce((sum, { requests }) => sum + requests, 0),
      bytes: more.reduce((sum, { bytes }) => sum + bytes, 0),
    },
    people: undeclared.people,
    unclear: undeclared.unclear,
    ...settled(tally),
    behindProxy: behindProxy(tally, lists),
    contentUsage: obedience?.versions.at(-1)?.file.contentUsage() ?? [],
  };
  return { report, undeclared };
}

function collateralOfFalse(
  tally: Tally,
  neighbours: Neighbours,
  { claimed }: Identity,
): Collateral {
  const addresses = new Set<number>();
  for (const { claim, address, judged } of tally.claims.rows) {
    if (claim.name === claimed && judged.verdict === 'contradicted') addresses.add(address);
  }
  return neighbours.collateral(addresses, (_id, claim) => claim?.name === claimed);
}

function settled(tally: Tally): Pick<Report, 'settledByDns' | 'settledByLists'> {
  let settledByDns = 0;
  let settledByLists = 0;
  for (const { claim, judged, requests } of tally.claims.rows) {
    if (judged.verdict !== 'unknown' && judged.verdict !== 'consistent') continue;
    if ((claim.operator?.dns.length ?? 0) > 0) settledByDns += requests;
    else if ((claim.operator?.lists.length ?? 0) > 0) settledByLists += requests;
  }
  return { settledByDns, settledByLists };
}

/** Where nearly all requests come from one proxy's addresses, no verdict can be trusted. */
function behindProxy(tally: Tally, lists: ReadonlyMap<string, AddressList>): Report['behindProxy'] {
  const proxies = [...lists.values()].filter(({ kind }) => kind === 'proxy');
  const { visitors } = tally;
  const requests = new Map<string, number>();
  const whoIs = new Map<number, string | null>();
  for (let id = 0; id < visitors.size; id++) {
    const address = visitors.address(id);
    let who = whoIs.get(address);
    if (who === undefined) {
      const key = addressKey(tally.addresses.text(address));
      who =
        key === null
          ? null
          : isPrivate(key)
            ? 'private'
            : (proxies.find((list) => rangesWith(list, key).length > 0)?.id ?? null);
      whoIs.set(address, who);
    }
    if (who !== null)
      requests.set(who, (requests.get(who) ?? 0) + (visitors.requests[id] as number));
  }
  const [most] = [...requests].sort((a, b) => b[1] - a[1]);
  if (most === undefined || most[1] < 0.8 * tally.requests || tally.requests < 10) return null;
  return { who: shownText(most[0]), share: Math.floor((1000 * most[1]) / tally.requests) };
}
