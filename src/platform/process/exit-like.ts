import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import type { ChildOutcome } from './child.ts';

/**
 * Ends this process the way the child ended, so that whoever waits for us is told the same: a
 * script that is to stop at Ctrl-C does so only if it sees a death by SIGINT, not the code 130.
 *
 * Signals that dump core are turned into 128+n wherever a core would really be written: ours would
 * take the place of the child's.
 */
export function exitLike(exit: ChildOutcome['exit']): never {
  if ('code' in exit) process.exit(exit.code);
  const { signal } = exit;
  if (!DUMPS_CORE.has(signal) || !coresAreWritten()) raise(signal);
  process.exit(128 + (constants.signals[signal] ?? 0));
}

function raise(signal: NodeJS.Signals): void {
  try {
    // Node ignores SIGPIPE and keeps SIGUSR1 for its debugger. The last listener to leave puts a
    // signal back to its default.
    process.on(signal, () => {});
  } catch {
    // SIGKILL and SIGSTOP take no listener and need none.
  }
  process.removeAllListeners(signal);
  const patience = new Int32Array(new SharedArrayBuffer(4));
  // Twice: at the first SIGSEGV V8's own handler only steps aside.
  for (let attempt = 0; attempt < 2; attempt++) {
    process.kill(process.pid, signal);
    Atomics.wait(patience, 0, 0, 100);
  }
}

const DUMPS_CORE: ReadonlySet<NodeJS.Signals> = new Set([
  'SIGQUIT',
  'SIGILL',
  'SIGTRAP',
  'SIGABRT',
  'SIGBUS',
  'SIGFPE',
  'SIGSEGV',
  'SIGSYS',
  'SIGXCPU',
  'SIGXFSZ',
]);

function coresAreWritten(): boolean {
  try {
    // A core handed to a program ("|…") is not bound by the limit.
    if (readFileSync('/proc/sys/kernel/core_pattern', 'latin1').startsWith('|')) return true;
    return !/^Max core file size\s+0\s/m.test(readFileSync('/proc/self/limits', 'latin1'));
  } catch {
    return true;
  }
}
