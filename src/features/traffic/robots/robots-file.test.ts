import robotsParser from 'robots-parser';
import { expect, test } from 'vitest';
import { RobotsFile } from './robots-file.ts';

/**
 * Own cases, each after a paragraph of RFC 9309: robots.txt, product token, target, what must come
 * out (`+` allowed, `-` not; with the line of the rule that decides, where one does).
 */
type Case = readonly [
  paragraph: string,
  robots: string,
  token: string,
  target: string,
  expected: string,
];

const both = 'User-agent: a\nDisallow: /own\n\nUser-agent: *\nDisallow: /all\n';
const special = 'User-agent: *\nDisallow: /path/file-with-a-%2A.html\nDisallow: /path/foo-%24\n';

const CASES: readonly Case[] = [
  // 2.1 protocol definition, 2.2 formal syntax
  ['2.2 an empty file allows', '', 'a', '/x', '+'],
  ['2.2 comments alone allow', '# Disallow: /\n', 'a', '/x', '+'],
  ['2.2 a comment behind a rule', 'User-agent: *\nDisallow: /x # not this\n', 'a', '/x', '-2'],
  ['2.2 a comment behind a user-agent', 'User-agent: a # me\nDisallow: /x\n', 'a', '/x', '-2'],
  ['2.2 CR ends a line', 'User-agent: a\rDisallow: /x\r', 'a', '/x', '-2'],
  ['2.2 CRLF ends a line', 'User-agent: a\r\nDisallow: /x\r\n', 'a', '/x', '-2'],
  ['2.2 the last line may lack its end', 'User-agent: a\nDisallow: /x', 'a', '/x', '-2'],
  ['2.2 space before the name', '  User-agent: a\n  Disallow: /x\n', 'a', '/x', '-2'],
  ['2.2 tabs around the colon', 'User-agent\t:\ta\nDisallow\t:\t/x\n', 'a', '/x', '-2'],
  ['2.2 no space after the colon', 'User-agent:a\nDisallow:/x\n', 'a', '/x', '-2'],
  ['2.2 space at the end', 'User-agent: a  \nDisallow: /x  \n', 'a', '/x', '-2'],
  ['2.2 names in capitals', 'USER-AGENT: a\nDISALLOW: /x\n', 'a', '/x', '-2'],
  ['2.2 names in small letters', 'user-agent: a\ndisallow: /x\n', 'a', '/x', '-2'],
  ['2.2 allow in mixed letters', 'user-agent: a\ndisallow: /\naLLoW: /x\n', 'a', '/x', '+3'],
  ['2.2 a line without a colon is no record', 'User-agent: a\nDisallow /x\n', 'a', '/x', '+'],
  ['2.2 a byte order mark', '\ufeffUser-agent: a\nDisallow: /x\n', 'a', '/x', '-2'],
  ['2.2 an unknown record', 'User-agent: a\nFoo: bar\nDisallow: /x\n', 'a', '/x', '-3'],
  ['2.2 a misspelt disallow is unknown', 'User-agent: a\nDisalow: /x\n', 'a', '/x', '+'],
  [
    '2.2 a rule before any user-agent belongs to nobody',
    'Disallow: /x\nUser-agent: a\nDisallow: /y\n',
    'a',
    '/x',
    '+',
  ],
  ['2.2 the rule after it does', 'Disallow: /x\nUser-agent: a\nDisallow: /y\n', 'a', '/y', '-3'],
  ['2.2 an empty line does not end a group', 'User-agent: a\n\nDisallow: /x\n', 'a', '/x', '-3'],
  ['2.2 nor a comment line', 'User-agent: a\n# hello\nDisallow: /x\n', 'a', '/x', '-3'],
  ['2.2 an empty disallow forbids nothing', 'User-agent: a\nDisallow:\n', 'a', '/x', '+'],
  [
    '2.2 an empty allow allows nothing more',
    'User-agent: a\nAllow:\nDisallow: /x\n',
    'a',
    '/x',
    '-3',
  ],
  // 2.2.1 the user-agent line
  ['2.2.1 case of the token', 'User-agent: FooBot\nDisallow: /x\n', 'foobot', '/x', '-2'],
  ['2.2.1 case of the crawler', 'User-agent: foobot\nDisallow: /x\n', 'FOOBOT', '/x', '-2'],
  [
    '2.2.1 a version is no part of the token',
    'User-agent: FooBot/1.0\nDisallow: /x\n',
    'FooBot',
    '/x',
    '-2',
  ],
  [
    '2.2.1 nor is what follows a space',
    'User-agent: FooBot crawler\nDisallow: /x\n',
    'FooBot',
    '/x',
    '-2',
  ],
  [
    '2.2.1 nor a comment in parentheses',
    'User-agent: FooBot (+http://e.org)\nDisallow: /x\n',
    'FooBot',
    '/x',
    '-2',
  ],
  [
    '2.2.1 a longer token is another',
    'User-agent: FooBotNews\nDisallow: /x\n',
    'FooBot',
    '/x',
    '+',
  ],
  ['2.2.1 a shorter token is another', 'User-agent: Foo\nDisallow: /x\n', 'FooBot', '/x', '+'],
  ['2.2.1 hyphens belong to it', 'User-agent: Foo-Bot\nDisallow: /x\n', 'foo-bot', '/x', '-2'],
  ['2.2.1 underscores belong to it', 'User-agent: Foo_Bot\nDisallow: /x\n', 'foo_bot', '/x', '-2'],
  [
    '2.2.1 one of several user-agents',
    'User-agent: a\nUser-agent: b\nDisallow: /x\n',
    'b',
    '/x',
    '-3',
  ],
  ['2.2.1 the other of them', 'User-agent: a\nUser-agent: b\nDisallow: /x\n', 'a', '/x', '-3'],
  ['2.2.1 a third is not meant', 'User-agent: a\nUser-agent: b\nDisallow: /x\n', 'c', '/x', '+'],
  ['2.2.1 the own group, not that of all', both, 'a', '/all', '+'],
  ['2.2.1 rules of the own group', both, 'a', '/own', '-2'],
  ['2.2.1 the group of all for others', both, 'b', '/all', '-5'],
  ['2.2.1 others do not get the own group', both, 'b', '/own', '+'],
  [
    '2.2.1 groups of one token are one',
    'User-agent: a\nDisallow: /x\n\nUser-agent: b\nDisallow: /b\n\nUser-agent: a\nDisallow: /y\n',
    'a',
    '/y',
    '-8',
  ],
  [
    '2.2.1 the first of them stays',
    'User-agent: a\nDisallow: /x\n\nUser-agent: b\nDisallow: /b\n\nUser-agent: a\nDisallow: /y\n',
    'a',
    '/x',
    '-2',
  ],
  [
    '2.2.1 groups of all are one',
    'User-agent: *\nDisallow: /x\n\nUser-agent: *\nDisallow: /y\n',
    'a',
    '/x',
    '-2',
  ],
  [
    '2.2.1 the second of them',
    'User-agent: *\nDisallow: /x\n\nUser-agent: *\nDisallow: /y\n',
    'a',
    '/y',
    '-5',
  ],
  ['2.2.1 no group at all allows', 'User-agent: b\nDisallow: /\n', 'a', '/x', '+'],
  [
    '2.2.1 an own group without rules allows',
    'User-agent: a\n\nUser-agent: *\nDisallow: /\n',
    'a',
    '/x',
    '-4',
  ],
  [
    '2.2.1 an own group with an empty rule allows',
    'User-agent: a\nDisallow:\n\nUser-agent: *\nDisallow: /\n',
    'a',
    '/x',
    '+',
  ],
  ['2.2.1 a star with more behind it', 'User-agent: * everybody\nDisallow: /x\n', 'a', '/x', '-2'],
  ['2.2.1 a star is no part of a token', 'User-agent: foo*\nDisallow: /x\n', 'foobot', '/x', '+'],
  ['2.2.1 no token at all', 'User-agent:\nDisallow: /x\n', 'a', '/x', '+'],
  [
    '2.2.1 a token named like an object’s own',
    'User-agent: __proto__\nDisallow: /x\n',
    '__proto__',
    '/x',
    '-2',
  ],
  ['2.2.1 a crawler named like one', 'User-agent: *\nDisallow: /x\n', 'constructor', '/x', '-2'],
  // 2.2.2 the allow and disallow lines
  [
    '2.2.2 the longest match decides',
    'User-agent: *\nAllow: /p\nDisallow: /\n',
    'a',
    '/page',
    '+2',
  ],
  ['2.2.2 whichever stands first', 'User-agent: *\nDisallow: /\nAllow: /p\n', 'a', '/page', '+3'],
  [
    '2.2.2 a longer disallow',
    'User-agent: *\nAllow: /folder\nDisallow: /folder/private\n',
    'a',
    '/folder/private/x',
    '-3',
  ],
  [
    '2.2.2 beside it',
    'User-agent: *\nAllow: /folder\nDisallow: /folder/private\n',
    'a',
    '/folder/x',
    '+2',
  ],
  ['2.2.2 equally long: allow', 'User-agent: *\nDisallow: /x\nAllow: /x\n', 'a', '/x', '+3'],
  [
    '2.2.2 equally long, the other way about',
    'User-agent: *\nAllow: /x\nDisallow: /x\n',
    'a',
    '/x',
    '+2',
  ],
  ['2.2.2 no match allows', 'User-agent: *\nDisallow: /x\n', 'a', '/y', '+'],
  [
    '2.2.2 a path begins with the rule',
    'User-agent: *\nDisallow: /fish\n',
    'a',
    '/fish.html',
    '-2',
  ],
  ['2.2.2 also deeper', 'User-agent: *\nDisallow: /fish\n', 'a', '/fish/salmon', '-2'],
  ['2.2.2 with a query', 'User-agent: *\nDisallow: /fish\n', 'a', '/fish.php?id=1', '-2'],
  ['2.2.2 the case of paths counts', 'User-agent: *\nDisallow: /fish\n', 'a', '/Fish', '+'],
  ['2.2.2 the beginning is meant', 'User-agent: *\nDisallow: /fish\n', 'a', '/catfish', '+'],
  ['2.2.2 a slash at the end', 'User-agent: *\nDisallow: /fish/\n', 'a', '/fish', '+'],
  ['2.2.2 what is in the folder', 'User-agent: *\nDisallow: /fish/\n', 'a', '/fish/x', '-2'],
  ['2.2.2 everything', 'User-agent: *\nDisallow: /\n', 'a', '/', '-2'],
  ['2.2.2 everything, deeper', 'User-agent: *\nDisallow: /\n', 'a', '/a/b?c', '-2'],
  [
    '2.2.2 robots.txt itself is always allowed',
    'User-agent: *\nDisallow: /\n',
    'a',
    '/robots.txt',
    '+',
  ],
  [
    '2.2.2 what only begins like it is not',
    'User-agent: *\nDisallow: /\n',
    'a',
    '/robots.txt2',
    '-2',
  ],
  [
    '2.2.2 a rule in UTF-8, asked encoded',
    'User-agent: *\nDisallow: /foo/bar/ツ\n',
    'a',
    '/foo/bar/%E3%83%84',
    '-2',
  ],
  [
    '2.2.2 encoded, asked encoded',
    'User-agent: *\nDisallow: /foo/bar/%E3%83%84\n',
    'a',
    '/foo/bar/%E3%83%84',
    '-2',
  ],
  [
    '2.2.2 encoded, asked as bytes',
    'User-agent: *\nDisallow: /foo/bar/%E3%83%84\n',
    'a',
    '/foo/bar/\u00e3\u0083\u0084',
    '-2',
  ],
  [
    '2.2.2 small hex digits',
    'User-agent: *\nDisallow: /foo/%e3%83%84\n',
    'a',
    '/foo/%E3%83%84',
    '-2',
  ],
  [
    '2.2.2 small hex digits in the request',
    'User-agent: *\nDisallow: /foo/%E3%83%84\n',
    'a',
    '/foo/%e3%83%84',
    '-2',
  ],
  [
    '2.2.2 unreserved encoded in the rule',
    'User-agent: *\nDisallow: /foo/bar/%62%61%7A\n',
    'a',
    '/foo/bar/baz',
    '-2',
  ],
  [
    '2.2.2 unreserved encoded in the request',
    'User-agent: *\nDisallow: /foo/bar/baz\n',
    'a',
    '/foo/bar/%62%61%7A',
    '-2',
  ],
  ['2.2.2 a tilde, both ways', 'User-agent: *\nDisallow: /%7Ejoe/\n', 'a', '/~joe/x', '-2'],
  ['2.2.2 a tilde, the other way', 'User-agent: *\nDisallow: /~joe/\n', 'a', '/%7ejoe/x', '-2'],
  [
    '2.2.2 a reserved character stays encoded',
    'User-agent: *\nDisallow: /a%2Fb\n',
    'a',
    '/a/b',
    '+',
  ],
  ['2.2.2 and matches itself', 'User-agent: *\nDisallow: /a%2fb\n', 'a', '/a%2Fb', '-2'],
  ['2.2.2 a question mark encoded is none', 'User-agent: *\nDisallow: /a%3Fb\n', 'a', '/a?b', '+'],
  [
    '2.2.2 a percent sign that encodes nothing',
    'User-agent: *\nDisallow: /100%\n',
    'a',
    '/100%',
    '-2',
  ],
  ['2.2.2 a space encoded', 'User-agent: *\nDisallow: /a b\n', 'a', '/a%20b', '-2'],
  ['2.2.2 the query is part of it', 'User-agent: *\nDisallow: /a?b=c\n', 'a', '/a?b=c&d', '-2'],
  ['2.2.2 another query', 'User-agent: *\nDisallow: /a?b=c\n', 'a', '/a?b=d', '+'],
  ['2.2.2 two slashes are two', 'User-agent: *\nDisallow: //x\n', 'a', '//x/y', '-2'],
  ['2.2.2 and not one', 'User-agent: *\nDisallow: //x\n', 'a', '/x/y', '+'],
  ['2.2.2 a fragment is not asked for', 'User-agent: *\nDisallow: /x\n', 'a', '/y#/x', '+'],
  // 2.2.3 special characters
  ['2.2.3 # begins a comment', 'User-agent: *\nDisallow: /x#y\n', 'a', '/x', '-2'],
  ['2.2.3 $ ends the path', 'User-agent: *\nDisallow: /x$\n', 'a', '/x', '-2'],
  ['2.2.3 $: nothing may follow', 'User-agent: *\nDisallow: /x$\n', 'a', '/xy', '+'],
  ['2.2.3 $: not even a query', 'User-agent: *\nDisallow: /x$\n', 'a', '/x?y', '+'],
  ['2.2.3 $ inside is a character', 'User-agent: *\nDisallow: /a$b\n', 'a', '/a$b', '-2'],
  ['2.2.3 $ inside ends nothing', 'User-agent: *\nDisallow: /a$b\n', 'a', '/a', '+'],
  ['2.2.3 only the root', 'User-agent: *\nDisallow: /$\n', 'a', '/', '-2'],
  ['2.2.3 and nothing below', 'User-agent: *\nDisallow: /$\n', 'a', '/x', '+'],
  ['2.2.3 * is anything', 'User-agent: *\nDisallow: /*.php\n', 'a', '/a/b.php', '-2'],
  ['2.2.3 * is nothing too', 'User-agent: *\nDisallow: /a*b\n', 'a', '/ab', '-2'],
  ['2.2.3 * goes over slashes', 'User-agent: *\nDisallow: /a*/b\n', 'a', '/a/x/y/b', '-2'],
  ['2.2.3 * and $', 'User-agent: *\nDisallow: /*.php$\n', 'a', '/x.php', '-2'],
  ['2.2.3 * and $, with a query', 'User-agent: *\nDisallow: /*.php$\n', 'a', '/x.php?y', '+'],
  ['2.2.3 * at the end adds nothing', 'User-agent: *\nDisallow: /fish*\n', 'a', '/fish.html', '-2'],
  [
    '2.2.3 * in the middle, no match',
    'User-agent: *\nDisallow: /fish*.php\n',
    'a',
    '/Fish.PHP',
    '+',
  ],
  ['2.2.3 several *', 'User-agent: *\nDisallow: /*/x/*/y\n', 'a', '/1/x/2/y', '-2'],
  ['2.2.3 several *, one missing', 'User-agent: *\nDisallow: /*/x/*/y\n', 'a', '/1/x/y', '+'],
  ['2.2.3 * in a query', 'User-agent: *\nDisallow: /*?sort=\n', 'a', '/list?sort=up', '-2'],
  ['2.2.3 * encoded is a star itself', special, 'a', '/path/file-with-a-*.html', '-2'],
  ['2.2.3 and nothing else', special, 'a', '/path/file-with-a-x.html', '+'],
  ['2.2.3 $ encoded is a dollar itself', special, 'a', '/path/foo-$', '-3'],
  ['2.2.3 a rule that is only *', 'User-agent: *\nDisallow: *\n', 'a', '/x', '-2'],
  ['2.2.3 a rule that begins with *', 'User-agent: *\nDisallow: *.gif\n', 'a', '/x/y.gif', '-2'],
  [
    '2.2.3 a longer pattern beats a shorter',
    'User-agent: *\nAllow: /page\nDisallow: /*.htm\n',
    'a',
    '/page.htm',
    '-3',
  ],
  [
    '2.2.3 a rule with $ beats one without',
    'User-agent: *\nAllow: /$\nDisallow: /\n',
    'a',
    '/',
    '+2',
  ],
  ['2.2.3 and only there', 'User-agent: *\nAllow: /$\nDisallow: /\n', 'a', '/page.htm', '-3'],
  // 2.2.4 other records
  [
    '2.2.4 a sitemap does not end a group',
    'User-agent: a\nSitemap: https://e.org/s.xml\nUser-agent: b\nDisallow: /x\n',
    'a',
    '/x',
    '-4',
  ],
  [
    '2.2.4 nor does a crawl delay',
    'User-agent: a\nCrawl-delay: 5\nUser-agent: b\nDisallow: /x\n',
    'a',
    '/x',
    '-4',
  ],
  [
    '2.2.4 nor between rules',
    'User-agent: a\nDisallow: /x\nSitemap: https://e.org/s.xml\nDisallow: /y\n',
    'a',
    '/y',
    '-4',
  ],
  ['2.2.4 a host record', 'User-agent: a\nHost: e.org\nDisallow: /x\n', 'a', '/x', '-3'],
  [
    '2.2.4 Content-Usage is another record',
    'User-agent: a\nContent-Usage: train-ai=n\nDisallow: /x\n',
    'a',
    '/x',
    '-3',
  ],
  // 2.5 limits
  [
    '2.5 a rule far down, within 500 KiB',
    `User-agent: a\n${'# filler\n'.repeat(50_000)}Disallow: /x\n`,
    'a',
    '/x',
    '-50002',
  ],
  // 5.1 simple example, 5.2 longest match
  [
    '5.1 foobot may see example.gif',
    'User-Agent: *\nDisallow: *.gif$\nDisallow: /example/\nAllow: /publications/\n\nUser-Agent: foobot\nDisallow:/\nAllow:/example/page.html\nAllow:/example/allowed.gif\n',
    'foobot',
    '/example/allowed.gif',
    '+9',
  ],
  [
    '5.1 and nothing else',
    'User-Agent: foobot\nDisallow:/\nAllow:/example/page.html\nAllow:/example/allowed.gif\n',
    'foobot',
    '/publications/x',
    '-2',
  ],
  [
    '5.1 others may not have gifs',
    'User-Agent: *\nDisallow: *.gif$\nDisallow: /example/\nAllow: /publications/\n',
    'other',
    '/publications/logo.gif',
    '+4',
  ],
  [
    '5.1 nor the example',
    'User-Agent: *\nDisallow: *.gif$\nDisallow: /example/\nAllow: /publications/\n',
    'other',
    '/example/x',
    '-3',
  ],
  [
    '5.2 the most specific match',
    'User-Agent: foobot\nAllow: /example/page/\nDisallow: /example/page/disallowed.gif\n',
    'foobot',
    '/example/page/disallowed.gif',
    '-3',
  ],
  [
    '5.2 beside it',
    'User-Agent: foobot\nAllow: /example/page/\nDisallow: /example/page/disallowed.gif\n',
    'foobot',
    '/example/page/x.gif',
    '+2',
  ],
];

