/** A piece of a log that holds whole lines only. */
export interface LineBlock {
  /** Place of its first byte in the unpacked log. */
  offset: number;
  bytes: Uint8Array;
  /** For a line too long to be kept: its length; `bytes` is empty then. */
  overlong: number;
}

/** Lines longer than this are counted and told, not read. */
export const LONGEST_LINE = 16 * 1024 * 1024;
/** Large enough that a block costs little, small enough that a few of them are little memory. */
export const BLOCK_BYTES = 2 * 1024 * 1024;

/**
 * Cuts a stream at line ends into blocks. No byte is lost, added or moved: blocks and overlong
 * lines, one after another, are the stream. Only LF ends a line; the last may lack it.
 */
export async function* lineBlocks(
  stream: AsyncIterable<Uint8Array>,
  { block = BLOCK_BYTES, longest = LONGEST_LINE } = {},
): AsyncGenerator<LineBlock> {
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  let offset = 0;
  /** Bytes already dropped of a line that is too long; -1 while there is none. */
  let dropping = -1;
  const take = (): Uint8Array => {
    const bytes = held.length === 1 ? (held[0] as Uint8Array) : Buffer.concat(held, heldBytes);
    held = [];
    heldBytes = 0;
    return bytes;
  };
  const overlong = (length: number): LineBlock => {
    const found = { offset, bytes: new Uint8Array(), overlong: length };
    offset += length;
    dropping = -1;
    return found;
  };
  for await (let piece of stream) {
    if (dropping >= 0) {
      const end = piece.indexOf(LF);
      if (end < 0) {
        dropping += piece.length;
        continue;
      }
      yield overlong(dropping + end + 1);
      piece = piece.subarray(end + 1);
    }
    if (piece.length === 0) continue;
    const last = piece.lastIndexOf(LF);
    if (last >= 0 && heldBytes + last + 1 >= block) {
      held.push(piece.subarray(0, last + 1));
      heldBytes += last + 1;
      const bytes = take();
      yield { offset, bytes, overlong: 0 };
      offset += bytes.length;
      piece = piece.subarray(last + 1);
      if (piece.length === 0) continue;
    }
    held.push(piece);
    heldBytes += piece.length;
    if (heldBytes <= longest) continue;
    const bytes = take();
    const whole = bytes.lastIndexOf(LF) + 1;
    if (whole > 0) {
      yield { offset, bytes: bytes.subarray(0, whole), overlong: 0 };
      offset += whole;
    }
    const rest = bytes.subarray(whole);
    if (rest.length > longest) dropping = rest.length;
    else if (rest.length > 0) {
      held.push(rest);
      heldBytes = rest.length;
    }
  }
  if (dropping >= 0) yield overlong(dropping);
  else if (heldBytes > 0) yield { offset, bytes: take(), overlong: 0 };
}

const LF = 10;
