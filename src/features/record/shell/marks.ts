/**
 * Marks that our hooks in a shell put into its terminal's stream, so that they stand exactly where
 * a command begins and ends:
 *
 *     ESC ] 133 ; <letter> ; proof=<nonce> ; <payload> BEL
 *
 * OSC 133 is what terminals use for this. The nonce is of this session alone and never leaves the
 * shell's own memory: a program that merely prints something cannot end a command with it. Our
 * marks are taken out before the bytes go to the screen or the record; the user's own OSC 133, and
 * whatever else only resembles a mark, is left as it is.
 */
export type Piece = { bytes: Uint8Array } | { mark: string; payload: string };

export class MarkReader {
  readonly #rest: Buffer;
  #held: Buffer = Buffer.alloc(0);

  constructor(nonce: string) {
    this.#rest = Buffer.from(`;proof=${nonce};`, 'latin1');
  }

  /** Splits what came into output and marks; a mark that is not whole yet is held back. */
  read(chunk: Uint8Array): Piece[] {
    const all =
      this.#held.length > 0
        ? Buffer.concat([this.#held, chunk])
        : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    this.#held = Buffer.alloc(0);
    const pieces: Piece[] = [];
    let shown = 0;
    const show = (end: number) => {
      if (end > shown) pieces.push({ bytes: all.subarray(shown, end) });
      shown = end;
    };
    for (let at = 0; ; ) {
      const start = beginning(all, at);
      if (start < 0) break;
      const found = this.#markAt(all, start);
      if (found === null) {
        at = start + 1;
        continue;
      }
      show(start);
      if (found === 'incomplete') {
        // Its own copy: the chunk's buffer belongs to whoever read it.
        this.#held = Buffer.from(all.subarray(start));
        return pieces;
      }
      const payload = all.toString(
        'latin1',
        start + HEAD.length + 1 + this.#rest.length,
        found.end,
      );
      pieces.push({ mark: String.fromCharCode(all[start + HEAD.length] as number), payload });
      shown = at = found.end + 1;
    }
    show(all.length);
    return pieces;
  }

  /**
   * Gives up on what is held back unless it is certainly a mark of ours: an ESC may be all that a
   * program means to say for now, and its user waits to see it.
   */
  letGo(): Uint8Array {
    if (this.#held.length > HEAD.length + 1 + this.#rest.length) return new Uint8Array();
    const held = this.#held;
    this.#held = Buffer.alloc(0);
    return held;
  }

  get holding(): boolean {
    return this.#held.length > 0;
  }

  #markAt(all: Buffer, start: number): { end: number } | 'incomplete' | null {
    const from = start + HEAD.length + 1;
    const letter = all[from - 1];
    if (letter !== undefined && (letter < UPPER_A || letter > UPPER_Z)) return null;
    const have = Math.min(all.length - from, this.#rest.length);
    if (have > 0 && !all.subarray(from, from + have).equals(this.#rest.subarray(0, have)))
      return null;
    if (have < this.#rest.length) return 'incomplete';
    const most = Math.min(all.length, from + MOST_PAYLOAD);
    for (let end = from + have; end < most; end++) {
      const byte = all[end] as number;
      if (byte === BEL) return { end };
      // Hooks send printable ASCII alone: whatever it is, it is shown.
      if (byte < SPACE || byte >= DELETE) return null;
    }
    return all.length - from > MOST_PAYLOAD ? null : 'incomplete';
  }
}

const HEAD = Buffer.from('\u001b]133;', 'latin1');
const BEL = 7;
const SPACE = 0x20;
const DELETE = 0x7f;
const UPPER_A = 0x41;
const UPPER_Z = 0x5a;
/** Hooks send pieces of at most 900 bytes. */
const MOST_PAYLOAD = 8 * 1024;

/** Where the next mark may begin, be it only its first bytes at the very end; -1 for nowhere. */
function beginning(all: Buffer, from: number): number {
  const whole = all.indexOf(HEAD, from);
  if (whole >= 0) return whole;
  for (let length = Math.min(HEAD.length - 1, all.length - from); length > 0; length--) {
    const start = all.length - length;
    if (all.subarray(start).equals(HEAD.subarray(0, length))) return start;
  }
  return -1;
}
