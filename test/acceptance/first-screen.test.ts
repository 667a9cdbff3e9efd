import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { newUser, ROOT } from './user.ts';

describe('bare proof', () => {
  const user = newUser();

  test('without a ledger it says how to begin', () => {
    const { code, stdout, stderr } = user.proof();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const command of ['proof init', 'proof task start', 'proof run -- ', 'proof help'])
      expect(stdout).toContain(command);
  });

  test('a script is told that there is none', () => {
    const { code, stdout, stderr } = user.proof('--json');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(JSON.parse(stderr)).toMatchObject({
      error: { code: 'ledger.not-found', remedy: 'proof init' },
    });
  });

  test('with one it is the status, and names a next command that works', () => {
    user.proof('init');
    for (const step of [[], ['task', 'start', 'Try it'], ['run', '--', 'true']]) {
      if (step.length > 0) expect(user.proof(...step).code).toBe(0);
      expect(user.proof().stdout).toBe(user.proof('status').stdout);
      const { next } = user.proof('--json').json() as { next: string };
      expect(next).toMatch(/^proof /);
    }
  });

  test('anywhere below the repository it is the same ledger', () => {
    const below = join(user.repository, 'a', 'b');
    mkdirSync(below, { recursive: true });
    expect(user.proofIn({ cwd: below }, '--json').stdout).toBe(user.proof('--json').stdout);
    expect(user.proofIn({ cwd: '/' }, '-C', below, '--json').stdout).toBe(
      user.proof('--json').stdout,
    );
  });
});

describe('the launcher of this repository', () => {
  const user = newUser();
  const run = (file: string, words: string[], env = {}) =>
    spawnSync(file, words, {
      cwd: user.repository,
      env: { ...user.env, ...env },
      encoding: 'utf8',
    });

  test('works from another directory by path, by symlink and on the PATH', () => {
    const link = join(user.dir, 'bin', 'proof');
    mkdirSync(dirname(link));
    symlinkSync(join(ROOT, 'proof'), link);

    expect(run(join(ROOT, 'proof'), ['init']).status).toBe(0);
    expect(run(link, ['task', 'start', 'By symlink']).status).toBe(0);
    const env = { PATH: `${dirname(link)}:${user.env.PATH}` };
    expect(run('sh', ['-c', 'proof run -- sh -c "exit 7"'], env).status).toBe(7);
    expect(user.proof('status', '--json').json()).toMatchObject({
      task: { goal: 'By symlink', command: { code: 7 } },
    });
  });

  test('--version names version, commit, Node and platform', () => {
    const facts = JSON.parse(run(join(ROOT, 'proof'), ['--version', '--json']).stdout);
    expect(facts).toMatchObject({
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      node: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      platform: `${process.platform}-${process.arch}`,
    });
    // Null only where it was built outside a git repository.
    expect(facts).toHaveProperty('commit');
  });
});
