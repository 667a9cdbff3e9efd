import { detached } from '../formats/binary-text.ts';

/** Numbers texts in the order in which they first come. */
export class Interner {
  readonly #ids = new Map<string, number>();
  readonly #texts: string[] = [];

  get size(): number {
    return this.#texts.length;
  }

  idOf(text: string): number {
    const known = this.#ids.get(text);
    if (known !== undefined) return known;
    // A part of a block's text would keep all of the block.
    const own = detached(text);
    this.#ids.set(own, this.#texts.length);
    return this.#texts.push(own) - 1;
  }

  text(id: number): string {
    return this.#texts[id] as string;
  }
}
