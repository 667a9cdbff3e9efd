/**
 * Keeps the beginning and the end of a stream that is longer than its bound, in flat memory: what
 * `push` returns is kept now, the newest `tail` bytes wait in memory until `end`.
 */
export class HeadAndTail {
  readonly #headRoom: number;
  readonly #tailRoom: number;
  #kept = 0;
  #tail: Uint8Array[] = [];
  #tailBytes = 0;
  #dropped = 0;

  /** At most `bound` bytes in all; of these up to a quarter, at most 8 MiB, are the tail. */
  constructor(bound: number) {
    this.#tailRoom = Math.min(Math.floor(bound / 4), 8 * 1024 * 1024);
    this.#headRoom = bound - this.#tailRoom;
  }

  /** The part of `bytes` that belongs to the head. */
  push(bytes: Uint8Array): Uint8Array {
    const head = bytes.subarray(0, Math.max(0, this.#headRoom - this.#kept));
    this.#kept += head.length;
    const rest = bytes.subarray(head.length);
    if (rest.length > 0) {
      // A copy: the caller may reuse its buffer, and a small view must not hold a large one.
      this.#tail.push(rest.slice());
      this.#tailBytes += rest.length;
      this.#trim();
    }
    return head;
  }

  /** The tail, and how many bytes between head and tail were let go. */
  end(): { tail: Uint8Array[]; at: number; dropped: number } {
    return { tail: this.#tail, at: this.#kept, dropped: this.#dropped };
  }

  #trim(): void {
    let excess = this.#tailBytes - this.#tailRoom;
    let whole = 0;
    while (excess > 0) {
      const first = this.#tail[whole] as Uint8Array;
      if (first.length > excess) {
        this.#tail[whole] = first.subarray(excess);
        this.#drop(excess);
        break;
      }
      whole++;
      excess -= first.length;
      this.#drop(first.length);
    }
    if (whole > 0) this.#tail.splice(0, whole);
  }

  #drop(bytes: number): void {
    this.#tailBytes -= bytes;
    this.#dropped += bytes;
  }
}
