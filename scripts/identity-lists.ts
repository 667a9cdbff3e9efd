/**
 * Makes src/features/traffic/identities/snapshot.ts from mirrors of the operators' published lists:
 *
 *     node scripts/identity-lists.ts FOLDER
 *
 * FOLDER holds `history/*.json` ({source, first, last, prefixes: [{prefix, from, to}]}) computed from
 * the git histories of lord-alfred/ipranges (CC0-1.0) and sefinek/known-bots-ip-whitelist (MIT), and
 * today's copies of both in `ipranges/` and `sefinek/lists/`. Lists without a licence are not taken.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  addressKey,
  prefixRange,
  rangePrefixes,
} from '../src/features/traffic/identities/prefix.ts';

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('node scripts/identity-lists.ts FOLDER');

/** The days on which the mirrors were last looked at. */
const IPRANGES = '2026-08-22';
const SEFINEK = '2026-05-05';

interface Row {
  prefix: string;
  from: string;
  to: string | null;
}

interface List {
  id: string;
  kind: 'crawler' | 'network' | 'hosting' | 'proxy';
  source: string;
  first: string;
  last: string;
  changed: string;
  rows: Row[];
}

const text = (path: string) => readFileSync(join(folder, path), 'utf8');
const day = (time: string) => new Date(time).toISOString().slice(0, 10);

function history(files: string[], last: string): Omit<List, 'id' | 'kind' | 'source'> {
  const all = files.map((file) => JSON.parse(text(`history/${file}.json`)));
  const rows: Row[] = all.flatMap(({ prefixes }) =>
    prefixes.map(({ prefix, from, to }: Row) => ({
      prefix: prefix.replaceAll('\u200b', '').trim(),
      from: day(from),
      to: to === null ? null : day(to),
    })),
  );
  const first = all.map((one) => day(one.first)).sort()[0] as string;
  const changed = all
    .map((one) => day(one.last))
    .sort()
    .at(-1) as string;
  return { first, last, changed, rows };
}

/** Space that Googlebot crawled from in China and in its first years; Google lists it no longer. */
const GOOGLE_ONCE: Row[] = ['203.208.32.0/19', '64.68.80.0/20'].map((prefix) => ({
  prefix,
  from: '2003-01-01',
  to: null,
}));

/** Today's copy, as ranges: neighbours become one prefix, for what a network holds as a whole. */
function today(files: string[], last: string): Omit<List, 'id' | 'kind' | 'source'> {
  const ranges = files
    .flatMap((file) => text(file).split('\n'))
    .map((line) => line.replaceAll('\u200b', '').trim())
    .filter((line) => /^[0-9a-f.:]+(\/\d+)?$/i.test(line))
    .map(prefixRange)
    .sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));
  const merged: { from: string; to: string }[] = [];
  for (const range of ranges) {
    const before = merged.at(-1);
    if (before !== undefined && BigInt(`0x${range.from}`) <= BigInt(`0x${before.to}`) + 1n) {
      if (range.to > before.to) before.to = range.to;
    } else merged.push({ ...range });
  }
  const rows = merged.flatMap(rangePrefixes).map((prefix) => ({ prefix, from: last, to: null }));
  return { first: last, last, changed: last, rows };
}

const CC0 = 'github.com/lord-alfred/ipranges, CC0-1.0';
const MIT = 'github.com/sefinek/known-bots-ip-whitelist, MIT';
const sefinek = (name: string) => today([`sefinek/lists/${name}/ips.txt`], SEFINEK);
const ipranges = (...names: string[]) =>
  today(
    names.map((name) => `ipranges/${name}.txt`),
    IPRANGES,
  );

const withRows = <T extends { rows: Row[] }>(list: T, more: Row[]): T => ({
  ...list,
  rows: [...list.rows, ...more],
});

