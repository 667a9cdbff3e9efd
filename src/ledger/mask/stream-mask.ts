import { LOOKBEHIND } from './edge.ts';
import { HeldBytes, LINE_END } from './held-bytes.ts';
import type { MaskRules } from './mask-rules.ts';
import { MAX_KEY, openKeyIn, PemBlock } from './pem-block.ts';
import type { Span } from './span.ts';
import { cutLongLine } from './window-cut.ts';

/** `at`: input byte offset since the stream's start. */
export interface MaskEdit {
  at: number;
  removed: number;
  inserted: number;
}

export interface Released {
  bytes: Uint8Array;
  /** Input bytes released so far, since the stream's start. */
  consumed: number;
  edits: MaskEdit[];
}

/**
 * Masks a stream of bytes: what `push` and `end` return may go to disk, what they do not is held in
 * memory. What is not a secret passes unchanged, whatever bytes it is made of.
 *
 * The output depends on the bytes alone, never on how they were cut into chunks: decisions are made
 * per line, per private key and, on a line longer than `rules.window`, per window counted from the
 * line's start, and never before all the bytes are there that a decision looks at. So at most the
 * last unfinished line is held, one window of it, or one private key up to 64 KiB.
 *
 * On a line longer than the window a secret is found whole up to half a window (8 KiB or the
 * longest own form). A longer one is masked from its beginning up to its first blank, quote or
 * bracket.
 */
export class StreamMask {
  readonly #rules: MaskRules;
  readonly #window: number;
  readonly #held = new HeldBytes();
  readonly #counts = new Map<string, number>();
  #released = 0;
  #block: PemBlock | undefined;
  /** Inside a secret longer than the window, already labelled. */
  #swallowing = false;
  #ended = false;
  #output: Uint8Array[] = [];
  #edits: MaskEdit[] = [];

  constructor(rules: MaskRules) {
    this.#rules = rules;
    this.#window = rules.window;
  }

