/**
 * Writes BYTES to standard output, always the same: `write-pattern.ts bytes|lines|line BYTES`.
 * `bytes` is a cipher's key stream, `lines` usual log lines, `line` one line without an end.
 */
import { writeSync } from 'node:fs';
import { patternOf } from './pattern.ts';

const [kind = 'bytes', size = '0'] = process.argv.slice(2);
for (const piece of patternOf(kind, Number(size))) {
  for (let at = 0; at < piece.length; ) {
    try {
      at += writeSync(1, piece, at);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}