const LISTS: List[] = [
  {
    id: 'googlebot',
    kind: 'crawler',
    source: CC0,
    ...history(['googlebot-ipv4', 'googlebot-ipv6'], IPRANGES),
  },
  {
    id: 'google-special',
    kind: 'crawler',
    source: MIT,
    ...history(['sefinek-google-special-crawlers'], SEFINEK),
  },
  {
    id: 'google-user',
    kind: 'crawler',
    source: MIT,
    ...history(['sefinek-google-user-triggered-fetchers'], SEFINEK),
  },
  { id: 'bing', kind: 'crawler', source: CC0, ...history(['bing-ipv4'], IPRANGES) },
  { id: 'openai', kind: 'crawler', source: CC0, ...history(['openai-ipv4'], IPRANGES) },
  { id: 'claudebot', kind: 'crawler', source: MIT, ...history(['sefinek-claudebot'], SEFINEK) },
  { id: 'perplexity', kind: 'crawler', source: CC0, ...history(['perplexity-ipv4'], IPRANGES) },
  { id: 'duckduckbot', kind: 'crawler', source: CC0, ...history(['duckduckbot-ipv4'], IPRANGES) },
  {
    id: 'duckassistbot',
    kind: 'crawler',
    source: CC0,
    ...history(['duckassistbot-ipv4'], IPRANGES),
  },
  { id: 'applebot', kind: 'crawler', source: MIT, ...sefinek('applebot') },
  { id: 'semrush', kind: 'crawler', source: MIT, ...sefinek('semrush') },
  { id: 'kagi', kind: 'crawler', source: MIT, ...sefinek('kagi') },
  { id: 'uptimerobot', kind: 'crawler', source: MIT, ...sefinek('uptimerobot') },
  { id: 'pingdom', kind: 'crawler', source: MIT, ...sefinek('pingdombot') },
  { id: 'betterstack', kind: 'crawler', source: MIT, ...sefinek('betterstack') },
  {
    id: 'google',
    kind: 'network',
    source: CC0,
    ...withRows(ipranges('google-ipv4', 'google-ipv6'), GOOGLE_ONCE),
  },
  {
    id: 'microsoft',
    kind: 'network',
    source: CC0,
    ...ipranges('microsoft-ipv4', 'microsoft-ipv6'),
  },
  { id: 'facebook', kind: 'network', source: CC0, ...ipranges('facebook-ipv4', 'facebook-ipv6') },
  { id: 'yandex', kind: 'network', source: MIT, ...sefinek('yandexbot') },
  { id: 'telegram', kind: 'network', source: CC0, ...ipranges('telegram-ipv4', 'telegram-ipv6') },
  { id: 'amazon', kind: 'hosting', source: CC0, ...ipranges('amazon-ipv4', 'amazon-ipv6') },
  {
    id: 'digitalocean',
    kind: 'hosting',
    source: CC0,
    ...ipranges('digitalocean-ipv4', 'digitalocean-ipv6'),
  },
  { id: 'linode', kind: 'hosting', source: CC0, ...ipranges('linode-ipv4', 'linode-ipv6') },
  { id: 'oracle', kind: 'hosting', source: CC0, ...ipranges('oracle-ipv4') },
  {
    id: 'cloudflare',
    kind: 'proxy',
    source: CC0,
    ...ipranges('cloudflare-ipv4', 'cloudflare-ipv6'),
  },
];

const lines = LISTS.flatMap(({ id, kind, source, first, last, changed, rows }) => [
  `= ${id} ${kind} ${first} ${last} ${changed} ${source}`,
  ...rows
    .sort((a, b) =>
      (addressKey(a.prefix.split('/')[0] as string) ?? '') <
      (addressKey(b.prefix.split('/')[0] as string) ?? '')
        ? -1
        : 1,
    )
    .map(({ prefix, from, to }) =>
      [prefix, from === first && to === null ? '' : from, to ?? ''].join(' ').trimEnd(),
    ),
]);

writeFileSync(
  join(import.meta.dirname, '../src/features/traffic/identities/snapshot.ts'),
  `// @generated by scripts/identity-lists.ts: address ranges as their operators published them, with
// the days on which mirrors of those lists first and last showed each. Sources and licences stand
// at each list. Thanks to lord-alfred/ipranges (CC0-1.0) and sefinek/known-bots-ip-whitelist (MIT,
// copyright (c) Sefinek).
//
// = id kind first-looked last-looked last-changed source, licence
// prefix [first-seen [gone-by]]; without a day: there from the first look to the last

/** The lists that come with Prooflayer, as text; \`readLists\` reads it. */
export const SNAPSHOT = \`${lines.join('\n')}\n\`;
`,
);
console.log(`${LISTS.length} lists, ${lines.length} lines`);
