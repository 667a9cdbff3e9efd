import { expect, it } from 'vitest';
import { compileMaskRules } from '../../src/ledger/mask/mask-rules.ts';
import { StreamMask } from '../../src/ledger/mask/stream-mask.ts';

/**
 * What makes a careless pattern quadratic. Nothing is timed: on 20 MB anything but linear work would
 * take hours and meet the runner's own limit. What is held meanwhile is measured.
 */
const OWN = 'aaaaaaaaaaaaaaaaaaaaaaab';
const rules = compileMaskRules({
  hmacKey: new Uint8Array(32),
  ownValues: [{ name: 'OWN_TOKEN', value: OWN }],
});
const BEGIN = `-----BEGIN RSA ${'PRIVATE'} KEY-----`;
const END = BEGIN.replace('BEGIN', 'END');

const LONG = 20_000_000;
const SHORT = 4_000_000;

it.each([
  ['eyJ', LONG],
  ['a', LONG],
  [' ', LONG],
  ['://', LONG],
  ['password=', LONG],
  [`${'AK'}IA`, LONG],
  ['-----BEGIN ', LONG],
  [BEGIN, LONG],
  [`${BEGIN}\n`, SHORT],
  [`${BEGIN} x ${END}`, SHORT],
  [`${BEGIN}\n${`${'A'.repeat(64)}\n`.repeat(3)}`, SHORT],
  [`${BEGIN}\n\n\n`, SHORT],
  [`eyJ${'a'.repeat(40)}.`, SHORT],
  ['eyJaaaaaaaa.b.', SHORT],
  ['a://b:c@', SHORT],
  ['x://a:', SHORT],
  ['password=$', SHORT],
  ['password="', SHORT],
  ['password=\\"', SHORT],
  ['password="token=\'secret=`', SHORT],
  ['token:', SHORT],
  ['token : ', SHORT],
  ['--token ', SHORT],
  [`password=${'.'.repeat(16_000)}b`, SHORT],
  [`${'A'.repeat(60)}_PASSWORD=$`, SHORT],
  ['authorization:bearer+op:', SHORT],
  ['sk-proj-', SHORT],
  [`${'gh'}p_`, SHORT],
  ['SG.aaaaaaaaaaaaaaaaa.', SHORT],
  ['\\', SHORT],
  ['\x1b[0m', SHORT],
  ['-', SHORT],
  ['\n', SHORT],
])('%j, again and again', (unit, bytes) => {
  const input = Buffer.alloc(bytes, unit);
  const mask = new StreamMask(rules);
  const step = 65_536;
  for (let at = 0; at < input.length; at += step) {
    const end = Math.min(input.length, at + step);
    const { consumed } = mask.push(input.subarray(at, end));
    expect(end - consumed).toBeLessThan(64 * 1024 + 2 * rules.window);
  }
  expect(mask.end().consumed).toBe(bytes);
});

it('single bytes without a line end are not looked at again and again', () => {
  const mask = new StreamMask(rules);
  const input = Buffer.alloc(2_000_000, 'password of a line ');
  for (let at = 0; at < input.length; at++) mask.push(input.subarray(at, at + 1));
  expect(mask.end().consumed).toBe(input.length);
});
