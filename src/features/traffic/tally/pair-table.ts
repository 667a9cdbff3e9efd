/**
 * Numbers pairs of small whole numbers in the order in which they first come: 0, 1, 2, … A map of
 * text keys would take ten times the memory of this, for millions of visitors.
 */
export class PairTable {
  #slots = new Int32Array(1 << 12).fill(-1);
  #firsts = new Uint32Array(1 << 11);
  #seconds = new Uint32Array(1 << 11);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  first(id: number): number {
    return this.#firsts[id] as number;
  }

  second(id: number): number {
    return this.#seconds[id] as number;
  }

  /** The pair's number; `size` has grown if it is new. */
  idOf(first: number, second: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = hash(first, second) & mask; ; slot = (slot + 1) & mask) {
      const id = this.#slots[slot] as number;
      if (id < 0) return this.#add(first, second, slot);
      if (this.#firsts[id] === first && this.#seconds[id] === second) return id;
    }
  }

  #add(first: number, second: number, slot: number): number {
    const id = this.#size++;
    if (id >= this.#firsts.length) {
      this.#firsts = grown(this.#firsts);
      this.#seconds = grown(this.#seconds);
    }
    this.#firsts[id] = first;
    this.#seconds[id] = second;
    this.#slots[slot] = id;
    if (this.#size * 2 > this.#slots.length) this.#rehash();
    return id;
  }

  #rehash(): void {
    this.#slots = new Int32Array(this.#slots.length * 2).fill(-1);
    const mask = this.#slots.length - 1;
    for (let id = 0; id < this.#size; id++) {
      let slot = hash(this.first(id), this.second(id)) & mask;
      while ((this.#slots[slot] as number) >= 0) slot = (slot + 1) & mask;
      this.#slots[slot] = id;
    }
  }
}

/** Twice as long, with what was in it. */
export function grown<T extends Uint32Array | Float64Array | Uint16Array>(column: T): T {
  const longer = new (column.constructor as new (length: number) => T)(column.length * 2);
  longer.set(column);
  return longer;
}

function hash(first: number, second: number): number {
  let h = Math.imul(first, 0x9e3779b1) ^ Math.imul(second + 0x7f4a7c15, 0x85ebca6b);
  h ^= h >>> 15;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 13)) >>> 0;
}
