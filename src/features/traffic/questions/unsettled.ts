import { shownText } from '../formats/binary-text.ts';
import { addressKey, isPrivate } from '../identities/prefix.ts';
import type { Tally } from '../tally/tally.ts';

/** Addresses asked for at most; those with the most requests first. */
const MOST_ASKED = 2_000;

/** Addresses whose claim no list settles and reverse DNS could, the largest first. */
export function unsettledAddresses(tally: Tally): string[] {
  const requests = new Map<string, number>();
  for (const { claim, judged, address, requests: count } of tally.claims.rows) {
    if (judged.verdict === 'verified' || (claim.operator?.dns.length ?? 0) === 0) continue;
    const text = shownText(tally.addresses.text(address));
    const key = addressKey(text);
    if (key === null || isPrivate(key)) continue;
    requests.set(text, (requests.get(text) ?? 0) + count);
  }
  return [...requests]
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, MOST_ASKED)
    .map(([address]) => address);
}
