import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';
import { runInTerminal } from '../../examples/tour/terminal.ts';

export const ROOT = join(import.meta.dirname, '..', '..');
export const COMMAND = join(ROOT, 'dist', 'proof.js');

/** What a command did, as its caller sees it. */
export interface Said {
  code: number | null;
  stdout: string;
  stderr: string;
  /** Standard output as JSON. */
  json: () => never;
}

/**
 * Somebody at work: a home, a configuration and a git repository of their own, and the built
 * command. Nothing of the machine's own set-up, of an agent or of a CI around the tests gets in.
 */
export interface User {
  /** Around all that is theirs. */
  dir: string;
  repository: string;
  env: Record<string, string>;
  proof(...words: string[]): Said;
  /** Elsewhere than in the repository, or with more in the environment. */
  proofIn(place: { cwd?: string; env?: Record<string, string> }, ...words: string[]): Said;
  /** On a terminal of 80 columns; everything it showed is in stdout. */
  proofOnTerminal(
    words: readonly string[],
    env?: Record<string, string>,
  ): Promise<{ code: number; shown: string }>;
  start(words: readonly string[]): ChildProcess;
  git(...words: string[]): string;
}

/** A new user; their files go when the tests of the file are over. */
export function newUser(): User {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'proof-user-')));
  afterAll(() => rmSync(dir, { recursive: true, force: true }));
  const repository = join(dir, 'repository');
  for (const name of ['home', 'config', 'repository']) mkdirSync(join(dir, name));
  const env = {
    PATH: `${dirname(process.execPath)}:${process.env.PATH ?? ''}`,
    HOME: join(dir, 'home'),
    XDG_CONFIG_HOME: join(dir, 'config'),
    GIT_CONFIG_NOSYSTEM: '1',
    LANG: 'C.UTF-8',
    TZ: 'UTC',
    // Whoever runs the tests, the processes above them included, is not who works here.
    PROOF_ACTOR: 'human:ada',
  };
  const git = (...words: string[]) =>
    execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@localhost', ...words], {
      cwd: repository,
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim();
  git('-c', 'init.defaultBranch=main', 'init', '--quiet');
  git('commit', '--quiet', '--allow-empty', '--message', 'First');

  const proofIn: User['proofIn'] = ({ cwd = repository, env: more = {} }, ...words) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, ...words], {
      cwd,
      env: { ...env, ...more },
      encoding: 'utf8',
      input: '',
      maxBuffer: 64 * 1024 * 1024,
    });
    return { code: status, stdout, stderr, json: () => JSON.parse(stdout) as never };
  };
  return {
    dir,
    repository,
    env,
    git,
    proofIn,
    proof: (...words) => proofIn({}, ...words),
    async proofOnTerminal(words, more = {}) {
      const { exit, text } = await runInTerminal({
        file: process.execPath,
        words: [COMMAND, ...words],
        cwd: repository,
        env: { ...env, TERM: 'xterm-256color', ...more },
      });
      return { code: exit, shown: text };
    },
    start: (words) =>
      spawn(process.execPath, [COMMAND, ...words], { cwd: repository, env, stdio: 'pipe' }),
  };
}

/** The words of a command line as a POSIX shell would hand them over, up to a redirection. */
export function shellWords(line: string): string[] {
  const words = [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, plain]) => double ?? single ?? plain ?? '',
  );
  const redirection = words.findIndex((word) => /^(>>?|<)$/.test(word));
  return redirection < 0 ? words : words.slice(0, redirection);
}
