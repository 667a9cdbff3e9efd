import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { leadsTo } from './leads-to.ts';

const dir = realpathSync(mkdtempSync(join(tmpdir(), 'proof-leads-')));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
mkdirSync(join(dir, 'a/b'), { recursive: true });
writeFileSync(join(dir, 'a/file'), '');
symlinkSync('a', join(dir, 'to-a'));
symlinkSync('../../gone/x', join(dir, 'a/b/dangling'));
symlinkSync('/etc', join(dir, 'etc'));
symlinkSync('loop', join(dir, 'loop'));
symlinkSync('to-a/b', join(dir, 'twice'));

test.each([
  ['a/file', 'a/file'],
  ['to-a/file', 'a/file'],
  ['to-a/new', 'a/new'],
  ['a/b/dangling', 'gone/x'],
  ['a/b/dangling/y', 'gone/x/y'],
  ['twice/../file', 'a/file'],
  ['nowhere/at/all', 'nowhere/at/all'],
])('%s leads to %s', (path, to) => expect(leadsTo(join(dir, '/') + path)).toBe(join(dir, to)));

test('out of the tree, and round in circles', () => {
  expect(leadsTo(`${dir}/etc/passwd`)).toBe('/etc/passwd');
  expect(leadsTo(`${dir}/loop`)).toBe(`${dir}/loop`);
  expect(leadsTo('/')).toBe('/');
});
