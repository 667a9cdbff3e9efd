import { readdirSync, readFileSync } from 'node:fs';
import type { ChildOutcome, InsideReport } from './child.ts';
import { readProcess } from './process-table.ts';

/**
 * Processes that outlived a child. Behind walls they were ended, and its watcher there has listed
 * them. Without walls they live on: they are known by the mark in their environment, and looked for
 * among those started since the child was; one that took the mark out of its environment, or came
 * by a process number lower than the child's, is not found.
 */
export async function leftBehind(
  mark: string | undefined,
  child: number,
  report: InsideReport | null,
): Promise<Pick<ChildOutcome, 'leftBehind'>> {
  const found =
    report === null
      ? await stillBearing(mark, child)
      : report.leftBehind.map((command) => ({ command, ended: true }));
  return found.length === 0 ? {} : { leftBehind: found };
}

type Found = NonNullable<ChildOutcome['leftBehind']>;

/** Only where there are any does it take time: they may be about to end. */
async function stillBearing(mark: string | undefined, since: number): Promise<Found> {
  if (mark === undefined) return [];
  let found = bearing(mark, since);
  for (let look = 0; found.length > 0 && look < LOOKS; look++) {
    await new Promise((later) => setTimeout(later, LOOK_MS));
    found = bearing(mark, since);
  }
  return found;
}

const LOOKS = 10;
const LOOK_MS = 20;

function bearing(mark: string, since: number): Found {
  return numbersAbove(since).flatMap((pid) => {
    try {
      const variables = readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0');
      // One that is about to be gone as well is not left behind.
      if (!variables.includes(mark) || readProcess(pid)?.state === 'Z') return [];
      const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
      const command = words.filter((word) => word !== '').join(' ');
      return [{ pid, command: command.slice(0, LONGEST_COMMAND), ended: false }];
    } catch {
      return []; // gone, or another user's
    }
  });
}

function numbersAbove(least: number): number[] {
  try {
    return readdirSync('/proc')
      .map(Number)
      .filter((pid) => pid > least);
  } catch {
    return [];
  }
}

const LONGEST_COMMAND = 400;
