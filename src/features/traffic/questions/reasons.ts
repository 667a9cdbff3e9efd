import { type AddressList, rangesWith } from '../identities/address-lists.ts';
import { addressKey } from '../identities/prefix.ts';
import type { Tally } from '../tally/tally.ts';
import { browserAge } from './browser-age.ts';
import type { Group } from './visitor-groups.ts';

/** Why visitors are taken for a program, each a fact of its own that can be looked up. */
export interface Reason {
  code:
    | 'robots-txt'
    | 'no-assets'
    | 'no-referer'
    | 'old-browser'
    | 'old-protocol'
    | 'even-intervals'
    | 'changing-agents'
    | 'many-addresses'
    | 'hosting'
    | 'misses'
    | 'costly-pages';
  text: string;
}

/** All that speaks for a program behind this group; none of it is a score. */
export function reasonsFor(
  group: Group,
  assetsServed: boolean,
  hosting: () => string | null,
): Reason[] {
  const { browser, requests, pages } = group;
  const reasons: Reason[] = [];
  const add = (code: Reason['code'], text: string) => reasons.push({ code, text });
  const named = browser === null ? 'a program' : 'a browser';
  if (browser !== null && group.robots > 0)
    add('robots-txt', `${group.robots} × robots.txt, as a browser`);
  if (assetsServed && pages >= 5 && group.assets === 0)
    add('no-assets', `${pages} pages, nothing that belongs to them`);
  if (pages >= 5 && group.referers === 0) add('no-referer', 'never came from another page');
  const age = browser === null ? null : browserAge(browser, group.last * 1000);
  if (browser !== null && age !== null && age > 3)
    add('old-browser', `${browser.family} ${browser.version}, ${Math.floor(age)} years old`);
  if (browser !== null && browser.version > 20 && group.oldProtocol > 0.9 * requests)
    add('old-protocol', `${browser.family} ${browser.version} over HTTP/1.0`);
  const mean = group.gaps / group.gapCount;
  const spread = Math.sqrt(Math.max(0, group.gapSquares / group.gapCount - mean * mean));
  if (group.gapCount >= 20 && mean >= 1 && spread < 0.2 * mean)
    add('even-intervals', `every ${Math.round(mean)} s`);
  if (group.addresses.size >= 10 && requests / group.addresses.size < 5)
    add(
      'many-addresses',
      `${group.addresses.size} addresses of one network, ${(requests / group.addresses.size).toFixed(1)} requests each`,
    );
  // The dearest question is asked only where its answer can matter.
  const host = reasons.length === 0 || requests < 10 ? null : hosting();
  if (host !== null) add('hosting', `from ${host}, where servers are rented`);
  if (requests >= 20 && group.notFound > 0.5 * requests)
    add('misses', `${group.notFound} of ${requests} asked for what is not there`);
  if (pages >= 20 && group.costly > 0.5 * pages)
    add('costly-pages', `${group.costly} of ${pages} pages are costly ones`);
  if (browser === null && reasons.length > 0)
    reasons.unshift({ code: 'no-assets', text: `${named}: its agent names no browser` });
  return reasons;
}

/** Tells in whose rented network most of some addresses are, or null. */
export function hostingOf(tally: Tally, lists: ReadonlyMap<string, AddressList>) {
  const hosts = [...lists.values()].filter(({ kind }) => kind === 'hosting');
  return (addresses: readonly number[]): string | null => {
    const counts = new Map<string, number>();
    for (const id of addresses) {
      const key = addressKey(tally.addresses.text(id));
      const host =
        key === null ? undefined : hosts.find((list) => rangesWith(list, key).length > 0);
      if (host !== undefined) counts.set(host.id, (counts.get(host.id) ?? 0) + 1);
    }
    const [most] = [...counts].sort((a, b) => b[1] - a[1]);
    return most !== undefined && most[1] * 2 > addresses.length
      ? (HOSTS[most[0]] ?? most[0])
      : null;
  };
}

const HOSTS: Readonly<Record<string, string>> = {
  amazon: 'Amazon’s network',
  digitalocean: 'DigitalOcean’s network',
  linode: 'Linode’s network',
  oracle: 'Oracle’s network',
};
