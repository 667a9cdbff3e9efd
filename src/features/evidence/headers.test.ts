import { expect, test } from 'vitest';
import { compileMaskRules } from '../../ledger/mask/mask-rules.ts';
import { isWithheld, readHeader, secretsInHeaders, storedHeaders } from './headers.ts';

const rules = compileMaskRules({ hmacKey: new Uint8Array(32), ownValues: [] });

test.each([
  ['Accept: text/html', ['Accept', 'text/html']],
  ['X-Empty:', ['X-Empty', '']],
  ['A:b:c', ['A', 'b:c']],
])('%s', (text, pair) => {
  expect(readHeader(text)).toEqual(pair);
});

test.each(['', 'no colon', ': x', 'A B: x', 'A: x\r\nB: y', 'A: x\nB', 'A: \u2603', 'A: \0'])(
  '%j is refused, and not repeated',
  (text) => {
    expect(() => readHeader(text)).toThrow(expect.objectContaining({ code: 'http.bad-header' }));
  },
);

test.each([
  ['Authorization', true],
  ['PROXY-authorization', true],
  ['Cookie', true],
  ['set-cookie', true],
  ['X-Api-Key', true],
  ['X-Auth-Token', true],
  ['X-CSRF-Token', true],
  ['X-Client-Secret', true],
  ['Content-Type', false],
  ['ETag', false],
  ['WWW-Authenticate', false],
])('%s is withheld: %s', (name, withheld) => {
  expect(isWithheld(name)).toBe(withheld);
  expect(storedHeaders(rules, [[name, 'value']])).toEqual([
    { name, value: withheld ? null : 'value' },
  ]);
});

test('the secrets in them, so that an echo of them is struck out', () => {
  const basic = Buffer.from('ada:correct horse').toString('base64');
  const found = secretsInHeaders([
    ['Authorization', `Basic ${basic}`],
    ['authorization', 'Bearer abc'],
    ['Cookie', 'a=one; sid=two=2'],
    ['Set-Cookie', 'sid=three; Path=/; HttpOnly'],
    ['X-Api-Key', 'four'],
    ['Accept', 'five'],
  ]);
  expect(found.map(({ value }) => value)).toEqual([
    basic,
    'ada:correct horse',
    'correct horse',
    'abc',
    'one',
    'two=2',
    'three',
    'four',
  ]);
});

test('however much comes, little is stored; a secret is struck out before anything is cut', () => {
  const secret = `ghp_${'a1B2'.repeat(9)}`;
  const many = Array.from({ length: 300 }, (_, i) => [`X-${i}`, 'y'.repeat(5_000)] as const);
  const stored = storedHeaders(rules, [['X-Long', `${'x'.repeat(1_980)} ${secret}`], ...many]);
  const text = JSON.stringify(stored);
  expect(text.length).toBeLessThan(20_000);
  expect(stored[0]?.value).toContain('[REDACTED');
  expect(text).not.toContain(secret.slice(0, 12));
});
