import { readFileSync } from 'node:fs';
import { spawn } from '@lydell/node-pty';

export interface Ended {
  ms: number;
  bytes: number;
  /** Most memory the process itself held, as far as it was looked at. */
  peakRss: number;
}

/**
 * Runs a command in a terminal of its own, as a person would see it, and reads all it writes.
 * `watch`: look at its memory meanwhile, which costs it a little.
 */
export function atTerminal(
  argv: readonly string[],
  options: { cwd: string; env: Record<string, string>; watch?: boolean },
): Promise<Ended> {
  const [file = '', ...args] = argv;
  const started = performance.now();
  // Null for bytes; the declaration knows names of encodings only.
  const pty = spawn(file, args, { cols: 100, rows: 30, ...options, encoding: null as never });
  let bytes = 0;
  let peakRss = 0;
  pty.onData((part) => {
    bytes += part.length;
  });
  const look = () => {
    peakRss = Math.max(peakRss, highWater(pty.pid));
  };
  const watching = options.watch ? setInterval(look, 40) : undefined;
  return new Promise((resolve, reject) => {
    pty.onExit(({ exitCode, signal }) => {
      clearInterval(watching);
      const ms = performance.now() - started;
      // A command that closes its streams before it ends may be hung up on by node-pty meanwhile.
      if (exitCode === 0 && (!signal || signal === SIGHUP)) resolve({ ms, bytes, peakRss });
      else reject(new Error(`${argv.join(' ')}: exit ${exitCode}, signal ${signal}`));
    });
  });
}

const SIGHUP = 1;

/** VmHWM: the kernel's own record of the most that was resident, so one late look is enough. */
function highWater(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'latin1');
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
