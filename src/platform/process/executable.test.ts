import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resolveExecutable } from './executable.ts';

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'executable-'));
  for (const folder of ['a', 'b', 'a/folder']) mkdirSync(join(root, folder));
  for (const file of ['a/plain', 'b/plain', 'b/tool', 'a/only-plain', 'here']) {
    writeFileSync(join(root, file), '');
  }
  for (const file of ['b/plain', 'b/tool', 'here']) chmodSync(join(root, file), 0o755);
  symlinkSync('tool', join(root, 'b/link'));
  symlinkSync('nowhere', join(root, 'a/dangling'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('resolveExecutable', () => {
  const found = (path: string) => ({ found: true, path: join(root, path) });
  const failed = (reason: string) => ({ found: false, reason });
  const path = () => `${root}/a:${root}/b:`;

  it.each([
    ['the first that can be run, not the first of that name', 'plain', 'b/plain'],
    ['a link stays a link, programs look at their own name', 'link', 'b/link'],
    ['an empty element of PATH is the current directory', 'here', 'here'],
  ])('%s', (_, name, expected) => {
    expect(resolveExecutable(name, root, path())).toEqual(found(expected));
  });

  it.each([
    ['nothing of that name', 'missing', 'not-found'],
    ['the empty name', '', 'not-found'],
    ['a link to nothing', 'dangling', 'not-found'],
    ['no permission anywhere', 'only-plain', 'not-executable'],
    ['a directory', 'folder', 'not-executable'],
  ])('%s', (_, name, reason) => {
    expect(resolveExecutable(name, root, path())).toEqual(failed(reason));
  });

  it('a name with a slash is a path, and PATH plays no part', () => {
    expect(resolveExecutable('b/tool', root, '')).toEqual(found('b/tool'));
    expect(resolveExecutable('./tool', join(root, 'b'), undefined)).toEqual(found('b/tool'));
    expect(resolveExecutable(join(root, 'b/tool'), '/', '')).toEqual(found('b/tool'));
    expect(resolveExecutable('./plain', join(root, 'a'), path())).toEqual(failed('not-executable'));
    expect(resolveExecutable('./tool', join(root, 'a'), path())).toEqual(failed('not-found'));
    expect(resolveExecutable('b/tool/', root, path())).toEqual(failed('not-found'));
    expect(resolveExecutable('b/', root, path())).toEqual(failed('not-executable'));
  });

  it('without a PATH the system’s own directories are searched', () => {
    expect(resolveExecutable('sh', root, undefined)).toMatchObject({ found: true });
  });
});
