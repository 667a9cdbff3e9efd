import { nextMarker } from './pem-inline.ts';

/**
 * What one line is to a private key that began on a line before it:
 * `end` the key's END · `begin` another key begins · `other` a certificate or the like begins or
 * ends · `key` key material, `strong` when it could hardly be anything else · `neutral` blank or a
 * PEM header · `foreign` anything else.
 * `from` and `to` bound the key material, also that before an END on the same line.
 */
export interface PemLine {
  kind: 'end' | 'begin' | 'other' | 'key' | 'neutral' | 'foreign';
  strong: boolean;
  from: number;
  to: number;
  /** Where an `end` marker ends. */
  markerTo: number;
}

/**
 * Reads the line `[from, to)` of `text` (no line end in it). `column` is where BEGIN stood on its
 * line: under a log prefix of constant width the material begins at the same column.
 */
export function readPemLine(text: string, from: number, to: number, column: number): PemLine {
  const marker = markerIn(text, from, to);
  if (marker !== undefined && marker.kind !== 'end') return line(marker.kind);
  const end = marker?.at ?? to;
  const run = materialIn(text, from, end, column);
  if (marker !== undefined) return { ...(run ?? line('end')), kind: 'end', markerTo: marker.to };
  if (run !== undefined) return run;
  const rest = text.slice(skipJunk(text, from, end), end);
  return line(rest.trim() === '' || HEADER.test(rest) ? 'neutral' : 'foreign');
}

const HEADER = /^(?:Proc-Type|DEK-Info|Version|Comment|Hash|Charset|MessageID|X-[\w-]{1,20}): /;
const STRONG = 24;
const STRONG_AFTER_PREFIX = 40;

function line(kind: PemLine['kind']): PemLine {
  return { kind, strong: false, from: 0, to: 0, markerTo: 0 };
}

function markerIn(text: string, from: number, to: number): LineMarker | undefined {
  const dashes = text.indexOf('-----', from);
  if (dashes < 0 || dashes >= to) return undefined;
  const marker = nextMarker(text, dashes);
  if (marker?.word === 'END') return { kind: 'end', at: marker.at, to: marker.to };
  if (marker !== undefined) return { kind: 'begin', at: marker.at, to: marker.to };
  const other = /-----(?:BEGIN|END) [A-Z0-9 ]{1,60}-----/.test(text.slice(dashes, to));
  return other ? { kind: 'other', at: dashes, to } : undefined;
}

interface LineMarker {
  kind: 'end' | 'begin' | 'other';
  at: number;
  to: number;
}

function materialIn(text: string, from: number, to: number, column: number): PemLine | undefined {
  const end = skipJunkBack(text, from, to);
  let run = end;
  while (run > from && isBase64(text.charCodeAt(run - 1))) run--;
  run = behindColor(text, from, run);
  if (run >= end) return undefined;
  const start = skipJunk(text, from, to);
  // All of the line, or all of it behind the prefix that BEGIN had too.
  if (run <= start || run === from + column) {
    const first = Math.max(run, start);
    return { kind: 'key', strong: end - first >= STRONG, from: first, to: end, markerTo: 0 };
  }
  // Behind a prefix of another width only what has the look of a full line of base64.
  if (end - run < STRONG_AFTER_PREFIX || !isMixed(text.slice(run, end))) return undefined;
  return { kind: 'key', strong: true, from: run, to: end, markerTo: 0 };
}

/** Neither a git hash nor a path nor a long word. */
function isMixed(text: string): boolean {
  return /[A-Z]/.test(text) && /[a-z]/.test(text) && /\d/.test(text);
}

function isBase64(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 47 && code <= 57) ||
    code === 43 ||
    code === 61
  );
}

/** Indents, quotes, diff and comment signs, colours. Loops, because a regex of this backtracks. */
function skipJunk(text: string, from: number, to: number): number {
  let at = from;
  while (at < to) {
    if (text[at] === '\x1b') {
      COLOR.lastIndex = at;
      const color = COLOR.exec(text)?.[0].length;
      if (color === undefined) return at;
      at += color;
    } else if (' \t\r"\'`>|#*,;-'.includes(text[at]!)) at++;
    else if (text[at] === '+' && (text[at + 1] === ' ' || text[at + 1] === '\x1b')) at++;
    else return at;
  }
  return at;
}

/** The same from the end of the line, with `\n` written out and a string's `+`. */
function skipJunkBack(text: string, from: number, to: number): number {
  let at = to;
  while (at > from) {
    const c = text[at - 1]!;
    if (' \t\r"\'`,;)|\\'.includes(c)) at--;
    else if ((c === 'n' || c === 'r') && text[at - 2] === '\\') at -= 2;
    else if (c === '+' && text[at - 2] === ' ') at -= 2;
    else if (c === 'm') {
      const back = Math.max(from, at - 20);
      const color = back + text.slice(back, at).lastIndexOf('\x1b');
      if (color < back) return at;
      COLOR.lastIndex = color;
      if (COLOR.exec(text)?.[0].length !== at - color) return at;
      at = color;
    } else return at;
  }
  return from;
}

/** The end of a colour, `32m`, has the letters of base64. */
function behindColor(text: string, from: number, run: number): number {
  const back = Math.max(from, run - 20);
  const color = back + text.slice(back, run).lastIndexOf('\x1b');
  if (color < back) return run;
  COLOR.lastIndex = color;
  return Math.max(run, color + (COLOR.exec(text)?.[0].length ?? 0));
}

const COLOR = /\x1b\[[0-9;]{0,16}m/y;
