import {
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { unverifiedCheckpoint } from '../checkpoint.ts';

/**
 * What this machine signed last for a ledger, kept outside the ledger.
 *
 * An older copy put back (from a backup, by a file synchroniser) would otherwise be continued,
 * and two histories signed by one key: a fork nobody meant. The record is written after each
 * commit and not fsynced: losing it to a power cut can only make it lag, and a lagging record
 * never refuses a ledger that is whole.
 */
export class LastSigned {
  readonly #path: string;
  #file: number | null = null;
  readonly #buffer = Buffer.alloc(1024);
  #last: { size: number; note: string } | null = null;

  constructor(configDir: string, ledgerId: string) {
    this.#path = join(configDir, 'last-signed', ledgerId);
  }

  /** The signed checkpoint, or null where nothing (readable) is kept. Makes no file. */
  read(): { size: number; note: string } | null {
    try {
      this.#file ??= openSync(this.#path, constants.O_RDWR);
      const length = readSync(this.#file, this.#buffer, 0, this.#buffer.length, 0);
      const note = this.#buffer.toString('utf8', 0, length);
      // Mostly it is what was written here last, and need not be parsed again.
      if (note !== this.#last?.note) this.#last = { size: unverifiedCheckpoint(note).size, note };
      return this.#last;
    } catch {
      return null;
    }
  }

  /** A guard must not stop the recording it guards: where it cannot be written, it lags. */
  write(last: { size: number; note: string }): void {
    try {
      writeSync(this.#open(), last.note, 0);
      this.#last = last;
    } catch {
      this.close();
    }
  }

  /** True also where the record says nothing: emptied, or cut off by a loss of power. */
  exists(): boolean {
    return existsSync(this.#path);
  }

  close(): void {
    if (this.#file !== null) closeSync(this.#file);
    this.#file = null;
  }

  #open(): number {
    if (this.#file === null) {
      mkdirSync(join(this.#path, '..'), { recursive: true, mode: 0o700 });
      this.#file = openSync(this.#path, constants.O_RDWR | constants.O_CREAT, 0o600);
    }
    return this.#file;
  }
}
