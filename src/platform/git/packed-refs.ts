import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The object a ref points to according to `packed-refs`, or null.
 *
 * The file holds one line a ref and reaches tens of megabytes in large repositories, so it is
 * searched in pieces of 1 MiB, never held whole, and no further than 256 MiB.
 */
export function findPackedRef(commonDir: string, ref: string): string | null {
  let file: number;
  try {
    file = openSync(join(commonDir, 'packed-refs'), constants.O_RDONLY | constants.O_NONBLOCK);
  } catch {
    return null;
  }
  try {
    return fstatSync(file).isFile() ? search(file, Buffer.from(` ${ref}\n`, 'utf8')) : null;
  } catch {
    return null;
  } finally {
    closeSync(file);
  }
}

const PIECE = 1024 * 1024;
const MAX_BYTES = 256 * 1024 * 1024;
/** A line end and 64 hex digits. */
const BEFORE_NAME = 65;

function search(file: number, needle: Buffer): string | null {
  // What is kept from one piece to the next, so that no line is missed at a seam.
  const overlap = BEFORE_NAME + needle.length;
  const window = Buffer.alloc(overlap + PIECE);
  let kept = 0;
  for (let total = 0; total < MAX_BYTES; ) {
    const read = readSync(file, window, kept, PIECE, null);
    if (read === 0) return null;
    total += read;
    const filled = window.subarray(0, kept + read);
    for (let at = filled.indexOf(needle); at !== -1; at = filled.indexOf(needle, at + 1)) {
      const before = filled.toString('latin1', Math.max(0, at - BEFORE_NAME), at);
      const match = /(?:^|\n)([0-9a-f]{64}|[0-9a-f]{40})$/.exec(before);
      if (match !== null) return match[1] as string;
    }
    kept = Math.min(overlap, filled.length);
    window.copyWithin(0, filled.length - kept, filled.length);
  }
  return null;
}
