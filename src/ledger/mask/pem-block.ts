import { beginAt, nextMarker, PEM_KIND } from './pem-inline.ts';
import { readPemLine } from './pem-line.ts';
import { RANK, type Span } from './span.ts';

/**
 * A private key over several lines, from its BEGIN line on. All of it is one secret if its END
 * comes before the bound and nothing else stands between. Otherwise (cut off, other output in
 * between, too long) each line of key material is one, and what stands between stays: whatever
 * happens, key material is not released. Offsets are of the stream.
 *
 * The price: a word alone on its line, right behind the last full line of a cut key, is masked.
 */
export class PemBlock {
  /** Up to where lines have been read. */
  read: number;
  /** Whether the lines read so far wait for the END. */
  holding = true;
  readonly #begin: number;
  readonly #column: number;
  #parts: Span[] = [];
  #clean = true;
  #seen = false;
  #afterStrong = false;
  #foreign = 0;

  /** `key.line` is where the BEGIN line begins, `key.lineEnd` where the next one does. */
  constructor(key: OpenKey, offset: number) {
    this.#begin = offset + key.line + key.column;
    this.#column = key.column;
    this.read = offset + key.lineEnd;
  }

  /**
   * Reads the next line, `[from, to)` of `text` without its line end; `offset` is where `text`
   * begins in the stream. After `over` the block has ended with this line, after `not-mine` before.
   */
  next(text: string, from: number, to: number, offset: number): 'more' | 'over' | 'not-mine' {
    const line = readPemLine(text, from, to, this.#column);
    if (line.kind === 'begin' || line.kind === 'other') return 'not-mine';
    if (line.kind === 'neutral') return 'more';
    if (line.kind === 'foreign') {
      this.#clean = false;
      this.#afterStrong = false;
      return ++this.#foreign < MAX_FOREIGN ? 'more' : 'over';
    }
    this.#foreign = 0;
    const isKey = line.to > line.from;
    this.#seen ||= isKey;
    this.#afterStrong ||= line.strong;
    if (isKey && (this.#afterStrong || line.kind === 'end')) {
      this.#parts.push(keySpan(offset + line.from, offset + line.to));
    }
    if (line.kind === 'key') return 'more';
    if (this.holding && this.#clean && this.#seen) {
      this.#parts = [keySpan(this.#begin, offset + line.markerTo)];
    }
    return 'over';
  }

  /** The secrets among the lines read since the last call. */
  takeSpans(): Span[] {
    const parts = this.#parts;
    this.#parts = [];
    return parts;
  }
}

/** How much of a private key is held back for its END: one of 16384 bits has 13 KiB. */
export const MAX_KEY = 64 * 1024;

/** So many lines in a row that are neither key, header nor blank end a key. */
const MAX_FOREIGN = 3;

/** Offsets within the text searched. */
export interface OpenKey {
  line: number;
  column: number;
  lineEnd: number;
}

/** The first private key at or after `from` that does not end on the line it begins on. */
export function openKeyIn(text: string, from: number): OpenKey | undefined {
  for (let at = text.indexOf(BEGIN, from); at >= 0; ) {
    const begin = beginAt(text, at);
    const next = begin && nextMarker(text, begin.to);
    if (begin !== undefined && next?.word !== 'END') {
      const line = Math.max(text.lastIndexOf('\n', at) + 1, from);
      const end = text.indexOf('\n', at);
      return { line, column: at - line, lineEnd: end < 0 ? text.length : end + 1 };
    }
    at = text.indexOf(BEGIN, next?.to ?? at + 1);
  }
  return undefined;
}

const BEGIN = '-----BEGIN ';

function keySpan(from: number, to: number): Span {
  return { start: from, from, to, kind: PEM_KIND, rank: RANK.pattern };
}
