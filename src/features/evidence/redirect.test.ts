import { expect, test } from 'vitest';
import { nextHop } from './redirect.ts';

const from = {
  method: 'POST',
  url: new URL('https://a.example/x/y'),
  headers: [
    ['Authorization', 'Bearer t'],
    ['Cookie', 'a=b'],
    ['X-Api-Key', 'k'],
    ['Content-Type', 'application/json'],
    ['Accept', '*/*'],
  ] as const,
  body: new Uint8Array([1]),
};
const to = (status: number, location: string) => ({
  status,
  headers: [['location', location]] as const,
});

test.each([
  [302, 'z', 'GET', 'https://a.example/x/z'],
  [301, '/z?q#f', 'GET', 'https://a.example/z?q#f'],
  [303, '//a.example/z', 'GET', 'https://a.example/z'],
  [307, '/z', 'POST', 'https://a.example/z'],
  [308, '/z', 'POST', 'https://a.example/z'],
])('%i to %s: %s', (status, location, method, url) => {
  const next = nextHop(from, to(status, location));
  expect([next?.method, next?.url.href]).toEqual([method, url]);
  expect(next?.body === null).toBe(method === 'GET');
  const names = next?.headers.map(([name]) => name);
  expect(names).toContain('Authorization');
  expect(names?.includes('Content-Type')).toBe(method === 'POST');
});

test.each(['https://b.example/', 'http://a.example/', 'https://a.example:444/'])(
  'to %s: what opens something stays behind',
  (location) => {
    const next = nextHop(from, to(307, location));
    expect(next?.headers.map(([name]) => name)).toEqual(['Content-Type', 'Accept']);
  },
);

test.each([
  [200, '/z'],
  [304, '/z'],
  [302, 'http://['],
  [302, 'file:///etc/passwd'],
  [302, 'javascript:alert(1)'],
])('%i with %s is not followed', (status, location) => {
  expect(nextHop(from, to(status, location))).toBeNull();
});

test('without an address it is not followed; HEAD stays HEAD', () => {
  expect(nextHop(from, { status: 302, headers: [] })).toBeNull();
  expect(nextHop({ ...from, method: 'HEAD', body: null }, to(303, '/z'))?.method).toBe('HEAD');
});
