import { describe, expect, test } from 'vitest';
import { rangesWith, readLists } from './address-lists.ts';
import { ClaimReader } from './claimed.ts';
import { OPERATORS } from './operators.ts';
import {
  addressKey,
  isPrivate,
  keyAddress,
  networkOf,
  prefixRange,
  rangePrefixes,
} from './prefix.ts';
import { SNAPSHOT } from './snapshot.ts';
import { judge } from './verdict.ts';

const shipped = readLists(SNAPSHOT);

function operator(name: string) {
  const found = OPERATORS.find((one) => one.name === name);
  if (found === undefined) throw new Error(name);
  return found;
}

/** Claimed name, address, time, verdict. */
const CASES: readonly [string, string, string, string][] = [
  ['Googlebot', '66.249.66.1', '2024-06-01', 'verified'],
  ['Googlebot', '66.249.66.1', '2026-08-21', 'verified'],
  ['Googlebot', '66.249.66.1', '2026-11-21', 'verified'],
  ['Googlebot', '66.249.73.135', '2015-05-18', 'consistent'],
  ['Googlebot', '203.0.113.9', '2026-05-01', 'contradicted'],
  ['Googlebot', '203.0.113.9', '2015-05-18', 'contradicted'],
  ['Googlebot', '2001:4860:4801:10::1', '2026-05-01', 'verified'],
  ['Googlebot', '2001:db8::1', '2026-05-01', 'contradicted'],
  ['Googlebot', '10.0.0.7', '2026-05-01', 'unknown'],
  ['Googlebot', 'crawl.example.net', '2026-05-01', 'unknown'],
  ['Bingbot', '157.55.39.7', '2023-05-01', 'verified'],
  ['Bingbot', '157.55.33.18', '2015-05-18', 'unknown'],
  ['Bingbot', '157.55.39.7', '2019-01-22', 'consistent'],
  ['Bingbot', '203.0.113.9', '2023-05-01', 'contradicted'],
  ['Bingbot', '203.0.113.9', '2019-05-01', 'unknown'],
  ['Bingbot', '2001:db8::7', '2023-05-01', 'unknown'],
  ['Applebot', '17.58.98.1', '2019-01-22', 'unknown'],
  ['GPTBot', '203.0.113.9', '2026-05-01', 'contradicted'],
  ['GPTBot', '203.0.113.9', '2022-05-01', 'unknown'],
  ['Baiduspider', '203.0.113.9', '2026-05-01', 'unknown'],
  ['Bytespider', '203.0.113.9', '2026-05-01', 'unverifiable'],
  ['facebookexternalhit', '203.0.113.9', '2026-05-01', 'unknown'],
];

test.each(CASES)('%s from %s on %s: %s', (name, address, day, verdict) => {
  expect(
    judge(operator(name), addressKey(address), Date.parse(`${day}T12:00:00Z`), shipped).verdict,
  ).toBe(verdict);
});

describe('a list with days', () => {
  const lists = readLists(
    '= openai crawler 2026-01-01 2026-08-01 2026-07-25 test\n192.0.2.0/24\n198.51.100.0/24 2026-03-01 2026-06-01\n',
  );
  const at = (address: string, day: string) =>
    judge(operator('ChatGPT-User'), addressKey(address), Date.parse(day), lists);

  test.each([
    ['198.51.100.7', '2026-02-01', 'contradicted'],
    ['198.51.100.7', '2026-05-01', 'verified'],
    ['198.51.100.7', '2026-07-01', 'contradicted'],
    ['192.0.2.1', '2026-05-01', 'verified'],
    ['203.0.113.1', '2026-08-05', 'contradicted'],
    ['203.0.113.1', '2026-10-05', 'unknown'],
    ['203.0.113.1', '2025-10-05', 'unknown'],
    ['192.0.2.1', '2025-10-05', 'consistent'],
    // Listed for 212 days at the last look: taken to stay for as long.
    ['192.0.2.1', '2026-12-05', 'verified'],
    ['192.0.2.1', '2027-12-05', 'consistent'],
  ])('%s on %s: %s', (address, day, verdict) => {
    expect(at(address, day).verdict).toBe(verdict);
  });

  test('says since when it is gone', () => {
    expect(at('198.51.100.7', '2026-07-01').basis).toBe('off its list since 1 Jun 2026');
  });
});

