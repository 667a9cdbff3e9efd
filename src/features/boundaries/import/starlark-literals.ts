/** A call at the top level of a Starlark file, with literal arguments. */
export interface StarlarkCall {
  readonly name: string;
  readonly line: number;
  readonly named: Readonly<Record<string, StarlarkValue>>;
  readonly positional: readonly StarlarkValue[];
}

export type StarlarkValue = string | number | boolean | null | readonly StarlarkValue[];

/** A place that is more than a call with literals, and so was not read. */
export interface StarlarkRest {
  readonly line: number;
  readonly text: string;
}

const MOST_DEPTH = 16;

/**
 * Reads the part of Starlark that rule files are made of: calls with texts, numbers and lists.
 * Whatever else stands there (assignments, functions, loops) is returned as such, line by line:
 * nothing is computed.
 */
export function readStarlarkCalls(text: string): { calls: StarlarkCall[]; rest: StarlarkRest[] } {
  const calls: StarlarkCall[] = [];
  const rest: StarlarkRest[] = [];
  const reader = new Reader(text);
  for (;;) {
    reader.skipBlank();
    if (reader.done) return { calls, rest };
    const line = reader.line;
    const start = reader.at;
    const call = reader.call(line);
    if (call !== null && reader.atLineEnd()) calls.push(call);
    else {
      reader.at = start;
      rest.push({ line, text: reader.restOfLine() });
    }
  }
}

class Reader {
  at = 0;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  get done(): boolean {
    return this.at >= this.#text.length;
  }

  get line(): number {
    return this.#text.slice(0, this.at).split('\n').length;
  }

  skipBlank(): void {
    const blank = /(?:[\s;]|\\\n|#[^\n]*)*/y;
    this.#take(blank);
  }

  atLineEnd(): boolean {
    return /[ \t;]*(?:#|\r?\n|$)/y.test(this.#from());
  }

  restOfLine(): string {
    return (this.#take(/[^\n]*\n?/y) ?? '').trim();
  }

  call(line: number): StarlarkCall | null {
    const name = this.#take(/[A-Za-z_]\w*/y);
    if (name === null || !this.#sign('(')) return null;
    const named: Record<string, StarlarkValue> = Object.create(null);
    const positional: StarlarkValue[] = [];
    while (!this.#sign(')')) {
      const key = this.#take(/\s*[A-Za-z_]\w*(?=\s*=(?!=))/y)?.trim();
      if (key !== undefined) this.#sign('=');
      const value = this.#value(0);
      if (value === undefined) return null;
      if (key === undefined) positional.push(value);
      else named[key] = value;
      if (!this.#sign(',') && !this.#peek(')')) return null;
    }
    return { name, line, named, positional };
  }

  #value(depth: number): StarlarkValue | undefined {
    if (depth > MOST_DEPTH) return undefined;
    const open = this.#sign('[') ? ']' : this.#sign('(') ? ')' : null;
    if (open !== null) {
      const items: StarlarkValue[] = [];
      while (!this.#sign(open)) {
        const item = this.#value(depth + 1);
        if (item === undefined) return undefined;
        items.push(item);
        if (!this.#sign(',') && !this.#peek(open)) return undefined;
      }
      return items;
    }
    this.skipBlank();
    const word = this.#take(/-?\d+(?![\w.])|(?:True|False|None)\b/y);
    if (word !== null) {
      if (word === 'None') return null;
      return word === 'True' || word === 'False' ? word === 'True' : Number(word);
    }
    let joined: string | undefined;
    for (let part = this.#string(); part !== undefined; part = this.#string()) {
      joined = (joined ?? '') + part;
      this.skipBlank();
    }
    return joined;
  }

  /** Texts in any of the quotes; an escape that is not a plain one makes the text unreadable. */
  #string(): string | undefined {
    const start = this.at;
    const raw = this.#take(/[rR](?=["'])/y) !== null;
    const quote = this.#take(/"""|'''|"|'/y);
    if (quote === null) {
      this.at = start;
      return undefined;
    }
    let value = '';
    for (;;) {
      const char = this.#text[this.at];
      if (char === undefined || (char === '\n' && quote.length === 1)) return undefined;
      if (this.#text.startsWith(quote, this.at)) {
        this.at += quote.length;
        return value;
      }
      if (char === '\\' && !raw) {
        const meant = ESCAPES[this.#text[this.at + 1] ?? ''];
        if (meant === undefined) return undefined;
        value += meant;
        this.at += 2;
      } else {
        value += char;
        this.at++;
      }
    }
  }

  #sign(sign: string): boolean {
    this.skipBlank();
    if (!this.#text.startsWith(sign, this.at)) return false;
    this.at += sign.length;
    return true;
  }

  #peek(sign: string): boolean {
    this.skipBlank();
    return this.#text.startsWith(sign, this.at);
  }

  #take(pattern: RegExp): string | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.#text)?.[0] ?? null;
    if (found !== null) this.at += found.length;
    return found;
  }

  #from(): string {
    const end = this.#text.indexOf('\n', this.at);
    return this.#text.slice(this.at, end < 0 ? undefined : end + 1);
  }
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  '"': '"',
  "'": "'",
  '\n': '',
};
