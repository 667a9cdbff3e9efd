import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';

/** A file as it lies there now, up to a bound. */
export interface FileReader {
  /** Bytes from the beginning, `most` of them at most; null where there is no regular file. */
  read(path: string, most: number): FoundFile | null;
}

export interface FoundFile {
  bytes: Uint8Array;
  /** Of the whole file. */
  size: number;
  modified: Date;
}

/** Reads files below a directory. What is gone by now, or is no file, is not there. */
export function filesBelow(root: string): FileReader {
  return {
    read(path, most) {
      try {
        return readStart(join(root, path), most);
      } catch {
        return null;
      }
    },
  };
}

/** Up to `most` bytes of a regular file; null for anything else. Throws as `node:fs` does. */
export function readStart(path: string, most: number): FoundFile | null {
  // A pipe of that name must not keep us waiting for a writer.
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stat = fstatSync(file);
    if (!stat.isFile()) return null;
    const bytes = new Uint8Array(Math.min(stat.size, most));
    let done = 0;
    while (done < bytes.length) {
      const read = readSync(file, bytes, done, bytes.length - done, done);
      if (read === 0) break;
      done += read;
    }
    return { bytes: bytes.subarray(0, done), size: stat.size, modified: stat.mtime };
  } finally {
    closeSync(file);
  }
}
