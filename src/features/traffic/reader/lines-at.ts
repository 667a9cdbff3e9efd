import { unpack } from './decompress.ts';
import type { LogInput } from './log-source.ts';

/** A line is shown up to here; whole ones are in the log. */
const LONGEST_SHOWN = 64 * 1024;

/**
 * The bytes at these places of a log, in the order of the places, which must be ascending. Reads
 * from the beginning, since a packed log can be read no other way; places beyond its end give null.
 */
export async function linesAt(
  input: LogInput,
  places: readonly { offset: number; length: number }[],
): Promise<(Uint8Array | null)[]> {
  const found: (Uint8Array | null)[] = places.map(() => null);
  const { bytes } = await unpack(input.bytes(), input.name);
  let start = 0;
  let next = 0;
  let held: Uint8Array[] = [];
  for await (const piece of bytes) {
    const end = start + piece.length;
    for (; next < places.length; next++) {
      const { offset, length } = places[next] as { offset: number; length: number };
      const until = offset + Math.min(length, LONGEST_SHOWN);
      if (offset >= end) break;
      held.push(piece.subarray(Math.max(0, offset - start), until - start));
      if (until > end) break;
      found[next] = withoutEnd(Buffer.concat(held));
      held = [];
    }
    if (next >= places.length) break;
    start = end;
  }
  return found;
}

function withoutEnd(line: Uint8Array): Uint8Array {
  let end = line.length;
  if (line[end - 1] === 10) end--;
  if (line[end - 1] === 13) end--;
  return line.subarray(0, end);
}
