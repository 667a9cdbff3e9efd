import type { RegularFile } from './regular-file.ts';

/**
 * Where the last `lines` lines of a file begin. A last line without its end counts as one, as with
 * `tail -n`. Reads backwards, so a large file costs no more than the lines.
 */
export function lineStart(file: Pick<RegularFile, 'size' | 'read'>, lines: number): number {
  if (lines <= 0) return file.size;
  let wanted = lines;
  for (let end = file.size; end > 0; ) {
    const from = Math.max(0, end - PIECE);
    const piece = file.read(from, end - from);
    for (let at = piece.length - 1; at >= 0; at--) {
      // The end of the last line begins none.
      if (piece[at] !== LF || from + at === file.size - 1) continue;
      wanted--;
      if (wanted === 0) return from + at + 1;
    }
    end = from;
  }
  return 0;
}

const PIECE = 64 * 1024;
const LF = 10;