describe('reverse DNS', () => {
  const google = operator('Googlebot');
  const key = addressKey('203.0.113.9');
  const answer = {
    address: '203.0.113.9',
    confirmed: [] as string[],
    forged: [] as string[],
    failed: null as string | null,
    asked: Date.parse('2026-08-10'),
  };
  const at = Date.parse('2026-08-01');
  const bare = readLists('');

  test.each([
    ['confirmed', { ...answer, confirmed: ['crawl-1.googlebot.com'] }, 'verified'],
    ['forged', { ...answer, forged: ['crawl-66-249-66-1.googlebot.com'] }, 'contradicted'],
    ['somebody else', { ...answer, confirmed: ['host.example.net'] }, 'contradicted'],
    [
      'a name that only ends like it',
      { ...answer, confirmed: ['evilgooglebot.com'] },
      'contradicted',
    ],
    ['no name', answer, 'unknown'],
    ['a failure', { ...answer, failed: 'SERVFAIL' }, 'unknown'],
  ])('%s', (_name, dns, verdict) => {
    expect(judge(google, key, at, bare, dns).verdict).toBe(verdict);
  });
});

test('what DNS says today says nothing against a log of long ago', () => {
  const bing = operator('Bingbot');
  const key = addressKey('157.55.33.18');
  const answer = {
    address: '',
    confirmed: ['host.example.net'],
    forged: [],
    failed: null,
    asked: Date.parse('2026-08-10'),
  };
  expect(judge(bing, key, Date.parse('2015-05-18'), shipped, answer).verdict).toBe('unknown');
  const still = { ...answer, confirmed: ['msnbot-157-55-33-18.search.msn.com'] };
  expect(judge(bing, key, Date.parse('2015-05-18'), shipped, still).verdict).toBe('consistent');
});

test('every operator names lists that are shipped', () => {
  for (const { lists, network } of OPERATORS) {
    for (const id of [...lists, ...(network === undefined ? [] : [network.list])])
      expect(shipped.has(id)).toBe(true);
  }
});

test.each([
  [
    'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
    'Googlebot',
    'search engine',
  ],
  ['Googlebot-Image/1.0', 'Googlebot', 'search engine'],
  [
    'Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)',
    'GPTBot',
    'AI training',
  ],
  ['facebookexternalhit/1.1 Facebot Twitterbot/1.0', 'iMessage preview', 'link preview'],
  [
    'Feedly/1.0 (+http://www.feedly.com/fetcher.html; like FeedFetcher-Google)',
    'Feedly',
    'feed reader',
  ],
  ['curl/8.5.0', 'curl', 'script'],
  [
    'Mozilla/5.0 (compatible; MJ12bot/v1.4.5; http://www.majestic12.co.uk/bot.php?+)',
    'MJ12bot',
    'marketing',
  ],
  ['Mozilla/5.0 (compatible; FooBarBot/1.0; +https://example.org)', 'FooBarBot', 'other'],
])('%s is %s', (agent, name, purpose) => {
  expect(new ClaimReader().claimOf(agent)).toMatchObject({ name, purpose });
});

test.each(['Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0', ''])(
  '"%s" claims nothing',
  (agent) => {
    expect(new ClaimReader().claimOf(agent)).toBe(null);
  },
);

test('addresses and prefixes', () => {
  expect(keyAddress(addressKey('192.0.2.7') ?? '')).toBe('192.0.2.7');
  expect(keyAddress(addressKey('2001:db8::7') ?? '')).toBe('2001:db8::7');
  for (const none of ['', 'example.org', '1.2', '017700000001', '300.1.1.1', ':', '1.2.3.4.5']) {
    expect([none, addressKey(none)]).toEqual([none, null]);
  }
  expect(rangePrefixes(prefixRange('192.0.2.0/23'))).toEqual(['192.0.2.0/23']);
  expect(networkOf('192.0.2.77')).toBe('192.0.2.0/24');
  expect(networkOf('2001:db8:1:2::77')).toBe('2001:db8:1::/48');
  expect(isPrivate(addressKey('192.168.3.4') ?? '')).toBe(true);
  expect(isPrivate(addressKey('203.0.113.4') ?? '')).toBe(false);
  expect(() => prefixRange('192.0.2.0/33')).toThrow(RangeError);
});

test('ranges inside ranges are all found', () => {
  const list = readLists(
    '= x crawler 2026-01-01 2026-01-01 2026-01-01 test\n10.0.0.0/8\n10.1.0.0/16\n10.1.2.0/24\n11.0.0.0/8\n',
  ).get('x');
  expect(list && rangesWith(list, addressKey('10.1.2.3') ?? '').length).toBe(3);
  expect(list && rangesWith(list, addressKey('10.200.0.1') ?? '').length).toBe(1);
  expect(list && rangesWith(list, addressKey('12.0.0.1') ?? '').length).toBe(0);
});
