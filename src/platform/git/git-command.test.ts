import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { runGit, runGitSync } from './git-command.ts';
import { GitFixture, isRunning } from './git-fixture.ts';

let at: GitFixture;
beforeEach(() => {
  at = new GitFixture();
});
afterEach(() => {
  at.dispose();
});

/** A `git` that does something else. */
function standIn(script: string): void {
  at.program('bin/git', script);
  vi.stubEnv('PATH', `${at.path('bin')}:${process.env.PATH}`);
}

it('gives the exit code, both outputs and the input', async () => {
  const { worktree: directory } = at.repository('plain');
  const args = ['hash-object', '--stdin'];
  const hashed = await runGit({ directory, args, input: 'hello' });
  expect(hashed).toMatchObject({ kind: 'exited', code: 0, stderr: '' });
  expect(runGitSync({ directory, args, input: 'hello' })).toEqual(hashed);
  const failed = { kind: 'exited', code: 128, stderr: expect.stringMatching(/^fatal: /) };
  expect(await runGit({ directory, args: ['cat-file', 'blob', 'HEAD'] })).toMatchObject(failed);
  expect(runGitSync({ directory, args: ['cat-file', 'blob', 'HEAD'] })).toMatchObject(failed);
});

it('hides the environment of a hook from git, but not where the user configures it', async () => {
  const { worktree: directory } = at.repository('here');
  const there = at.repository('there');
  vi.stubEnv('GIT_DIR', there.gitDir);
  vi.stubEnv('GIT_WORK_TREE', there.worktree);
  vi.stubEnv('GIT_INDEX_FILE', at.path('index'));
  vi.stubEnv('GIT_OBJECT_DIRECTORY', at.path('objects'));
  vi.stubEnv('GIT_CONFIG_PARAMETERS', "'user.name=planted'");
  vi.stubEnv('GIT_CONFIG_GLOBAL', at.file('config', '[user]\n\tname = Configured\n'));
  for (const args of [['rev-parse', '--show-toplevel']]) {
    expect(runGitSync({ directory, args })).toMatchObject({
      stdout: Buffer.from(`${directory}\n`),
    });
  }
  const name = await runGit({ directory, args: ['config', 'user.name'] });
  expect(name).toMatchObject({ stdout: Buffer.from('Configured\n') });
});

it('does not settle for a repository further up', async () => {
  at.repository('outer');
  at.file('outer/inner/file', '');
  const asked = await runGit({ directory: at.path('outer/inner'), args: ['rev-parse', 'HEAD'] });
  expect(asked).toMatchObject({ code: 128, stderr: expect.stringMatching(/not a git repository/) });
});

it('runs no program of the repository where PATH has relative entries', async () => {
  const { worktree: directory } = at.repository('plain');
  at.program('plain/git', `touch '${at.path('ran')}'`);
  vi.stubEnv('PATH', `.::${process.env.PATH}`);
  expect(await runGit({ directory, args: ['rev-parse', 'HEAD'] })).toMatchObject({ code: 0 });
  expect(existsSync(at.path('ran'))).toBe(false);
});

it('tells apart no git and no directory', async () => {
  const gone = { directory: at.path('gone'), args: ['version'] };
  expect(await runGit(gone)).toEqual({ kind: 'not-started', errno: 'ENOENT' });
  expect(runGitSync(gone)).toEqual({ kind: 'not-started', errno: 'ENOENT' });
  vi.stubEnv('PATH', `${at.path('nowhere')}:relative`);
  expect(await runGit(gone)).toEqual({ kind: 'no-git' });
  expect(runGitSync(gone)).toEqual({ kind: 'no-git' });
});

it('ends a git that takes too long, and whatever it started', async () => {
  standIn(`sleep 600 & echo $! > '${at.path('pid')}'; trap '' TERM; wait; sleep 600`);
  const start = Date.now();
  const command = { directory: at.root, args: ['push'], timeoutMs: 300 };
  expect(await runGit(command)).toEqual({ kind: 'timed-out', afterMs: 300 });
  expect(Date.now() - start).toBeLessThan(5000);
  expect(isRunning(readFileSync(at.path('pid'), 'utf8'))).toBe(false);
});

it('ends a git that says too much', async () => {
  standIn('yes');
  const command = { directory: at.root, args: ['log'], maxOutputBytes: 100_000 };
  const limit = { kind: 'too-much-output', maxBytes: 100_000 };
  expect(await runGit(command)).toEqual(limit);
  expect(runGitSync(command)).toEqual(limit);
});

it('keeps the beginning of endless complaints', async () => {
  standIn('yes complaint | head -c 1000000 >&2; exit 3');
  const ran = await runGit({ directory: at.root, args: ['log'] });
  expect(ran).toMatchObject({ kind: 'exited', code: 3 });
  expect(ran.kind === 'exited' && ran.stderr.length).toBe(16 * 1024);
});

it('does not wait for a daemon that keeps the pipes open', async () => {
  standIn(`setsid sleep 600 & echo $! > '${at.path('pid')}'; echo done`);
  const start = Date.now();
  const ran = await runGit({ directory: at.root, args: ['push'] });
  expect(ran).toMatchObject({ kind: 'exited', code: 0, stdout: Buffer.from('done\n') });
  expect(Date.now() - start).toBeLessThan(5000);
  execFileSync('kill', [readFileSync(at.path('pid'), 'utf8').trim()]);
});

it('has no terminal', async () => {
  standIn('if (: </dev/tty) 2>/dev/null; then echo terminal; else echo none; fi');
  const ran = await runGit({ directory: at.root, args: ['push'] });
  expect(ran).toMatchObject({ stdout: Buffer.from('none\n') });
});

it('shows objects as they are, not their replacements', async () => {
  const { worktree: directory } = at.repository('plain');
  const first = at.git('plain', 'rev-parse', 'HEAD');
  at.commit('plain', 'second');
  at.git('plain', 'replace', 'HEAD', first);
  const args = ['log', '--format=%s', '-1'];
  const shown = await runGit({ directory, args });
  expect(shown).toMatchObject({ stdout: Buffer.from('second\n'), stderr: '' });
});
