/** Where the quote that opened before `from` closes, or -1. A backslash keeps a quote from closing. */
export function closingQuote(line: string, from: number): number {
  for (let at = line.indexOf('"', from); at >= 0; at = line.indexOf('"', at + 1)) {
    let backslashes = 0;
    while (at - 1 - backslashes >= from && line.charCodeAt(at - 1 - backslashes) === 92) {
      backslashes++;
    }
    if (backslashes % 2 === 0) return at;
  }
  return -1;
}

/** The field as it was before the log escaped it: `\"`, `\\`, `\x22`; other escapes stay visible. */
export function unescaped(field: string): string {
  if (!field.includes('\\')) return field;
  return field.replace(/\\(?:(["\\])|x(22|5[cC]))/g, (_all, plain: string, hex: string) =>
    plain === undefined ? String.fromCharCode(Number.parseInt(hex, 16)) : plain,
  );
}

/**
 * Fields apart by spaces, where those in quotes may hold some. Null where a quote never closes;
 * `quoted` says which were in quotes.
 */
export function fields(line: string, from = 0): { text: string; quoted: boolean }[] | null {
  const found: { text: string; quoted: boolean }[] = [];
  for (let at = from; at < line.length; ) {
    const c = line.charCodeAt(at);
    if (c === 32) at++;
    else if (c === 34) {
      const close = closingQuote(line, at + 1);
      if (close < 0) return null;
      found.push({ text: unescaped(line.slice(at + 1, close)), quoted: true });
      at = close + 1;
    } else if (c === 91 && isGroup(line, at)) {
      const close = line.indexOf(']', at);
      found.push({ text: line.slice(at + 1, close), quoted: true });
      at = close + 1;
    } else {
      const space = line.indexOf(' ', at);
      const end = space < 0 ? line.length : space;
      found.push({ text: line.slice(at, end), quoted: false });
      at = end;
    }
  }
  return found;
}

/** `[06/Feb/2026:00:00:38 +0000]`, but not the address in `[2001:db8::1]:443`. */
function isGroup(line: string, at: number): boolean {
  const close = line.slice(at, at + 64).indexOf(']');
  return close > 0 && (at + close + 1 === line.length || line.charCodeAt(at + close + 1) === 32);
}
