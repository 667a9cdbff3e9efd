import { createHmac } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readlinkSync, readSync } from 'node:fs';
import type { FileState } from '../../core/entries/change-kind.ts';
import { systemPath } from './path-bytes.ts';

/** Largest file whose bytes are kept, and largest that is hashed; beyond it, size and times count. */
export const MOST_KEPT = 16 * 1024 * 1024;
export const MOST_HASHED = 1024 * 1024 * 1024;

export type Read =
  | { how: 'whole'; hash: Uint8Array; bytes: Buffer }
  | { how: 'hashed'; hash: Uint8Array }
  | { how: 'large' }
  | { how: 'unread' };

/**
 * Reads a file, or a link's target, to be hashed under `key` and perhaps kept. What is at the path
 * may have been replaced since it was looked at: links are not followed, nothing blocks.
 */
export function readContents(
  place: string,
  type: FileState['type'],
  size: number,
  key: Uint8Array,
): Read {
  try {
    if (type === 'symlink') {
      const target = readlinkSync(systemPath(place), { encoding: 'buffer' });
      return { how: 'whole', hash: keyedHash(key, target), bytes: target };
    }
    if (size > MOST_HASHED) return { how: 'large' };
    const file = openSync(systemPath(place), FLAGS);
    try {
      const stat = fstatSync(file);
      if (!stat.isFile()) return { how: 'unread' };
      if (stat.size > MOST_HASHED) return { how: 'large' };
      return stat.size > MOST_KEPT ? hashOnly(file, key) : readWhole(file, stat.size, key);
    } finally {
      closeSync(file);
    }
  } catch {
    return { how: 'unread' };
  }
}

function keyedHash(key: Uint8Array, bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHmac('sha256', key).update(bytes).digest());
}

function readWhole(file: number, size: number, key: Uint8Array): Read {
  // One byte more than it says: a file that grows meanwhile is read to its end, up to the bound.
  let bytes = Buffer.allocUnsafe(size + 1);
  let length = 0;
  for (;;) {
    const read = readSync(file, bytes, length, bytes.length - length, length);
    length += read;
    if (read === 0) break;
    if (length > MOST_KEPT) return hashOnly(file, key);
    if (length === bytes.length) bytes = Buffer.concat([bytes, Buffer.allocUnsafe(length)]);
  }
  const whole = bytes.subarray(0, length);
  return { how: 'whole', hash: keyedHash(key, whole), bytes: whole };
}

function hashOnly(file: number, key: Uint8Array): Read {
  const hmac = createHmac('sha256', key);
  const piece = Buffer.allocUnsafe(1024 * 1024);
  for (let at = 0; at <= MOST_HASHED; ) {
    const read = readSync(file, piece, 0, piece.length, at);
    if (read === 0) return { how: 'hashed', hash: new Uint8Array(hmac.digest()) };
    hmac.update(piece.subarray(0, read));
    at += read;
  }
  return { how: 'large' };
}

const FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
