import type { Body } from '../core/entries/kinds.ts';

/** A command that is being recorded, or could not be. */
export interface Pending {
  run: string;
  /** The recorded run it is inside of. */
  parent?: string;
  /** Workspace that is watched meanwhile. */
  root?: string;
  /** Who works on it; 0 once nobody does. */
  pid: number;
  /** Start time of that process in clock ticks (/proc), so that a reused pid is not taken for it. */
  pidStart: string | null;
  task: number | null;
  /** Size of the ledger when the command began: its entry, if it has one, comes after. */
  size: number;
  gap: Omit<Body<'gap'>, 'to'> & { to?: string };
}

/** Somebody else may have written it: what the reader relies on is looked at. */
export function isPending({ run, pid, size, task, gap }: Pending): boolean {
  const numbers = [pid, size, ...(task === null ? [] : [task])].every(
    (n) => Number.isSafeInteger(n) && n >= 0,
  );
  return numbers && RUN.test(run) && typeof gap === 'object' && gap !== null;
}

/** Names of runs become file names: nothing else may. */
const RUN = /^[0-9a-f]{16}$/;