  /** Rule kind to the number of secrets masked. */
  get counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }

  push(chunk: Uint8Array): Released {
    if (this.#ended) throw new Error('StreamMask: push after end');
    for (let at = 0; at < chunk.length; at += SLICE) {
      const slice = chunk.subarray(at, at + SLICE);
      this.#held.append(slice);
      // An unfinished line is not looked at again for every byte that arrives.
      const waiting = this.#held.end - (this.#block?.read ?? this.#released);
      if (this.#swallowing || waiting >= this.#window || slice.includes(LINE_END)) this.#advance();
    }
    return this.#take();
  }

  /** Releases what is left. To be called once. */
  end(): Released {
    if (this.#ended) throw new Error('StreamMask: end after end');
    this.#ended = true;
    this.#advance();
    return this.#take();
  }

  #take(): Released {
    const [first = NOTHING, ...more] = this.#output;
    const bytes = more.length === 0 ? first : Buffer.concat(this.#output);
    const released = { bytes, consumed: this.#released, edits: this.#edits };
    this.#output = [];
    this.#edits = [];
    return released;
  }

  #advance(): void {
    while (this.#released < this.#held.end && this.#step()) {}
    this.#held.forget(this.#released - LOOKBEHIND);
  }

  /** One decision; false when it needs bytes that are not there yet. */
  #step(): boolean {
    if (this.#swallowing) return this.#swallow();
    if (this.#block !== undefined) return this.#stepInKey(this.#block);
    const from = this.#released;
    const lines = this.#lineEndsBefore(from, 'last');
    if (lines !== undefined) return this.#releaseLines(from, lines);
    if (this.#held.end - from < this.#window) return false;
    return this.#releaseWindow(from);
  }

  /**
   * The end of the first or last line that ends within a window of `from`. Bytes without a line end
   * count as a line once the stream has ended.
   */
  #lineEndsBefore(from: number, which: 'first' | 'last'): number | undefined {
    const to = Math.min(this.#held.end, from + this.#window);
    const found =
      which === 'first' ? this.#held.firstLineEnd(from, to) : this.#held.lastLineEnd(from, to);
    if (found >= 0) return found + 1;
    return this.#ended && to - from < this.#window ? to : undefined;
  }

  /** Whole lines, none longer than a window; stops where a private key begins. */
  #releaseLines(from: number, to: number): boolean {
    const { text, start } = this.#look(from, to);
    const key = openKeyIn(text, from - start);
    if (key !== undefined) this.#block = new PemBlock(key, start);
    const until = key === undefined ? to : start + key.line;
    if (until > from) this.#releaseFound(from, until);
    return true;
  }

  #releaseWindow(from: number): boolean {
    const { bytes, text, start } = this.#look(from, from + this.#window);
    const spans = this.#rules.find(bytes, text, from - start);
    const cut = cutLongLine(spans, text, from - start);
    this.#release(start, text, start + cut.at, spans);
    this.#swallowing = cut.insideSecret;
    return true;
  }

  #stepInKey(block: PemBlock): boolean {
    if (block.read >= this.#held.end) return this.#ended && this.#closeKey(block);
    const line = this.#lineEndsBefore(block.read, 'first');
    if (line === undefined) {
      if (this.#held.end - block.read < this.#window) return false;
      return this.#longLineInKey(block);
    }
    const text = this.#held.text(block.read, line);
    const answer = block.next(
      text,
      0,
      text.endsWith('\n') ? text.length - 1 : text.length,
      block.read,
    );
    if (answer === 'not-mine') return this.#closeKey(block);
    if (answer === 'over') {
      // `cat a.pem b.pem` without a last line end: the next key begins on the line this one ends on.
      const next = openKeyIn(text, Math.max(0, text.indexOf('-----END ')));
      block.read = next === undefined ? line : block.read + next.line + next.column;
      return this.#closeKey(block);
    }
    block.read = line;
    if (block.read - this.#released > MAX_KEY) block.holding = false;
    if (!block.holding) this.#releaseKeyLines(block);
    return true;
  }

  /** No key has lines longer than the window, unless all of it stands on one. */
  #longLineInKey(block: PemBlock): boolean {
    block.holding = false;
    this.#releaseKeyLines(block);
    const from = block.read;
    const { bytes, text, start } = this.#look(from, from + this.#window);
    const answer = block.next(text, from - start, text.length, start);
    const key = block.takeSpans().map((span) => relative(span, start));
    if (answer !== 'more' || key.length === 0) this.#block = undefined;
    if (key.length === 0) return true;
    // Up to the key's end nothing is cut: what is secret before it stands in the window whole.
    block.read = start + key[0]!.to;
    this.#release(start, text, block.read, this.#rules.find(bytes, text, from - start, key));
    block.read = this.#released;
    this.#swallowing = key[0]!.to === text.length;
    return true;
  }

  #closeKey(block: PemBlock): boolean {
    this.#block = undefined;
    this.#releaseKeyLines(block);
    return true;
  }

  #releaseKeyLines(block: PemBlock): void {
    if (block.read > this.#released) {
      this.#releaseFound(this.#released, block.read, block.takeSpans());
    }
  }

  /** Masks and releases `[from, to)`, at both ends of which a line ends; `known` are found already. */
  #releaseFound(from: number, to: number, known: readonly Span[] = []): void {
    const { bytes, text, start } = this.#look(from, to);
    const here = known.map((span) => relative(span, start));
    this.#release(start, text, to, this.#rules.find(bytes, text, from - start, here));
  }

  /** The bytes to decide about and, before them, what lookbehinds may ask for. */
  #look(from: number, to: number): { bytes: Uint8Array; text: string; start: number } {
    const start = Math.max(this.#held.start, from - LOOKBEHIND);
    return { bytes: this.#held.view(start, to), text: this.#held.text(start, to), start };
  }

  /** Puts out everything up to `until`; `text` begins at `start` in the stream. */
  #release(start: number, text: string, until: number, spans: readonly Span[]): void {
    let at = this.#released;
    for (const { from, to, kind, secret } of spans) {
      if (start + from >= until) break;
      this.#copy(at, start + from);
      const label = this.#rules.label(kind, secret ?? text.slice(from, to));
      this.#output.push(Buffer.from(label, 'latin1'));
      this.#edits.push({ at: start + from, removed: to - from, inserted: label.length });
      this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1);
      at = start + to;
    }
    this.#copy(at, until);
    this.#released = Math.max(at, until);
  }

  #copy(from: number, to: number): void {
    if (to > from) this.#output.push(new Uint8Array(this.#held.view(from, to)));
  }

  #swallow(): boolean {
    const from = this.#released;
    let to = from;
    while (to < this.#held.end && !ENDS_SECRET[this.#held.at(to)]) to++;
    this.#swallowing = to === this.#held.end && !this.#ended;
    if (to > from) this.#edits.push({ at: from, removed: to - from, inserted: 0 });
    this.#released = to;
    if (this.#block !== undefined) this.#block.read = to;
    return to > from || !this.#swallowing;
  }
}

/** Large chunks are taken in parts, so that the memory held does not depend on them. */
const SLICE = 64 * 1024;
const NOTHING = new Uint8Array(0);

const ENDS_SECRET = Uint8Array.from({ length: 256 }, (_, code) =>
  code <= 0x20 || code === 0x7f || '"\'`<>,;&|(){}[]'.includes(String.fromCharCode(code)) ? 1 : 0,
);

function relative(span: Span, start: number): Span {
  return { ...span, start: span.start - start, from: span.from - start, to: span.to - start };
}
