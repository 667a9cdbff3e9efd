import { expect, test } from 'vitest';
import { readAddress, secretsInAddress } from './address.ts';

const read = (text: string) => readAddress(text, ['http:', 'https:', 'file:'], 'example');

test.each([
  ['localhost:3000', 'http://localhost:3000/'],
  ['localhost', 'http://localhost/'],
  ['app.localhost:80/x', 'http://app.localhost/x'],
  ['127.0.0.1:8080/a?b#c', 'http://127.0.0.1:8080/a?b#c'],
  ['[::1]:3000', 'http://[::1]:3000/'],
  ['example.org', 'https://example.org/'],
  ['example.org:8443/x', 'https://example.org:8443/x'],
  ['http://example.org', 'http://example.org/'],
  ['HTTP://EXAMPLE.org', 'http://example.org/'],
  ['  http://localhost:1 ', 'http://localhost:1/'],
  ['file:///tmp/x.html', 'file:///tmp/x.html'],
  ['http://xn--bcher-kva.example', 'http://xn--bcher-kva.example/'],
])('%s is %s', (text, href) => {
  expect(read(text).href).toBe(href);
});

test.each([
  ['javascript:alert(1)', 'address.refused'],
  ['JavaScript:1', 'address.refused'],
  ['data:text/html,x', 'address.refused'],
  ['about:blank', 'address.refused'],
  ['view-source:http://x', 'address.refused'],
  ['chrome://settings', 'address.refused'],
  ['ftp://x', 'address.refused'],
  ['blob:http://x/1', 'address.refused'],
  ['http://', 'address.unreadable'],
  ['http://a b', 'address.unreadable'],
  ['localhost:99999', 'address.unreadable'],
  ['', 'address.unreadable'],
])('%j: %s', (text, code) => {
  expect(() => read(text)).toThrow(expect.objectContaining({ code, exit: 2 }));
});

test('what opens something is found in any part of an address', () => {
  const url = new URL(
    'http://ada:p%40ss%zz@h/?q=1&access_token=t1&page=2&sig=s1&X-Amz-Signature=a1#id_token=i1&x=y',
  );
  expect(secretsInAddress(url).map(({ value }) => value)).toEqual([
    'p%40ss%zz',
    't1',
    's1',
    'a1',
    'i1',
  ]);
  expect(secretsInAddress(new URL('http://ada@h/?monkey=1'))).toEqual([]);
});
