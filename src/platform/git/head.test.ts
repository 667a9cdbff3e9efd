import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { GitFixture } from './git-fixture.ts';
import { readHead } from './head.ts';
import type { Repository } from './repository.ts';

let at: GitFixture;
beforeEach(() => {
  at = new GitFixture();
});
afterEach(() => {
  at.dispose();
});

const NOTHING = { head: null, branch: null };

function asGitSays(directory: string) {
  const branch = at.git(directory, 'branch', '--show-current');
  return {
    head: at.git(directory, 'rev-parse', 'HEAD'),
    branch: branch === '' ? null : branch,
  };
}

describe('readHead reads what git reads', () => {
  it('on a branch', () => {
    const repository = at.repository('plain');
    expect(readHead(repository)).toEqual(asGitSays('plain'));
    at.git('plain', 'switch', '--quiet', '-c', 'feature/müller');
    at.commit('plain', 'second');
    expect(readHead(repository)).toEqual(asGitSays('plain'));
    expect(readHead(repository).branch).toBe('feature/müller');
  });

  it('with packed refs, and with a loose ref newer than the packed one', () => {
    const repository = at.repository('plain');
    at.git('plain', 'branch', 'main-2');
    at.git('plain', 'tag', '-a', 'v1', '-m', 'v1');
    at.git('plain', 'pack-refs', '--all');
    expect(readHead(repository)).toEqual(asGitSays('plain'));
    at.commit('plain', 'second');
    expect(readHead(repository)).toEqual(asGitSays('plain'));
  });

  it('with more packed refs than fit one piece', () => {
    const repository = at.repository('plain');
    const commit = at.git('plain', 'rev-parse', 'HEAD');
    at.git('plain', 'pack-refs', '--all');
    const filler = Array.from(
      { length: 50_000 },
      (_, i) => `${String(i).padStart(40, '0')} refs/heads/filler-${String(i).padStart(6, '0')}\n`,
    );
    const packed = join(repository.commonDir, 'packed-refs');
    for (const shift of Array.from({ length: 66 }, (_, i) => i)) {
      // Shifted so that the seams between pieces fall on every part of a line.
      const header = `# pack-refs with: peeled fully-peeled sorted ${'x'.repeat(shift)}\n`;
      writeFileSync(packed, `${header}${filler.join('')}${commit} refs/heads/main\n`);
      expect(readHead(repository)).toEqual({ head: commit, branch: 'main' });
      const line = (filler[0] as string).length;
      const seams = [1, 2, 3].map((n) => Math.floor((n * 1024 * 1024 - header.length) / line));
      for (const index of [0, ...seams.flatMap((seam) => [seam - 1, seam, seam + 1]), 49_999]) {
        const branch = `filler-${String(index).padStart(6, '0')}`;
        writeFileSync(join(repository.gitDir, 'HEAD'), `ref: refs/heads/${branch}\n`);
        expect(readHead(repository)).toEqual({ head: String(index).padStart(40, '0'), branch });
      }
      writeFileSync(join(repository.gitDir, 'HEAD'), 'ref: refs/heads/main\n');
    }
  });

  it('detached', () => {
    const repository = at.repository('plain');
    at.git('plain', 'switch', '--quiet', '--detach');
    expect(readHead(repository)).toEqual(asGitSays('plain'));
    expect(readHead(repository).branch).toBeNull();
  });

  it('before the first commit', () => {
    at.git('.', 'init', '--quiet', '--initial-branch=main', 'unborn');
    expect(readHead(at.found('unborn'))).toEqual({ head: null, branch: 'main' });
    at.repository('later');
    at.git('later', 'switch', '--quiet', '--orphan', 'empty');
    expect(readHead(at.found('later'))).toEqual({ head: null, branch: 'empty' });
  });

  it('in a linked worktree, whose branch is in the common directory', () => {
    at.repository('main');
    at.git('main', 'worktree', 'add', '--quiet', '-b', 'side', '../linked');
    const commit = at.commit('linked', 'second');
    expect(readHead(at.found('linked'))).toEqual({ head: commit, branch: 'side' });
    expect(readHead(at.found('linked'))).toEqual(asGitSays('linked'));
    expect(readHead(at.found('main'))).toEqual(asGitSays('main'));
    at.git('main', 'pack-refs', '--all');
    expect(readHead(at.found('linked'))).toEqual(asGitSays('linked'));
  });

  it('in a submodule, where it is detached', () => {
    at.repository('library');
    at.repository('app');
    const local = ['-c', 'protocol.file.allow=always'];
    at.git('app', ...local, 'submodule', '--quiet', 'add', at.path('library'), 'lib');
    at.git('app/lib', 'switch', '--quiet', '--detach');
    expect(readHead(at.found('app/lib'))).toEqual(asGitSays('app/lib'));
  });

  it('with SHA-256 object names', () => {
    const repository = at.repository('long', '--object-format=sha256');
    expect(readHead(repository).head).toHaveLength(64);
    expect(readHead(repository)).toEqual(asGitSays('long'));
    at.git('long', 'pack-refs', '--all');
    expect(readHead(repository)).toEqual(asGitSays('long'));
  });

  it('through a branch that is another name for one', () => {
    const repository = at.repository('plain');
    at.git('plain', 'symbolic-ref', 'refs/heads/alias', 'refs/heads/main');
    at.git('plain', 'symbolic-ref', 'HEAD', 'refs/heads/alias');
    expect(readHead(repository)).toEqual(asGitSays('plain'));
  });

  it('while another process packs and unpacks refs', async () => {
    const repository = at.repository('plain');
    const commit = at.git('plain', 'rev-parse', 'HEAD');
    const other = at.commit('plain', 'second');
    const turn = `git pack-refs --all; git update-ref refs/heads/main ${commit}; git update-ref refs/heads/main ${other}`;
    const churn = spawn('sh', ['-c', `for i in 1 2 3 4 5 6 7 8 9 10; do ${turn}; done`], {
      cwd: repository.worktree,
    });
    let running = true;
    const ended = once(churn, 'exit').then(() => {
      running = false;
    });
    const heads = new Set<string | null>();
    while (running) {
      for (let i = 0; i < 100; i++) heads.add(readHead(repository).head);
      await setImmediate();
    }
    await ended;
    for (const head of heads) expect([commit, other]).toContain(head);
  });
});

