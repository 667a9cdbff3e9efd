import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import type { Duplex } from 'node:stream';
import type { Enclosure, Inside, InsideReport } from '../process/child.ts';
import { children } from '../process/process-table.ts';
import { INSIDE, OUTSIDE } from './inside-script.ts';
import type { SandboxPrograms } from './programs.ts';

/** A sandbox for one child, made of bubblewrap and two small programs around the command. */
export function encloseWith(sandbox: {
  programs: SandboxPrograms;
  /** For bubblewrap, up to the `--`. */
  words: readonly string[];
  filter: Uint8Array | null;
  /** Where the proxy's socket is seen inside; null for none. */
  proxy: string | null;
  /** Given to the command besides its own environment. */
  environment: Readonly<Record<string, string>>;
}): Enclosure {
  const { programs, filter } = sandbox;
  return {
    enter({ file, argv, env, leads }, at) {
      const [words, spec, report, seccomp] = [at, at + 1, at + 2, at + 3];
      const inside = [...sandbox.words, ...(filter === null ? [] : ['--seccomp', String(seccomp)])];
      const watcher = [programs.perl, '-e', INSIDE, String(report), String(spec)];
      const calls = CALLS[process.arch];
      watcher.push(String(calls?.prctl ?? 0), String((leads && calls?.setsid) || 0));
      watcher.push(sandbox.proxy ?? '');
      const environment = Object.entries({ ...env, ...sandbox.environment });
      return {
        file: programs.perl,
        args: ['-e', OUTSIDE, programs.bubblewrap, '--args', String(words), '--', ...watcher],
        // Nothing of the command's: a library to preload would be loaded outside the walls.
        env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' },
        pipes: filter === null ? 3 : 4,
        attach(child) {
          feed(child, words, inside);
          const named = environment.map(([name, value]) => `${name}=${value}`);
          feed(child, spec, [file, String(argv.length), ...argv, ...named]);
          if (filter !== null) pipeOf(child, seccomp).end(filter);
          return insideOf(child, pipeOf(child, report));
        },
      };
    },
  };
}

/** System calls that Perl has no name for without a slow module. */
const CALLS: Readonly<Record<string, { prctl: number; setsid: number }>> = {
  x64: { prctl: 157, setsid: 112 },
  arm64: { prctl: 167, setsid: 157 },
};

function feed(child: ChildProcess, fd: number, words: readonly string[]): void {
  pipeOf(child, fd).end(Buffer.from(words.map((word) => `${word}\0`).join('')));
}

function pipeOf(child: ChildProcess, fd: number): Duplex {
  const pipe = child.stdio[fd] as unknown as Duplex;
  // What is inside may end before it has read everything: how it ended says why.
  pipe.on('error', () => {});
  return pipe;
}

function insideOf(child: ChildProcess, pipe: Duplex): Inside {
  let text = '';
  pipe.setEncoding('latin1');
  pipe.on('data', (piece: string) => {
    if (text.length < MOST_REPORT) text += piece;
  });
  const report = new Promise<InsideReport>((resolve) => {
    pipe.once('close', () => resolve(readReport(text)));
  });
  let pid: number | null = null;
  return {
    report,
    pid() {
      pid ??= commandBelow(child.pid as number, /^p (\d+)$/m.exec(text)?.[1] ?? null);
      return pid;
    },
    chain: () => chainBelow(child.pid as number),
  };
}

const MOST_REPORT = 1024 * 1024;

/** Reads what the command's parent wrote; a line it did not finish is none. */
export function readReport(text: string): InsideReport {
  const report: InsideReport = { started: false, exit: null, cpu: null, leftBehind: [] };
  for (const line of text.split('\n').slice(0, -1)) {
    const [what, first = '', second = '', third = ''] = line.split(' ');
    if (what === 'p') report.started = true;
    if (what === 'e') report.refused = Number(first);
    if (what === 'x') {
      report.exit = exitOf(Number(first));
      report.cpu = { userMicros: micros(second), systemMicros: micros(third) };
    }
    if (what === 'l') report.leftBehind.push(commandLine(second));
  }
  return report;
}

/** A wait status as wait(2) gives it. */
function exitOf(status: number): NonNullable<InsideReport['exit']> {
  const number = status & 0x7f;
  if (number === 0) return { code: status >> 8 };
  const name = Object.entries(constants.signals).find(([, value]) => value === number)?.[0];
  // A real-time signal has no name here; a shell would say 128 and its number.
  if (name === undefined) return { code: 128 + number };
  return { signal: name as NodeJS.Signals, ...((status & 0x80) !== 0 && { coreDumped: true }) };
}

function micros(seconds: string): number {
  return Math.round(Number(seconds) * 1_000_000);
}

function commandLine(hex: string): string {
  const words = Buffer.from(hex, 'hex').toString('utf8').split('\0');
  return words.filter((word) => word !== '').join(' ');
}

/** Bubblewrap, its process 1 inside, and the command's parent: all ours, none of the command's. */
function chainBelow(outer: number): number[] {
  const [init] = children(outer);
  if (init === undefined) return [outer];
  const parent = children(init).find((pid) => numberInside(pid) === '2');
  return parent === undefined ? [outer, init] : [outer, init, parent];
}

function commandBelow(outer: number, inside: string | null): number | null {
  const [, , parent] = chainBelow(outer);
  if (inside === null || parent === undefined) return null;
  return children(parent).find((pid) => numberInside(pid) === inside) ?? null;
}

/** A process's number in the innermost of its namespaces. */
function numberInside(pid: number): string | null {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'latin1');
    return /^NSpid:.*\s(\d+)$/m.exec(status)?.[1] ?? null;
  } catch {
    return null;
  }
}
