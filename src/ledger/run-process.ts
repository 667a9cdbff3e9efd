import { readFileSync } from 'node:fs';
import type { Pending } from './pending-run.ts';

/** Start time of a process in clock ticks since boot; null where there is no /proc or process. */
export function processStart(pid: number): string | null {
  try {
    // The command name may hold spaces and brackets: fields are counted after its last bracket.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

/** Whether the process that left a note still lives: a number alone may be another's by now. */
export function isAlive(pending: Pick<Pending, 'pid' | 'pidStart'>): boolean {
  if (pending.pid === 0) return false;
  if (pending.pidStart !== null) return processStart(pending.pid) === pending.pidStart;
  try {
    process.kill(pending.pid, 0);
    return true;
  } catch {
    return false;
  }
}
