import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isPending, type Pending } from './pending-run.ts';
import { makePrivateDirectory, writePrivateFile } from './private-files.ts';
import { NAME, nameOf, pendingFrom } from './spool-name.ts';

export type { Pending } from './pending-run.ts';

/**
 * Commands that are being recorded, one small file each, so that a recorder which dies leaves
 * something behind: the next append turns it into a `gap`. The same way out is taken when an
 * entry cannot be written while the command still runs: the gap waits here.
 *
 * Files are not fsynced; what they guard against is death of the process, not of the machine.
 */
export class Spool {
  readonly #dir: string;

  constructor(ledgerDir: string) {
    this.#dir = join(ledgerDir, 'spool');
  }

  /**
   * Keeps or replaces the note about a run; quietly nothing where the disk refuses. A disk without
   * a free block mostly still takes a name, so there the name of an empty file is the note.
   */
  put(pending: Pending): boolean {
    try {
      // Not the ledger's own directory: where that is gone, or never was, nothing is left behind.
      makePrivateDirectory(this.#dir, true);
      writePrivateFile(this.#path(pending.run), JSON.stringify(pending));
      return true;
    } catch {
      return this.#putName(pending);
    }
  }

  /** A note that stays although its entry is on disk does no harm: the entry is looked for first. */
  remove(run: string): void {
    try {
      for (const name of this.#names()) if (name.startsWith(run)) this.#forget(name);
    } catch {
      // Not ours to remove, or not at the moment: the next recovery meets it again.
    }
  }

  /** Removes what says nothing and never will: half-written when its process was killed. */
  removeUnreadable(olderThanMs: number): void {
    for (const name of this.#names()) {
      if (this.#read(name).length > 0) continue;
      try {
        const { mtimeMs } = statSync(join(this.#dir, name));
        if (Date.now() - mtimeMs > olderThanMs) this.#forget(name);
      } catch {
        // Gone by now, or not ours.
      }
    }
  }

  list(): Pending[] {
    const names = this.#names();
    // A name was written because a file could not be: it is the later word about its run.
    const inOrder = [FILE, NAME].flatMap((end) => names.filter((name) => name.endsWith(end)));
    const pending = inOrder.flatMap((name) => this.#read(name));
    return [...new Map(pending.map((one) => [one.run, one])).values()];
  }

  #names(): string[] {
    try {
      return readdirSync(this.#dir).filter((name) => name.endsWith(FILE) || name.endsWith(NAME));
    } catch {
      return [];
    }
  }

  #putName(pending: Pending): boolean {
    const name = nameOf(pending);
    try {
      writePrivateFile(join(this.#dir, name), '');
      for (const other of this.#names())
        if (other.startsWith(pending.run) && other !== name) this.#forget(other);
      return true;
    } catch {
      return false;
    }
  }

  #forget(name: string): void {
    rmSync(join(this.#dir, name), { force: true });
  }

  #read(name: string): Pending[] {
    try {
      if (name.endsWith(NAME)) return pendingFrom(name);
      const pending = JSON.parse(readFileSync(join(this.#dir, name), 'utf8')) as Pending;
      return isPending(pending) ? [pending] : [];
    } catch {
      return []; // half written when its process was killed: the run had not begun
    }
  }

  #path(run: string): string {
    return join(this.#dir, run + FILE);
  }
}

const FILE = '.json';
