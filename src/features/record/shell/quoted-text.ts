/**
 * Reads text as a shell quotes it for itself: `printf %q` of bash, `${(qqqq)…}` of zsh (both under
 * LC_ALL=C, so that all of it is printable ASCII), `string escape --style=url` of fish.
 */
export function unquoted(shell: 'bash' | 'zsh' | 'fish', quoted: string): string {
  const bytes = shell === 'fish' ? fromPercent(quoted) : fromQuotes(quoted);
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(bytes));
}

/** `$'…'` with ANSI-C escapes, `'…'`, and backslashes before single characters. */
function fromQuotes(text: string): number[] {
  const bytes: number[] = [];
  for (let at = 0; at < text.length; ) {
    if (text.startsWith("$'", at)) {
      at = ansiC(text, at + 2, bytes);
    } else if (text[at] === "'") {
      const end = closing(text, at + 1);
      push(bytes, text.slice(at + 1, end));
      at = end + 1;
    } else {
      if (text[at] === '\\') at++;
      push(bytes, text[at] ?? '');
      at++;
    }
  }
  return bytes;
}

/** Reads from behind `$'` to behind the closing quote. */
function ansiC(text: string, from: number, bytes: number[]): number {
  const token = /\\(?:([0-7]{1,3})|x([0-9A-Fa-f]{1,2})|([\s\S]))|'|[^\\']+/y;
  token.lastIndex = from;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const [all, octal, hex, named] = match;
    if (all === "'") return token.lastIndex;
    if (octal !== undefined) bytes.push(Number.parseInt(octal, 8) & 0xff);
    else if (hex !== undefined) bytes.push(Number.parseInt(hex, 16));
    else if (named !== undefined) push(bytes, NAMED[named] ?? named);
    else push(bytes, all);
  }
  // Cut short: there is nothing more.
  return text.length;
}

function closing(text: string, from: number): number {
  const end = text.indexOf("'", from);
  return end < 0 ? text.length : end;
}

function fromPercent(text: string): number[] {
  const bytes: number[] = [];
  for (let at = 0; at < text.length; at++) {
    const hex = text[at] === '%' ? /^[0-9A-Fa-f]{2}/.exec(text.slice(at + 1, at + 3)) : null;
    if (hex === null) push(bytes, text[at] as string);
    else {
      bytes.push(Number.parseInt(hex[0], 16));
      at += 2;
    }
  }
  return bytes;
}

/** Quoted text came as Latin-1, a byte a character. */
function push(bytes: number[], text: string): void {
  for (let i = 0; i < text.length; i++) bytes.push(text.charCodeAt(i) & 0xff);
}

const NAMED: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  e: '\u001b',
  E: '\u001b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};
