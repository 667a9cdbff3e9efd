import { closeSync, constants, fstatSync, openSync, readSync, type Stats, statSync } from 'node:fs';
import { fileTrouble, notAFile } from './file-trouble.ts';

/** A regular file that is open for reading. */
export interface RegularFile {
  readonly size: number;
  readonly modified: Date;
  /** Reads up to `length` bytes at `at`, into memory of their own; empty at the end. */
  read(at: number, length: number): Uint8Array;
  /** How it stands now: size, time of change, and which file it is. */
  stat(): Stats;
  close(): void;
}

/**
 * Opens a file, and only a file: it is asked before it is opened, because opening a pipe would wake
 * its writer and closing it again would kill that. Links are followed.
 *
 * @throws ProofError `attach.…`, which says what else stands there
 */
export function openRegularFile(path: string): RegularFile {
  try {
    const before = notAFile(path, statSync(path));
    if (before !== null) throw before;
    const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
    const stat = fstatSync(file);
    const put = notAFile(path, stat);
    if (put !== null) {
      closeSync(file);
      throw put;
    }
    return opened(path, file, stat);
  } catch (error) {
    if ((error as { name?: string }).name === 'ProofError') throw error;
    throw fileTrouble(path, error);
  }
}

function opened(path: string, file: number, { size, mtime }: Stats): RegularFile {
  let closed = false;
  const guarded = <T>(body: () => T): T => {
    try {
      return body();
    } catch (error) {
      throw fileTrouble(path, error);
    }
  };
  return {
    size,
    modified: mtime,
    read: (at, length) =>
      guarded(() => {
        const bytes = new Uint8Array(length);
        return bytes.subarray(0, readSync(file, bytes, 0, length, at));
      }),
    stat: () => guarded(() => fstatSync(file)),
    close() {
      if (!closed) closeSync(file);
      closed = true;
    },
  };
}
