/** The part of a stream that is not yet released, addressed by offsets since the stream's start. */
export class HeldBytes {
  #bytes = Buffer.allocUnsafe(4096);
  #offset = 0;
  #length = 0;

  get start(): number {
    return this.#offset;
  }

  get end(): number {
    return this.#offset + this.#length;
  }

  append(chunk: Uint8Array): void {
    const needed = this.#length + chunk.length;
    if (needed > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(needed, 2 * this.#bytes.length));
      this.#bytes.copy(larger, 0, 0, this.#length);
      this.#bytes = larger;
    }
    this.#bytes.set(chunk, this.#length);
    this.#length = needed;
  }

  /** A view, valid until the next `append` or `forget`. */
  view(from: number, to: number): Buffer {
    return this.#bytes.subarray(from - this.#offset, to - this.#offset);
  }

  text(from: number, to: number): string {
    return this.#bytes.toString('latin1', from - this.#offset, to - this.#offset);
  }

  at(offset: number): number {
    return this.#bytes[offset - this.#offset]!;
  }

  /** The last line end in `[from, to)`, or -1. */
  lastLineEnd(from: number, to: number): number {
    const found = this.view(from, to).lastIndexOf(LINE_END);
    return found < 0 ? -1 : from + found;
  }

  /** The first line end in `[from, to)`, or -1. */
  firstLineEnd(from: number, to: number): number {
    const found = this.view(from, to).indexOf(LINE_END);
    return found < 0 ? -1 : from + found;
  }

  forget(before: number): void {
    const gone = before - this.#offset;
    if (gone <= 0) return;
    this.#bytes.copyWithin(0, gone, this.#length);
    this.#offset = before;
    this.#length -= gone;
  }
}

export const LINE_END = 0x0a;
