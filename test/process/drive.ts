import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { onTestFinished } from 'vitest';
import type { ChildOutcome, StreamName } from '../../src/platform/process/run-child.ts';

export const RUNNER = resolve(import.meta.dirname, 'runner.ts');
export const NODE = process.execPath;

export interface Recorded {
  file: string;
  stream(name: StreamName): Buffer;
  outcome(): ChildOutcome & { own: { peakRss: number; calls: number } };
  childPid(): number | null;
}

/** A place for one run's record, gone after the test. */
export function newRecord(): Recorded {
  const file = join(scratch(), 'run');
  return {
    file,
    stream: (name) =>
      existsSync(`${file}.${name}`) ? readFileSync(`${file}.${name}`) : Buffer.of(),
    outcome: () => JSON.parse(readFileSync(`${file}.json`, 'utf8')),
    childPid: () =>
      existsSync(`${file}.pid`) ? Number(readFileSync(`${file}.pid`, 'utf8')) : null,
  };
}

export function scratch(): string {
  const directory = mkdtempSync(join(tmpdir(), 'process-test-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

export function runnerEnv(record: Recorded, options: object = {}): NodeJS.ProcessEnv {
  return {
    ...process.env,
    RUNNER_RECORD: record.file,
    RUNNER_OPTIONS: JSON.stringify(options),
  };
}

export interface Finished {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: Buffer;
  stderr: Buffer;
}

/** Starts any program with all three streams piped to the test. */
export function start(
  argv: readonly string[],
  options: { env?: NodeJS.ProcessEnv; cwd?: string } = {},
): { process: ChildProcess & { pid: number }; finished: Promise<Finished> } {
  const [file = '', ...args] = argv;
  const child = spawn(file, args, { ...options, stdio: 'pipe' });
  onTestFinished(() => void child.kill('SIGKILL'));
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (chunk) => out.push(chunk));
  child.stderr.on('data', (chunk) => err.push(chunk));
  child.stdin.on('error', () => {});
  const finished = new Promise<Finished>((done) => {
    child.on('close', (code, signal) =>
      done({ code, signal, stdout: Buffer.concat(out), stderr: Buffer.concat(err) }),
    );
  });
  return { process: child as ChildProcess & { pid: number }, finished };
}

/** Runs a command through the runner, with all three streams piped. */
export async function run(
  argv: readonly string[],
  {
    stdin = '',
    options = {},
    cwd,
  }: { stdin?: string | Buffer; options?: object; cwd?: string } = {},
): Promise<Finished & { record: Recorded; text: string; errors: string }> {
  const record = newRecord();
  const child = start([NODE, RUNNER, ...argv], {
    env: runnerEnv(record, options),
    ...(cwd && { cwd }),
  });
  child.process.stdin?.end(stdin);
  const finished = await child.finished;
  return {
    ...finished,
    record,
    text: finished.stdout.toString(),
    errors: finished.stderr.toString(),
  };
}

export async function until(condition: () => boolean, what: string, ms = 10_000): Promise<void> {
  const end = Date.now() + ms;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`still waiting for ${what}`);
    await new Promise((done) => setTimeout(done, 10));
  }
}

/** For a POSIX shell. */
export function quote(words: readonly string[]): string {
  return words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
}
