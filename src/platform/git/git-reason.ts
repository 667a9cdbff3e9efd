/**
 * The one line of git's complaint worth showing. The text comes partly from the other side of a
 * connection, so terminal sequences go; and it quotes addresses, so what logs in goes too.
 */
export function gitReason(stderr: string): string {
  const lines = stderr
    .split(/[\r\n]+/)
    .map((line) => withoutCredentials(line.replace(NOT_PRINTABLE, ' ')).trim())
    .filter((line) => line !== '');
  const telling = lines.filter((line) => !/^(?:hint|warning|To |remote:\s*$)/i.test(line));
  const line = telling[0] ?? lines[0] ?? 'git said nothing';
  return line.length > MAX_LENGTH ? `${line.slice(0, MAX_LENGTH - 1)}…` : line;
}

/** `https://user:secret@host/x?token=y` becomes `https://host/x`. */
export function withoutCredentials(text: string): string {
  return text
    .replace(/([a-z][a-z0-9+.-]*:\/\/)[^\s/'"]*@/gi, '$1')
    .replace(/([a-z][a-z0-9+.-]*:\/\/[^\s?'"]*)\?[^\s'"]*/gi, '$1');
}

const MAX_LENGTH = 300;
/** Control characters, and the marks that reorder text. */
const NOT_PRINTABLE = /[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]+/g;
