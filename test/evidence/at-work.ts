import { spawn } from 'node:child_process';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from 'vitest';
import { COMMAND, type User } from '../acceptance/user.ts';

export interface Finished {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
  json<T>(): T;
}

/** Runs the command without holding up this process, whose servers it may be talking to. */
export function proof(
  user: User,
  words: readonly string[],
  { env = {}, input }: { env?: Record<string, string>; input?: string | Uint8Array } = {},
): Promise<Finished> & { kill(signal: NodeJS.Signals): void; pid: number } {
  const child = spawn(process.execPath, [COMMAND, ...words], {
    cwd: user.repository,
    env: { ...user.env, ...env },
    stdio: 'pipe',
  });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (piece) => out.push(piece));
  child.stderr.on('data', (piece) => err.push(piece));
  // A command that fails early does not read what it is sent.
  child.stdin.on('error', () => {});
  child.stdin.end(input ?? '');
  const finished = new Promise<Finished>((resolve) => {
    child.on('close', (code, signal) => {
      const stdout = Buffer.concat(out).toString('utf8');
      const stderr = Buffer.concat(err).toString('utf8');
      resolve({ code, signal, stdout, stderr, json: () => JSON.parse(stdout) });
    });
  });
  return Object.assign(finished, {
    kill: (signal: NodeJS.Signals) => void child.kill(signal),
    pid: child.pid ?? 0,
  });
}

/** A server of this test file; it and its connections go when the file is over. */
export async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** An entry as `proof show --json` prints it. */
export interface ShownEntry {
  name: string;
  kind: string;
  task: string | null;
  // biome-ignore lint/suspicious/noExplicitAny: each kind has its own
  body: any;
  blobs: { name: string; id: string; size: number; type?: string }[];
  refs: { rel: string; entry: string }[];
  output: { name: string; text: string }[];
  plain: string | null;
  notes: { text: string }[];
}

export async function shown(user: User, entry: string): Promise<ShownEntry> {
  return (await proof(user, ['show', entry, '--json'])).json<ShownEntry>();
}

/** The error under --json. */
export function errorOf({ stderr }: Finished): { code: string; exit: number; remedy: string } {
  return JSON.parse(stderr.trim().split('\n').at(-1) ?? '').error;
}
