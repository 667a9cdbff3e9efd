import { fold, type SearchQuery, type SearchTerm } from './search-query.ts';

/** The line of a text that answers a query best. */
export interface FoundLine {
  /** From 1. */
  line: number;
  text: string;
  /** Where the terms stand in it, from and to, in order, not overlapping. */
  spans: [from: number, to: number][];
  score: number;
}

/** Finds lines for one query; made once, used on many texts. */
export class LineFinder {
  readonly #query: SearchQuery;
  readonly #patterns: readonly { term: SearchTerm; literal: string; pattern: RegExp }[];
  readonly #best: number;

  constructor(query: SearchQuery) {
    this.#query = query;
    this.#patterns = query.terms.map((term) => ({
      term,
      literal: fold(term.text).text,
      pattern: patternOf(term),
    }));
    this.#best = this.#patterns.length * (FOUND + LITERAL + WHOLE_WORD) + WHOLE_QUERY;
  }

  /** The best line, the first of equals; null where no term stands in any. */
  find(text: string): FoundLine | null {
    let best: FoundLine | null = null;
    let line = 0;
    for (let from = 0; from <= text.length; ) {
      line++;
      const end = text.indexOf('\n', from);
      const stop = end < 0 ? text.length : end;
      const found = this.#look(text.slice(from, stop), line);
      if (found !== null && found.score > (best?.score ?? 0)) best = found;
      if (best?.score === this.#best) return best;
      from = stop + 1;
    }
    return best;
  }

  #look(whole: string, line: number): FoundLine | null {
    const { text, from } = fold(
      whole.length > MOST_LOOKED_AT ? whole.slice(0, MOST_LOOKED_AT) : whole,
    );
    const place = (at: number) => (from === null ? at : (from[at] ?? whole.length));
    const spans: [number, number][] = [];
    let score = 0;
    for (const { term, literal, pattern } of this.#patterns) {
      pattern.lastIndex = 0;
      let value = 0;
      for (let found = pattern.exec(text); found !== null; found = pattern.exec(text)) {
        const end = found.index + found[0].length;
        const isLiteral =
          found[0] === wordPart(literal) && text.startsWith(literal, found.index - lead(literal));
        const isWhole = !term.prefix || !WORD.test(text.charAt(end));
        value = Math.max(value, FOUND + (isLiteral ? LITERAL : 0) + (isWhole ? WHOLE_WORD : 0));
        if (spans.length < MOST_SPANS) spans.push([place(found.index), place(end)]);
      }
      score += value;
    }
    if (score === 0) return null;
    if (text.includes(this.#query.whole)) score += WHOLE_QUERY;
    return { line, text: whole, spans: merged(spans), score };
  }
}

/** Its words in order, with anything between that is no word: `src/a.ts` as the index knows it. */
function patternOf({ words, prefix }: SearchTerm): RegExp {
  const between = '[^\\p{L}\\p{N}\\p{Co}\\p{M}]+';
  const end = prefix ? '' : '(?![\\p{L}\\p{N}\\p{Co}])';
  return new RegExp(`(?<![\\p{L}\\p{N}\\p{Co}])${words.join(between)}${end}`, 'gu');
}

/** Punctuation before the first word of what was typed: `--` of `--flag`. */
function lead(literal: string): number {
  return literal.search(/[\p{L}\p{N}\p{Co}]/u);
}

function wordPart(literal: string): string {
  return literal.slice(lead(literal)).replace(/[^\p{L}\p{N}\p{Co}\p{M}]+$/u, '');
}

function merged(spans: [number, number][]): [number, number][] {
  const all: [number, number][] = [];
  for (const [from, to] of spans.sort(([a], [b]) => a - b)) {
    const last = all.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to);
    else all.push([from, to]);
  }
  return all;
}

/** A term that is there counts more than anything about how it is there. */
const FOUND = 100;
const LITERAL = 10;
const WHOLE_WORD = 5;
const WHOLE_QUERY = 50;
const WORD = /[\p{L}\p{N}\p{Co}]/u;
const MOST_SPANS = 50;
/** Of a line that is a megabyte of minified code, the beginning. */
const MOST_LOOKED_AT = 64 * 1024;
