/** One thing to be found: a word as typed, or a "phrase" in double quotes. */
export interface SearchTerm {
  /** As typed, without its quotes or star. */
  text: string;
  /** Its words as the index has them: lower case, without diacritics. */
  words: readonly string[];
  /** The last word may go on: `fail` finds `failed`. Not in a phrase, unless it ends in a star. */
  prefix: boolean;
}

export interface SearchQuery {
  terms: readonly SearchTerm[];
  /** What was typed without quotes, folded: a line that holds just this comes first. */
  whole: string;
  /** For FTS5; every word is quoted, so that nothing a person types is syntax. */
  match: string;
}

/**
 * Reads what a person types: words that must all be there, "phrases", a star for words that go on.
 * Punctuation is part of a word (`src/a.ts`, `--flag`, `a=b`); the index knows only the letters and
 * digits in it, in that order. Null where there is neither a letter nor a digit.
 */
export function parseSearch(text: string): SearchQuery | null {
  const terms = [...text.matchAll(/"([^"]*)"?(\*?)|(\S+)/g)].flatMap(
    ([, phrase, star, word]): SearchTerm[] => {
      const typed = phrase ?? (word as string);
      const bare = typed.replace(/\*+$/, '');
      const words = wordsIn(bare);
      if (words.length === 0) return [];
      const goesOn =
        phrase === undefined ? /[\p{L}\p{N}]\**$/u.test(typed) : star === '*' || bare !== typed;
      return [{ text: bare, words, prefix: goesOn }];
    },
  );
  if (terms.length === 0) return null;
  const match = terms.map(({ words, prefix }) => `"${words.join(' ')}"${prefix ? '*' : ''}`);
  const whole = fold(text.replaceAll('"', '')).text.trim();
  return { terms, whole, match: match.join(' AND ') };
}

/** Letters and digits in a row, as the tokenizer `unicode61 remove_diacritics 2` tells words apart. */
export function wordsIn(text: string): string[] {
  return fold(text).text.match(/[\p{L}\p{N}\p{Co}\p{M}]+/gu) ?? [];
}

/**
 * Lower case without diacritics, and for each place of the result where it came from; null where
 * the places are the same.
 */
export function fold(text: string): { text: string; from: readonly number[] | null } {
  // Nearly all that is recorded: then no table of places is needed.
  if (/^[\u0000-\u007f]*$/.test(text)) return { text: text.toLowerCase(), from: null };
  let folded = '';
  const from: number[] = [];
  let at = 0;
  for (const char of text) {
    const plain = char.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
    for (let i = 0; i < plain.length; i++) from.push(at);
    folded += plain;
    at += char.length;
  }
  return { text: folded, from };
}
