import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { GitFixture } from './git-fixture.ts';
import { findRepository } from './repository.ts';

let at: GitFixture;
beforeEach(() => {
  at = new GitFixture();
});
afterEach(() => {
  at.dispose();
});

function asGitSays(directory: string) {
  const ask = (...args: string[]) =>
    at.git(directory, 'rev-parse', '--path-format=absolute', ...args);
  return {
    worktree: ask('--show-toplevel'),
    gitDir: ask('--git-dir'),
    commonDir: ask('--git-common-dir'),
  };
}

describe('findRepository finds what git finds', () => {
  it('in a plain repository, from its root and from below', () => {
    at.repository('plain');
    mkdirSync(at.path('plain/a/b'), { recursive: true });
    expect(findRepository(at.path('plain'))).toEqual(asGitSays('plain'));
    expect(findRepository(at.path('plain/a/b'))).toEqual(asGitSays('plain'));
    expect(findRepository(at.file('plain/a/file.txt', ''))).toEqual(asGitSays('plain'));
  });

  it('in a linked worktree', () => {
    const main = at.repository('main');
    at.git('main', 'worktree', 'add', '--quiet', '../linked');
    const linked = at.found('linked');
    expect(linked).toEqual(asGitSays('linked'));
    expect(linked.commonDir).toBe(main.commonDir);
    expect(linked.gitDir).not.toBe(main.gitDir);
  });

  it('in a submodule', () => {
    at.repository('library');
    at.repository('app');
    const local = ['-c', 'protocol.file.allow=always'];
    at.git('app', ...local, 'submodule', '--quiet', 'add', at.path('library'), 'lib');
    expect(findRepository(at.path('app/lib'))).toEqual(asGitSays('app/lib'));
    expect(at.found('app/lib').gitDir).toBe(at.path('app/.git/modules/lib'));
  });

  it('with a separate git directory', () => {
    at.repository('apart', `--separate-git-dir=${at.path('elsewhere')}`);
    expect(findRepository(at.path('apart'))).toEqual(asGitSays('apart'));
  });

  it('through a symbolic link', () => {
    at.repository('real');
    symlinkSync(at.path('real'), at.path('alias'));
    expect(findRepository(at.path('alias'))?.worktree).toBe(at.path('real'));
    mkdirSync(at.path('moved'));
    renameSync(at.path('real/.git'), at.path('git-dir'));
    symlinkSync(at.path('git-dir'), at.path('moved/.git'));
    expect(findRepository(at.path('moved'))).toEqual(asGitSays('moved'));
  });

  it('in worktrees of a bare repository, but not beside them', () => {
    at.repository('source');
    mkdirSync(at.path('project'));
    at.git('project', 'clone', '--quiet', '--bare', at.path('source'), '.bare');
    at.file('project/.git', 'gitdir: ./.bare\n');
    at.git('project', 'worktree', 'add', '--quiet', 'wt');
    expect(findRepository(at.path('project'))).toBeNull();
    expect(findRepository(at.path('project/wt'))).toEqual(asGitSays('project/wt'));
    // With this extension git moves `core.bare` to another file.
    at.git('project', 'config', 'extensions.worktreeConfig', 'true');
    at.git('project/.bare', 'config', '--unset', 'core.bare');
    at.git('project/.bare', 'config', '--worktree', 'core.bare', 'true');
    expect(findRepository(at.path('project'))).toBeNull();
    expect(findRepository(at.path('project/wt'))).toEqual(asGitSays('project/wt'));
  });

  it('beyond an empty .git directory', () => {
    at.repository('outer');
    mkdirSync(at.path('outer/inner/.git'), { recursive: true });
    expect(findRepository(at.path('outer/inner'))).toEqual(asGitSays('outer/inner'));
  });
});

describe('findRepository finds nothing', () => {
  it('outside of repositories, and where nothing is', () => {
    mkdirSync(at.path('nothing'));
    expect(findRepository(at.path('nothing'))).toBeNull();
    expect(findRepository(at.path('missing'))).toBeNull();
    expect(findRepository('/')).toBeNull();
  });

  it('in a bare repository and inside a git directory', () => {
    at.repository('outer');
    at.git('outer', 'init', '--quiet', '--bare', 'inner.git');
    expect(findRepository(at.path('outer/inner.git'))).toBeNull();
    expect(findRepository(at.path('outer/inner.git/refs'))).toBeNull();
    expect(findRepository(at.path('outer/.git'))).toBeNull();
    expect(findRepository(at.path('outer/.git/objects'))).toBeNull();
    mkdirSync(at.path('only'));
    at.git('only', 'clone', '--quiet', '--bare', at.path('outer'), '.git');
    expect(findRepository(at.path('only'))).toBeNull();
  });

  it.each([
    ['is empty', ''],
    ['is nonsense', 'hello\n'],
    ['names nothing', 'gitdir: \n'],
    ['names what is gone', 'gitdir: ../gone\n'],
    ['names a directory that is no repository', 'gitdir: ..\n'],
    ['holds a NUL', 'gitdir: a\0b\n'],
    ['is huge', `gitdir: ${'x/'.repeat(100_000)}\n`],
  ])('where the .git file %s, even with a repository further up', (_, text) => {
    at.repository('outer');
    at.file('outer/inner/.git', text);
    expect(findRepository(at.path('outer/inner'))).toBeNull();
  });

  it('where .git is a FIFO, without waiting for a writer', () => {
    at.repository('outer');
    mkdirSync(at.path('outer/inner'));
    execFileSync('mkfifo', [at.path('outer/inner/.git')]);
    expect(findRepository(at.path('outer/inner'))).toBeNull();
  });

  it('where the common directory is gone', () => {
    const { gitDir } = at.repository('plain');
    at.file(join('plain', '.git', 'commondir'), '../gone\n');
    expect(findRepository(at.path('plain'))).toBeNull();
    rmSync(join(gitDir, 'commondir'));
    expect(findRepository(at.path('plain'))).not.toBeNull();
  });

  it.skipIf(process.getuid?.() === 0)('where a directory may not be looked into', () => {
    at.repository('outer');
    mkdirSync(at.path('outer/closed'), { mode: 0o000 });
    expect(findRepository(at.path('outer/closed'))).toBeNull();
    chmodSync(at.path('outer/closed'), 0o700);
  });
});

it('ignores the environment of a hook', () => {
  at.repository('here');
  const there = at.repository('there');
  vi.stubEnv('GIT_DIR', there.gitDir);
  vi.stubEnv('GIT_WORK_TREE', there.worktree);
  expect(findRepository(at.path('here'))?.worktree).toBe(at.path('here'));
});

it('takes well under a millisecond', () => {
  at.repository('plain');
  const deep = at.path('plain/a/b/c/d/e');
  mkdirSync(deep, { recursive: true });
  findRepository(deep);
  const start = performance.now();
  for (let i = 0; i < 100; i++) findRepository(deep);
  expect((performance.now() - start) / 100).toBeLessThan(2);
});
