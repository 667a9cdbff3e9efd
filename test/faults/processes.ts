import { type ChildProcess, spawn } from 'node:child_process';
import { onTestFinished } from 'vitest';
import type { Finished } from './workspace.ts';

/** A process under way, with what it has printed so far. */
export interface Running {
  child: ChildProcess & { pid: number };
  stdout(): string;
  finished: Promise<Pick<Finished, 'code' | 'signal' | 'stdout' | 'stderr'>>;
  /** Resolves once standard output holds `text`, or has ended. */
  said(text: string): Promise<void>;
}

export function begin(
  argv: readonly string[],
  options: { cwd: string; env: NodeJS.ProcessEnv },
): Running {
  const [file = '', ...args] = argv;
  const child = spawn(file, args, { ...options, stdio: 'pipe' });
  onTestFinished(() => void child.kill('SIGKILL'));
  let stdout = '';
  let stderr = '';
  const looks = new Set<() => void>();
  child.stdin.on('error', () => {});
  child.stdout.on('data', (piece) => {
    stdout += piece;
    for (const look of looks) look();
  });
  child.stderr.on('data', (piece) => {
    stderr += piece;
  });
  const finished = new Promise<Awaited<Running['finished']>>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return {
    child: child as Running['child'],
    stdout: () => stdout,
    finished,
    said(text) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const look = () => {
        if (stdout.includes(text)) resolve();
      };
      looks.add(look);
      look();
      return Promise.race([promise, finished.then(() => {})]).finally(() => looks.delete(look));
    },
  };
}
