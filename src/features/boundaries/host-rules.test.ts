import { expect, it } from 'vitest';
import { hostRules, ruleForHost } from './host-rules.ts';

const rules = hostRules(
  [
    'example.com',
    '*.example.org',
    'db.internal:5432',
    '[::1]:80',
    'https://api.net/',
    '10.0.0.0/8',
  ].map((text) => ({ text, line: null })),
);

it.each([
  ['example.com', 443, 'example.com'],
  ['EXAMPLE.com.', 80, 'example.com'],
  ['example.com', 22, null],
  ['www.example.com', 443, null],
  ['notexample.com', 443, null],
  ['a.example.org', 443, '*.example.org'],
  ['a.b.example.org', 443, '*.example.org'],
  ['example.org', 443, null],
  ['evilexample.org', 443, null],
  ['db.internal', 5432, 'db.internal:5432'],
  ['db.internal', 443, null],
  ['::1', 80, '[::1]:80'],
  ['api.net', 443, 'https://api.net/'],
])('%s:%i', (host, port, rule) => {
  expect(ruleForHost(rules, host, port)?.text ?? null).toBe(rule);
});
