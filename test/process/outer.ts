import { spawn } from '@lydell/node-pty';
import { onTestFinished } from 'vitest';
import { until } from './drive.ts';

/** A real terminal around a command, with the test at its keyboard. */
export interface Outer {
  pid: number;
  /** Everything on the screen so far. */
  screen(): string;
  type(keys: string): void;
  resize(columns: number, rows: number): void;
  /** Waits until the screen has shown this, after position `from`. */
  shows(what: string | RegExp, from?: number): Promise<void>;
  ended: Promise<{ exitCode: number; signal?: number }>;
  kill(signal: NodeJS.Signals): void;
}

export function openOuter(
  argv: readonly string[],
  {
    env,
    cwd,
    columns = 90,
    rows = 30,
  }: {
    env?: NodeJS.ProcessEnv;
    cwd?: string;
    columns?: number;
    rows?: number;
  } = {},
): Outer {
  const [file = '', ...args] = argv;
  const pty = spawn(file, args, {
    cols: columns,
    rows,
    env: { ...(env ?? process.env), TERM: 'xterm-256color' },
    encoding: 'latin1',
    ...(cwd && { cwd }),
  });
  let screen = '';
  let over = false;
  pty.onData((text) => {
    screen += text;
  });
  const ended = new Promise<{ exitCode: number; signal?: number }>((done) => {
    pty.onExit((how) => {
      over = true;
      done(how);
    });
  });
  onTestFinished(() => {
    if (!over) pty.kill('SIGKILL');
  });
  return {
    pid: pty.pid,
    screen: () => screen,
    type: (keys) => pty.write(keys),
    resize: (c, r) => pty.resize(c, r),
    async shows(what, from = 0) {
      const there = () => {
        const text = screen.slice(from);
        return typeof what === 'string' ? text.includes(what) : what.test(text);
      };
      await until(there, `${what} on the screen`).catch((error: Error) => {
        throw new Error(`${error.message}; it shows:\n${JSON.stringify(screen.slice(-2000))}`);
      });
    },
    ended,
    kill: (signal) => process.kill(pty.pid, signal),
  };
}
