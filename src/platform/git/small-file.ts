import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

/**
 * The UTF-8 text of a small regular file; null where there is none, where it is longer than
 * `maxBytes`, is not UTF-8, or may not be read.
 *
 * The files of a git directory are whatever somebody unpacked there: a FIFO would block a plain
 * read for ever (hence O_NONBLOCK) and a huge file would fill the memory of a command that is
 * meant to start in milliseconds.
 */
export function readSmallFile(path: string, maxBytes: number): string | null {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch {
    return null;
  }
  try {
    const found = fstatSync(file);
    if (!found.isFile() || found.size > maxBytes) return null;
    const bytes = new Uint8Array(found.size);
    let length = 0;
    while (length < bytes.length) {
      const read = readSync(file, bytes, length, bytes.length - length, null);
      if (read === 0) break;
      length += read;
    }
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, length));
  } catch {
    return null;
  } finally {
    closeSync(file);
  }
}
