/** Writes a file to standard output (or error) in pieces: `write-in-chunks.ts FILE BYTES [2]`. */
import { readFileSync, writeSync } from 'node:fs';

const [path = '', size = '4096', fd = '1'] = process.argv.slice(2);
const bytes = readFileSync(path);
for (let at = 0; at < bytes.length; ) {
  try {
    at += writeSync(Number(fd), bytes, at, Math.min(Number(size), bytes.length - at));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
  }
}
