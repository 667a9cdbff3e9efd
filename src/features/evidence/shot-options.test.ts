import { expect, test } from 'vitest';
import { problemsIn } from './page-findings.ts';
import { pngSize } from './png-size.ts';
import { dataType } from './request-data.ts';
import { readViewport, readWait } from './shot-options.ts';
import { readExpectation } from './status-expectation.ts';

test.each([
  ['load', { for: 'load' }],
  ['networkidle', { for: 'networkidle' }],
  ['500', { for: 'time', millis: 500 }],
  ['500ms', { for: 'time', millis: 500 }],
  ['2s', { for: 'time', millis: 2000 }],
  ['#app .ready', { for: 'selector', selector: '#app .ready' }],
])('--wait %s', (text, wait) => {
  expect(readWait(text)).toEqual(wait);
});

test('--viewport', () => {
  expect(readViewport('1280x800', 10_000)).toEqual({ width: 1280, height: 800 });
  for (const text of ['1280', '0x0', '49x100', '99999x1', '1x2x3', '-1x5', '1e3x100'])
    expect(() => readViewport(text, 10_000)).toThrow(expect.objectContaining({ exit: 2 }));
  expect(() => readWait(' ')).toThrow(expect.objectContaining({ code: 'usage.bad-value' }));
});

test.each([
  ['200', 200, true],
  ['200', 201, false],
  ['2xx', 204, true],
  ['200,404', 404, true],
  ['5XX', 503, true],
  ['200', null, false],
])('--expect-status %s, and %s came: %s', (text, status, met) => {
  expect(readExpectation(text).meets(status)).toBe(met);
});

test.each(['', '20', '600', 'ok', '200;404', '2xxx'])('--expect-status %j is refused', (text) => {
  expect(() => readExpectation(text)).toThrow(
    expect.objectContaining({ code: 'http.bad-expectation' }),
  );
});

test.each([
  ['{"a":1}', 'application/json'],
  ['[1]', 'application/json'],
  ['{half', 'text/plain; charset=utf-8'],
  ['a=1&b=two', 'application/x-www-form-urlencoded'],
  ['a sentence = words', 'text/plain; charset=utf-8'],
])('--data %s is sent as %s', (text, type) => {
  expect(dataType(Buffer.from(text))).toBe(type);
});

test('bytes are sent as bytes, and a picture that is none has no size', () => {
  expect(dataType(new Uint8Array([0xff, 0xfe]))).toBe('application/octet-stream');
  expect(pngSize(new Uint8Array(30))).toBeNull();
});

test('problems: exceptions first, then errors, then requests; what the browser repeats is left out', () => {
  const at = { atMicros: 0 };
  const problems = problemsIn({
    console: [
      { level: 'error', text: 'Failed to load resource: the server responded with 404', ...at },
      { level: 'error', text: 'first line\nsecond', url: 'http://x/a.js', line: 3, ...at },
      { level: 'log', text: 'hello', ...at },
      { level: 'exception', text: 'TypeError: x\n  at y', ...at },
    ],
    failed: [
      { method: 'GET', url: 'http://x/a', status: 404, ...at },
      { method: 'GET', url: 'http://x/b', status: null, why: 'net::ERR_FAILED', ...at },
    ],
  });
  expect(problems.map(({ text }) => text)).toEqual([
    'TypeError: x',
    'first line (http://x/a.js:3)',
    'GET http://x/a → 404',
    'GET http://x/b → net::ERR_FAILED',
  ]);
});