test.each(CASES)('RFC 9309, %s', (_paragraph, robots, token, target, expected) => {
  const { allowed, line } = new RobotsFile(robots).ruling(token, target);
  expect(`${allowed ? '+' : '-'}${line ?? ''}`).toBe(expected);
});

test('at least 120 cases, no two alike', () => {
  expect(CASES.length).toBeGreaterThanOrEqual(120);
  expect(new Set(CASES.map(([, ...rest]) => rest.join('\n'))).size).toBe(CASES.length);
});

/**
 * Where the library by itself says otherwise, the RFC is right (docs/decisions/0020-traffic.md); the
 * list is complete, so that an update of the library that changes one of them shows here.
 */
test('what robots-parser alone does otherwise', () => {
  const parse = robotsParser as unknown as (
    url: string,
    text: string,
  ) => { isAllowed(url: string, token: string): boolean | undefined };
  const differ = CASES.filter(([, robots, token, target, expected]) => {
    const url = `http://site.invalid${target}`;
    return (
      (parse('http://site.invalid/robots.txt', robots).isAllowed(url, token) !== false) !==
      expected.startsWith('+')
    );
  }).map(([paragraph]) => paragraph);
  expect(differ).toMatchInlineSnapshot(`
    [
      "2.2.1 nor is what follows a space",
      "2.2.1 nor a comment in parentheses",
      "2.2.1 a star with more behind it",
      "2.2.2 robots.txt itself is always allowed",
      "2.2.2 encoded, asked as bytes",
      "2.2.2 unreserved encoded in the rule",
      "2.2.2 unreserved encoded in the request",
      "2.2.2 a tilde, both ways",
      "2.2.2 a tilde, the other way",
      "2.2.3 * encoded is a star itself",
      "2.2.3 $ encoded is a dollar itself",
      "2.2.4 a sitemap does not end a group",
      "2.2.4 nor does a crawl delay",
    ]
  `);
});

test.each(['*', '-', '', '\\x16\\x03', 'example.org:443'])(
  '"%s" is no path, and no rule speaks of it',
  (target) => {
    expect(new RobotsFile('User-agent: *\nDisallow: /\n').ruling('a', target).allowed).toBe(true);
  },
);

test('a whole URL is judged by its path', () => {
  expect(
    new RobotsFile('User-agent: *\nDisallow: /x\n').ruling('a', 'http://e.org/x').allowed,
  ).toBe(false);
});

test('hostile patterns take no hostile time', () => {
  const file = new RobotsFile(`User-agent: *\nDisallow: /${'*a'.repeat(2000)}b\n`);
  const started = performance.now();
  file.ruling('a', `/${'a'.repeat(100_000)}`);
  expect(performance.now() - started).toBeLessThan(3000);
});

test('preferences are read as they are served', () => {
  expect(
    new RobotsFile('User-agent: *\nContent-Usage: train-ai=n\nAllow: /\n').contentUsage(),
  ).toEqual([{ line: 2, text: 'Content-Usage: train-ai=n' }]);
});
