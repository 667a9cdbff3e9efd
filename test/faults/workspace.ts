import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect } from 'vitest';

export const NODE = process.execPath;
export const PROOF = resolve(import.meta.dirname, '../../dist/proof.js');

/** A workspace of its own with a home of its own: nothing of the machine's user is touched. */
export interface Workspace {
  root: string;
  /** The repository, or the plain directory. */
  dir: string;
  home: string;
  configDir: string;
  ledgerDir: string;
  env: Record<string, string>;
  proof(words: readonly string[], options?: ProofOptions): Finished;
  /** A shell line in the workspace; `$PROOF` is the command, to be left unquoted. */
  shell(line: string, options?: ProofOptions): Finished;
  remove(): void;
}

export interface ProofOptions {
  cwd?: string;
  /** Replaces single variables; undefined removes one. */
  env?: Record<string, string | undefined>;
  input?: string;
  /** Words put before the command: `setpriv …`. */
  as?: readonly string[];
  binary?: boolean;
}

export interface Finished {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
  bytes: Buffer;
  /** The error under --json, null where none was printed. */
  error: { code: string; message: string; why: string; remedy: string; exit: number } | null;
}

/** `under`: where to put it, a small disk for example. */
export function workspace(
  options: { git?: boolean; under?: string; init?: boolean } = {},
): Workspace {
  const { git = true, under, init = true } = options;
  const root = mkdtempSync(join(under ?? tmpdir(), 'proof-faults-'));
  const dir = join(root, 'work');
  // The key lies on a disk that does not fill up, unless a test wants just that.
  const home =
    under === undefined ? join(root, 'home') : mkdtempSync(join(tmpdir(), 'proof-home-'));
  const env = baseEnvironment(home);
  mkdirSync(dir, { recursive: true });
  mkdirSync(home, { recursive: true });
  const made: Workspace = {
    root,
    dir,
    home,
    configDir: join(env.XDG_CONFIG_HOME as string, 'prooflayer'),
    ledgerDir: git ? join(dir, '.git', 'proof') : join(dir, '.proof'),
    env,
    proof: (words, run = {}) => finish([...(run.as ?? []), NODE, PROOF, ...words], made, run),
    shell: (line, run = {}) => finish([...(run.as ?? []), 'sh', '-c', line], made, run),
    remove() {
      for (const path of [root, home]) rmSync(path, { recursive: true, force: true });
    },
  };
  if (git) spawnSync('git', ['init', '-q', '.'], { cwd: dir, env });
  if (init) expect(made.proof(['init', '--json'])).toMatchObject({ code: 0, stderr: '' });
  return made;
}

/** Nothing of who runs the tests: an agent's or a CI's variables would make it the actor. */
export function baseEnvironment(home: string): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '/usr/bin:/bin',
    HOME: home,
    XDG_CONFIG_HOME: join(home, '.config'),
    LANG: 'C.UTF-8',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: 'a',
    GIT_AUTHOR_EMAIL: 'a@example.com',
    GIT_COMMITTER_NAME: 'a',
    GIT_COMMITTER_EMAIL: 'a@example.com',
  };
}

function finish(argv: readonly string[], made: Workspace, options: ProofOptions): Finished {
  const [file = '', ...args] = argv;
  const env = { ...made.env, NODE, PROOF: `${NODE} ${PROOF}`, ...options.env };
  const { status, signal, stdout, stderr, error } = spawnSync(file, args, {
    cwd: options.cwd ?? made.dir,
    env: Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined)),
    input: options.input ?? '',
    maxBuffer: 512 * 1024 * 1024,
  });
  if (error !== undefined) throw error;
  const said = stderr.toString();
  return {
    code: status,
    signal,
    stdout: stdout.toString(),
    stderr: said,
    bytes: stdout,
    error: errorIn(said),
  };
}

function errorIn(stderr: string): Finished['error'] {
  const line = stderr.split('\n').find((text) => text.startsWith('{"error":'));
  return line === undefined ? null : JSON.parse(line).error;
}

/** What happened, why, what to type: a line each, and each says something. */
export const THREE_LINES = /^proof: \S.*\n {2}why: {2}\S.*\n {2}type: \S.*$/m;

export interface LogLine {
  name: string;
  seq: number;
  kind: string;
  task: string | null;
  n: number | null;
  // biome-ignore lint/suspicious/noExplicitAny: the body is the kind's own
  body: any;
  refs: { rel: string; seq: number }[];
  blobs: { name: string; id: string; size: number }[];
}

/** All entries, through the command. */
export function log(at: Workspace, options: ProofOptions = {}): LogLine[] {
  const { code, stdout } = at.proof(['log', '--all', '--json'], options);
  expect(code).toBe(0);
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as LogLine);
}

export function gaps(at: Workspace): LogLine[] {
  return log(at).filter(({ kind }) => kind === 'gap');
}

/** The record is whole. */
export function verified(at: Workspace, options: ProofOptions = {}): void {
  const { code, stdout, stderr } = at.proof(['verify', '--json'], options);
  const { ok, problems } = code === 0 || code === 3 ? JSON.parse(stdout || '{}') : {};
  expect({ code, ok, problems, stderr }).toEqual({ code: 0, ok: true, problems: [], stderr: '' });
}

/** Whatever is wrong with the record, the user's command ran as it would have without us. */
export function stillRuns(at: Workspace, options: ProofOptions = {}): Finished {
  const ran = at.proof(
    ['run', '--', 'sh', '-c', 'printf "hi\\n"; printf "oh\\n" >&2; exit 7'],
    options,
  );
  expect(ran).toMatchObject({ code: 7, signal: null, stdout: 'hi\n' });
  expect(ran.stderr.startsWith('oh\n')).toBe(true);
  return ran;
}

/** The same, and the recorder said in three lines that it could not record. */
export function runsUnrecorded(at: Workspace, options: ProofOptions = {}): Finished {
  const ran = stillRuns(at, options);
  expect(ran.stderr.slice(3)).toMatch(THREE_LINES);
  return ran;
}

/** The same, and it was recorded, after this many runs before it that were not. */
export function runsRecorded(at: Workspace, options: ProofOptions & { gaps?: number } = {}): void {
  const before = log(at).length;
  expect(stillRuns(at, options).stderr).toBe('oh\n');
  // What the tests themselves do to the workspace is told as well; it is not what is asked here.
  const added = log(at)
    .slice(before)
    .filter(({ kind }) => kind !== 'change');
  const missing = Array.from({ length: options.gaps ?? 0 }, () => ['gap', 7]);
  expect(added.map(({ kind, body }) => [kind, body.exit?.code])).toEqual([
    ...missing,
    ['command', 7],
  ]);
}
