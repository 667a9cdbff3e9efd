import { readFileSync } from 'node:fs';
import { endianness } from 'node:os';
import type { ResourceUsage } from './child.ts';
import { descendants, readProcess } from './process-table.ts';

/**
 * Watches what a child costs without standing in its way. CPU is what the kernel has charged to
 * the children we have waited for, exact to a clock tick. Memory is looked at now and then, so a
 * short peak between two looks is missed and the number is a lower bound.
 */
export function watchResources(): ResourceWatch {
  const before = readProcess('self');
  let peakKilobytes: number | null = null;
  let timer: NodeJS.Timeout | undefined;

  const sample = (pid: number) => {
    for (const each of [pid, ...descendants(pid)]) {
      const kilobytes = residentHighWater(each);
      if (kilobytes !== null && kilobytes > (peakKilobytes ?? 0)) peakKilobytes = kilobytes;
    }
  };

  return {
    follow(pid) {
      sample(pid);
      let interval = FIRST_INTERVAL_MS;
      const again = () => {
        sample(pid);
        interval = Math.min(interval * 1.5, LONGEST_INTERVAL_MS);
        timer = setTimeout(again, interval);
      };
      timer = setTimeout(again, interval);
    },
    finish() {
      clearTimeout(timer);
      const after = readProcess('self');
      const micros = (field: 'childrenUserTicks' | 'childrenSystemTicks') =>
        before && after
          ? Math.round(((after[field] - before[field]) * 1_000_000) / ticksPerSecond())
          : null;
      return {
        cpuUserMicros: micros('childrenUserTicks'),
        cpuSystemMicros: micros('childrenSystemTicks'),
        cpuSource:
          before && after
            ? `children waited for, from /proc, ${1000 / ticksPerSecond()} ms ticks`
            : 'not available on this system',
        peakRssBytes: peakKilobytes === null ? null : peakKilobytes * 1024,
        peakRssSource:
          peakKilobytes === null ? 'no sample was possible' : 'sampled from /proc, largest process',
      };
    },
  };
}

/** CPU of the children that `pid` has waited for so far, microseconds; null where there is no /proc. */
export function cpuOfChildren(pid: number): { user: number; system: number } | null {
  const entry = readProcess(pid);
  const micros = (ticks: number) => Math.round((ticks * 1_000_000) / ticksPerSecond());
  return (
    entry && {
      user: micros(entry.childrenUserTicks),
      system: micros(entry.childrenSystemTicks),
    }
  );
}

export interface ResourceWatch {
  /** From the start of the child on. */
  follow(pid: number): void;
  /** Once the child has been waited for. */
  finish(): ResourceUsage;
}

const FIRST_INTERVAL_MS = 25;
const LONGEST_INTERVAL_MS = 500;

function residentHighWater(pid: number): number | null {
  try {
    const match = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'));
    return match ? Number(match[1]) : null;
  } catch {
    return null;
  }
}

/** sysconf(_SC_CLK_TCK) without starting getconf: AT_CLKTCK (17) of the auxiliary vector. */
function ticksPerSecond(): number {
  try {
    const vector = readFileSync('/proc/self/auxv');
    for (let at = 0; at + 16 <= vector.length; at += 16) {
      const [type, value] =
        endianness() === 'LE'
          ? [vector.readBigUInt64LE(at), vector.readBigUInt64LE(at + 8)]
          : [vector.readBigUInt64BE(at), vector.readBigUInt64BE(at + 8)];
      if (type === 17n) return Number(value);
    }
  } catch {
    // Falls through to what every current Linux architecture uses.
  }
  return 100;
}
