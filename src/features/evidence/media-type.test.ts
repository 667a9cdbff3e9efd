import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { isTextType } from '../../core/text-type.ts';
import { mediaType } from './media-type.ts';

const png = Buffer.from(
  '89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489',
  'hex',
);
const utf16be = Buffer.from('\ufeffhello, world\n', 'utf16le').swap16();

/** What it is called does not make it so; what it is does. */
test.each<[string, string | Uint8Array, string, 'contents' | 'name', string | null]>([
  ['a.log', 'one\ntwo\n', 'text/plain', 'contents', 'utf-8'],
  ['empty', '', 'text/plain', 'contents', 'utf-8'],
  ['colours.log', '\u001b[32mok\u001b[0m\r\n', 'text/plain', 'contents', 'utf-8'],
  [
    'old.log',
    Buffer.from('Gr\u00fc\u00dfe aus dem Norden', 'latin1'),
    'text/plain',
    'contents',
    'utf-8',
  ],
  ['not-a-picture.png', 'just text', 'text/plain', 'contents', 'utf-8'],
  ['not-text.txt', png, 'image/png', 'contents', null],
  ['x', gzipSync('x'), 'application/gzip', 'contents', null],
  [
    'x',
    Buffer.from('PK\u0003\u0004\u0014\u0000\u0000\u0000', 'latin1'),
    'application/zip',
    'contents',
    null,
  ],
  ['x', Buffer.from([0, 1, 2, 3, 4]), 'application/octet-stream', 'contents', null],
  [
    'x.pdf',
    Buffer.from('%PDF-1.7\n%\u00e2\u00e3\n1 0 obj', 'latin1'),
    'application/pdf',
    'contents',
    'utf-8',
  ],
  ['x', '{"a": [1, 2]}', 'application/json', 'contents', 'utf-8'],
  ['x', '[1]', 'application/json', 'contents', 'utf-8'],
  ['x', '{"a":1}\n{"a":2}\n', 'application/x-ndjson', 'contents', 'utf-8'],
  ['x', '[section]\nname = value\n', 'text/plain', 'contents', 'utf-8'],
  ['x', '[2026-01-01] started\n', 'text/plain', 'contents', 'utf-8'],
  ['x.json', '{"half": ', 'application/json', 'name', 'utf-8'],
  ['x', '<!DOCTYPE html><p>x', 'text/html', 'contents', 'utf-8'],
  ['x', '<?xml version="1.0"?><a/>', 'application/xml', 'contents', 'utf-8'],
  ['x', '<?xml version="1.0"?><svg/>', 'image/svg+xml', 'contents', 'utf-8'],
  ['x', 'diff --git a/x b/x\n', 'text/x-diff', 'contents', 'utf-8'],
  ['README', '# Title\n\nText.\n\n## Part\n\n- one\n', 'text/markdown', 'contents', 'utf-8'],
  ['script', '#!/bin/sh\n# a\n## b\n- c\n', 'text/plain', 'contents', 'utf-8'],
  ['notes.md', 'plain words', 'text/markdown', 'name', 'utf-8'],
  ['data.csv', 'a,b\n', 'text/csv', 'name', 'utf-8'],
  [
    'win.log',
    Buffer.from('\ufeffhello, world\r\n', 'utf16le'),
    'text/plain',
    'contents',
    'utf-16le',
  ],
  ['win.log', Buffer.from('hello, world\r\n', 'utf16le'), 'text/plain', 'contents', 'utf-16le'],
  ['win.log', utf16be, 'text/plain', 'contents', 'utf-16be'],
  ['x', utf16be.subarray(2), 'text/plain', 'contents', 'utf-16be'],
])('%s: %j is %s', async (name, contents, type, from, encoding) => {
  const bytes = typeof contents === 'string' ? Buffer.from(contents) : contents;
  expect(await mediaType(bytes, name, true)).toEqual({ type, from, encoding });
});

test('a character cut in two by the end of what was looked at is no fault; at the end of all it is', async () => {
  const cut = Buffer.from('snowman \u2603').subarray(0, -1);
  expect(await mediaType(cut, 'x', false)).toMatchObject({ encoding: 'utf-8' });
  const long = Buffer.from(`[${'{"a":1},'.repeat(100)}`);
  expect(await mediaType(long, 'x', false)).toMatchObject({ type: 'application/json' });
});

test.each([
  ['text/plain; charset=utf-8', true],
  ['application/json', true],
  ['application/ld+json', true],
  ['application/x-ndjson', true],
  ['image/svg+xml', true],
  ['image/png', false],
  ['application/octet-stream', false],
  ['application/jsonish', false],
  [undefined, false],
])('%s is text: %s', (type, text) => {
  expect(isTextType(type)).toBe(text);
});
