import { expect, test } from 'vitest';
import { hostProblem } from './host-rule.ts';

test.each([
  'https://x.test',
  'x.test/path',
  '*',
  '',
  'a b',
  'x.test:99999',
  'x.test:0',
  '*x.test',
  '..',
  '-x',
])('%j is refused', (text) => expect(hostProblem(text)).not.toBe(null));

test.each([
  'localhost',
  '127.0.0.1',
  'x',
  'a_b.test',
  '*.x.test',
  'x.test.',
  'x.test:1',
  '[fe80::1]:80',
  '10.0.0.0/8',
  'fd00::/8',
])('%j is taken', (text) => expect(hostProblem(text)).toBe(null));
