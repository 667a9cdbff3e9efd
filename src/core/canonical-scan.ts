/**
 * Tells in one pass, without building the value, that a text is a canonical JSON object as the
 * ledger allows it (RFC 8785, integers below 2^53, at most 64 deep), and where its members lie.
 *
 * It says yes only where it is certain. What is rare in entries, such as an escape of another form
 * than `\n` or a key beyond ASCII, makes it say no; `parseCanonical` then decides. Verifying a
 * million entries rests on this: parsing and writing them again takes three times as long.
 */
export class CanonicalScan {
  #text = '';
  #at = 0;
  /** Members of the outermost object: names, and where their values begin and end. */
  #names: string[] = [];
  #places: number[] = [];

  isCanonicalObject(text: string): boolean {
    this.#text = text;
    this.#at = 0;
    this.#names.length = 0;
    this.#places.length = 0;
    return text.charCodeAt(0) === OPEN_BRACE && this.#object(0) && this.#at === text.length;
  }

  /** The canonical text of a member's value; undefined where there is no such member. */
  member(name: string): string | undefined {
    const i = this.#names.indexOf(name);
    return i < 0 ? undefined : this.#text.slice(this.#places[2 * i], this.#places[2 * i + 1]);
  }

  #value(depth: number): boolean {
    const first = this.#text.charCodeAt(this.#at);
    switch (first) {
      case QUOTE:
        return this.#string();
      case OPEN_BRACE:
        return this.#object(depth);
      case OPEN_BRACKET:
        return this.#array(depth);
      case 0x74:
        return this.#word('true');
      case 0x66:
        return this.#word('false');
      case 0x6e:
        return this.#word('null');
      default:
        return this.#integer(first);
    }
  }

  #word(word: string): boolean {
    if (!this.#text.startsWith(word, this.#at)) return false;
    this.#at += word.length;
    return true;
  }

  /** Up to 15 digits are below 2^53 for certain. */
  #integer(first: number): boolean {
    const text = this.#text;
    let at = this.#at;
    let code = first;
    if (code === MINUS) {
      code = text.charCodeAt(++at);
      if (code === ZERO) return false;
    }
    const start = at;
    while (code >= ZERO && code <= NINE) code = text.charCodeAt(++at);
    const digits = at - start;
    if (digits === 0 || digits > 15) return false;
    if (digits > 1 && text.charCodeAt(start) === ZERO) return false;
    this.#at = at;
    return true;
  }

  #string(): boolean {
    const text = this.#text;
    let at = this.#at + 1;
    for (;;) {
      const code = text.charCodeAt(at);
      if (code === QUOTE) {
        this.#at = at + 1;
        return true;
      }
      if (code === BACKSLASH) {
        if (!SHORT_ESCAPES.includes(text.charAt(at + 1)) || at + 1 >= text.length) return false;
        at += 2;
      } else if (code >= 0x20 && (code < 0xd800 || code > 0xdfff)) at++;
      else if (code >= 0xd800 && code < 0xdc00 && isLow(text.charCodeAt(at + 1))) at += 2;
      else return false; // a control character, half a surrogate pair, or the end
    }
  }

  #array(depth: number): boolean {
    if (depth >= MAX_DEPTH) return false;
    this.#at++;
    if (this.#text.charCodeAt(this.#at) === CLOSE_BRACKET) {
      this.#at++;
      return true;
    }
    for (;;) {
      if (!this.#value(depth + 1)) return false;
      const next = this.#text.charCodeAt(this.#at++);
      if (next === CLOSE_BRACKET) return true;
      if (next !== COMMA) return false;
    }
  }

  #object(depth: number): boolean {
    if (depth >= MAX_DEPTH) return false;
    const text = this.#text;
    this.#at++;
    if (text.charCodeAt(this.#at) === CLOSE_BRACE) {
      this.#at++;
      return true;
    }
    let last: string | undefined;
    for (;;) {
      const start = this.#at + 1;
      if (text.charCodeAt(start - 1) !== QUOTE) return false;
      let end = start;
      for (let code = text.charCodeAt(end); code !== QUOTE; code = text.charCodeAt(++end)) {
        if (!(code >= 0x20 && code < 0x7f) || code === BACKSLASH) return false;
      }
      const name = text.slice(start, end);
      // Strictly rising, so no name stands twice; of ASCII names every order is the same.
      if ((last !== undefined && !(last < name)) || text.charCodeAt(end + 1) !== COLON)
        return false;
      last = name;
      this.#at = end + 2;
      if (!this.#value(depth + 1)) return false;
      if (depth === 0) {
        this.#names.push(name);
        this.#places.push(end + 2, this.#at);
      }
      const next = text.charCodeAt(this.#at++);
      if (next === CLOSE_BRACE) return true;
      if (next !== COMMA) return false;
    }
  }
}

const MAX_DEPTH = 64;
const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
/** Those that have no other canonical form. */
const SHORT_ESCAPES = '"\\bfnrt';

function isLow(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff;
}