describe('readHead tells nothing and throws nothing', () => {
  let repository: Repository;
  let headFile: string;
  let outside: string;
  beforeEach(() => {
    repository = at.repository('hostile');
    headFile = join(repository.gitDir, 'HEAD');
    outside = at.file('outside', `${'a'.repeat(40)}\n`);
  });

  it.each([
    'ref: ../../outside',
    'ref: refs/../../../outside',
    'ref: refs/heads/../../../../outside',
    'ref: /etc/hostname',
    'ref: refs//heads/main',
    'ref: refs/heads/.hidden',
    'ref: refs/heads/main.lock',
    'ref: refs/heads/a b',
    'ref: refs/heads/a\u0007b',
    'ref: ',
    'ref: refs/heads/main\nrefs/heads/other',
    '',
    'deadbeef',
    'A'.repeat(40),
    'a'.repeat(41),
    `${'a'.repeat(40)} and more`,
  ])('where HEAD says %j', (text) => {
    writeFileSync(headFile, `${text}\n`);
    expect(readHead(repository)).toEqual(NOTHING);
  });

  it('where HEAD is gone, a directory, huge, a FIFO or not text', () => {
    rmSync(headFile);
    expect(readHead(repository)).toEqual(NOTHING);
    mkdirSync(headFile);
    expect(readHead(repository)).toEqual(NOTHING);
    rmSync(headFile, { recursive: true });
    writeFileSync(headFile, `ref: refs/heads/${'x'.repeat(10_000_000)}`);
    expect(readHead(repository)).toEqual(NOTHING);
    rmSync(headFile);
    execFileSync('mkfifo', [headFile]);
    expect(readHead(repository)).toEqual(NOTHING);
    rmSync(headFile);
    writeFileSync(headFile, Buffer.from('ref: refs/heads/\xff\xfe\n', 'latin1'));
    expect(readHead(repository)).toEqual(NOTHING);
    symlinkSync('/dev/zero', at.path('zero'));
    rmSync(headFile);
    symlinkSync('/dev/zero', headFile);
    expect(readHead(repository)).toEqual(NOTHING);
  });

  it('where the branch holds no commit', () => {
    const branch = join(repository.commonDir, 'refs/heads/main');
    writeFileSync(branch, 'nonsense\n');
    expect(readHead(repository)).toEqual({ head: null, branch: 'main' });
    writeFileSync(branch, 'ref: ../../../outside\n');
    expect(readHead(repository)).toEqual(NOTHING);
    writeFileSync(branch, 'ref: refs/heads/main\n');
    expect(readHead(repository)).toEqual(NOTHING);
    expect(readFileSync(outside, 'utf8')).toContain('aaaa');
  });

  it('where packed-refs is damaged', () => {
    rmSync(join(repository.commonDir, 'refs/heads/main'));
    const packed = join(repository.commonDir, 'packed-refs');
    for (const text of [
      '',
      'xyz refs/heads/main\n',
      `${'a'.repeat(40)} refs/heads/mai\n`,
      '\0\0\0',
    ]) {
      writeFileSync(packed, text);
      expect(readHead(repository)).toEqual({ head: null, branch: 'main' });
    }
  });
});

