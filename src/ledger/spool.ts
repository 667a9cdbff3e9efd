import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Body } from '../core/entries/kinds.ts';

/**
 * Commands that are being recorded, one small file each, so that a recorder which dies leaves
 * something behind: the next append turns it into a `gap`. The same way out is taken when an
 * entry cannot be written while the command still runs: the gap waits here.
 *
 * Files are not fsynced; what they guard against is death of the process, not of the machine.
 */
export interface Pending {
  run: string;
  /** Who works on it; 0 once nobody does. */
  pid: number;
  /** Start time of that process in clock ticks (/proc), so that a reused pid is not taken for it. */
  pidStart: string | null;
  task: number | null;
  /** Size of the ledger when the command began: its entry, if it has one, comes after. */
  size: number;
  gap: Omit<Body<'gap'>, 'to'> & { to?: string };
}

export class Spool {
  readonly #dir: string;

  constructor(ledgerDir: string) {
    this.#dir = join(ledgerDir, 'spool');
  }

  /** Keeps or replaces the note about a run; quietly nothing where the disk refuses. */
  put(pending: Pending): boolean {
    try {
      mkdirSync(this.#dir, { recursive: true, mode: 0o700 });
      writeFileSync(this.#path(pending.run), JSON.stringify(pending), { mode: 0o600 });
      return true;
    } catch {
      return false;
    }
  }

  remove(run: string): void {
    rmSync(this.#path(run), { force: true });
  }

  list(): Pending[] {
    let names: string[];
    try {
      names = readdirSync(this.#dir);
    } catch {
      return [];
    }
    return names.filter((name) => name.endsWith('.json')).flatMap((name) => this.#read(name));
  }

  #read(name: string): Pending[] {
    try {
      const pending = JSON.parse(readFileSync(join(this.#dir, name), 'utf8')) as Pending;
      return isPending(pending) ? [pending] : [];
    } catch {
      return []; // half written when its process was killed: the run had not begun
    }
  }

  #path(run: string): string {
    return join(this.#dir, `${run}.json`);
  }
}

/** Somebody else may have written it: what the reader relies on is looked at. */
function isPending({ run, pid, size, task, gap }: Pending): boolean {
  const numbers = [pid, size, task ?? 0].every((n) => Number.isSafeInteger(n) && n >= 0);
  return numbers && RUN.test(run) && typeof gap === 'object' && gap !== null;
}

/** Names of runs become file names: nothing else may. */
const RUN = /^[0-9a-f]{16}$/;