describe('with reftables', () => {
  function reftableSupport(): boolean {
    const fixture = new GitFixture();
    try {
      fixture.git('.', 'init', '--quiet', '--ref-format=reftable', 'probe');
      return true;
    } catch {
      return false;
    } finally {
      fixture.dispose();
    }
  }

  it.skipIf(!reftableSupport())('asks git (needs git 2.45)', () => {
    const repository = at.repository('tables', '--ref-format=reftable');
    expect(readHead(repository)).toEqual(asGitSays('tables'));
    at.git('tables', 'switch', '--quiet', '--detach');
    expect(readHead(repository)).toEqual(asGitSays('tables'));
  });

  it('asks git, here a stand-in for one that has them', () => {
    const repository = at.repository('tables');
    const commit = 'b'.repeat(40);
    writeFileSync(join(repository.gitDir, 'HEAD'), 'ref: refs/heads/.invalid\n');
    at.program(
      'bin/git',
      `case "$*" in *rev-parse*) echo ${commit};; *symbolic-ref*) echo refs/heads/main;; esac`,
    );
    vi.stubEnv('PATH', `${at.path('bin')}:${process.env.PATH}`);
    expect(readHead(repository)).toEqual({ head: commit, branch: 'main' });
  });

  it('tells nothing where git cannot read them or is missing', () => {
    const repository = at.repository('tables');
    writeFileSync(join(repository.gitDir, 'HEAD'), 'ref: refs/heads/.invalid\n');
    at.git('tables', 'config', 'core.repositoryFormatVersion', '1');
    at.git('tables', 'config', 'extensions.refStorage', 'nonesuch');
    expect(readHead(repository)).toEqual(NOTHING);
    vi.stubEnv('PATH', at.path('empty'));
    expect(readHead(repository)).toEqual(NOTHING);
  });
});

it('spawns nothing', () => {
  const repository = at.repository('plain');
  at.git('plain', 'pack-refs', '--all');
  const before = readHead(repository);
  vi.stubEnv('PATH', at.path('empty'));
  expect(readHead(repository)).toEqual(before);
  expect(before.head).not.toBeNull();
});
