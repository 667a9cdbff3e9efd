import { isCode } from './code-word.ts';
import { isPath } from './path-value.ts';
import { isPlaceholder } from './placeholder.ts';
import type { Shape } from './shape.ts';

export interface Run {
  from: number;
  to: number;
}

/**
 * Which bytes at `at` are the secret. A number says that there is none before that offset. What
 * is weighed: a leaked password is worse than a masked word, but a log in which every
 * `token: Token` of a program is masked proves nothing.
 *
 * - Quoted: a secret unless a placeholder, prose or a path.
 * - Bare in an environment line: everything up to a blank.
 * - Bare elsewhere: code is full of `password: string` and `token = next`, so letters only, a
 *   dotted path and a call are code. Missed for it: `password = letmein`, and `password: letmein`
 *   unless it is all of the line. Found: whatever has a digit or sign in it.
 * - Bare values end at blanks, quotes, brackets and `, ; & | <`. A password with such a sign in it
 *   loses only its beginning; as an own value it is found whole.
 */
export function assignedRun(
  text: string,
  at: number,
  shape: Shape,
  kind: string,
): Run | number | undefined {
  OPEN.lastIndex = at;
  const open = OPEN.exec(text);
  if (open === null) return bareRun(text, at, shape, kind);
  const [opening, escapes = '', quote = ''] = open;
  const from = at + opening.length;
  const to = endOfQuoted(text, from, escapes, quote);
  // A quote that never closes on the line: the line was cut, or the string goes on in the next.
  if (to === undefined) return bareRun(text, from, shape === 'env' ? 'env' : 'tight', kind);
  const value = text.slice(from, to);
  if (isPlaceholder(value) || isPath(value) || isProse(value)) return undefined;
  return isStrongEnough(value, kind, true) ? { from, to } : undefined;
}

const OPEN = /[bru]{0,2}(\\{0,7})(["'`])/iy;
const MAX_QUOTED = 4096;

function endOfQuoted(
  text: string,
  from: number,
  escapes: string,
  quote: string,
): number | undefined {
  const limit = Math.min(text.length, from + MAX_QUOTED);
  for (let i = from; i < limit; i++) {
    const c = text[i];
    if (c === '\n') return undefined;
    if (c === quote) return text.startsWith(escapes, i - escapes.length) ? i - escapes.length : i;
    // In a string that is not itself escaped, a backslash hides the quote behind it.
    if (c === '\\' && escapes === '') i++;
  }
  return undefined;
}

function bareRun(text: string, at: number, shape: Shape, kind: string): Run | number | undefined {
  const pattern = shape === 'env' ? BARE_ENV : BARE;
  pattern.lastIndex = at;
  const length = pattern.exec(text)?.[0].length;
  if (length === undefined) return undefined;
  const to = withoutTrailing(text, at, at + length, shape === 'env' ? ';,' : '.:,');
  const value = text.slice(at, to);
  const secret =
    isStrongEnough(value, kind, false) &&
    !isPlaceholder(value) &&
    !isPath(value) &&
    !ADDRESS.test(value) &&
    (shape === 'env' || !isCode(text, at, to, shape));
  // Saying how far was read keeps `token:token:token:…` linear.
  return secret ? { from: at, to } : at + length;
}

/** A backslash that begins an escape (`\n` in JSON) ends a value; any other belongs to it. */
const BARE = /(?:[^\s"'`<>,;&|(){}[\]\\\x00-\x1f\x7f]|\\(?![nrtbfu"'`\\/]))+/y;
const BARE_ENV = /[^\s"'`\x00-\x1f\x7f]+/y;

/** A URL is no secret as a whole: its password, or a token in it, is found by its own rule. */
const ADDRESS = /^[a-z][a-z0-9+.-]{0,20}:\/\//i;

/** A loop, because `/[.,]+$/` is quadratic on a row of dots. */
function withoutTrailing(text: string, from: number, to: number, signs: string): number {
  let end = to;
  while (end > from && signs.includes(text[end - 1]!)) end--;
  return end;
}

function isStrongEnough(value: string, kind: string, quoted: boolean): boolean {
  if (kind === 'password') return value.length >= 3;
  if (kind === 'secret' || kind === 'credential') return value.length >= 4;
  // Counts and versions: `token: 1234`, `"jsonwebtoken": "^9.0.2"`.
  if (value.length < 6 || /^\d{1,9}$|^[~^]?\d+(?:\.\d+)+$/.test(value)) return false;
  return !quoted || !isTokenName(value);
}

/** What a lexer, a type or an example has where a token would be: `"token": "identifier"`. */
function isTokenName(value: string): boolean {
  if (/\s/.test(value)) return !/^(?:bearer|basic|token) \S+$/i.test(value);
  if (value.length <= 20 && /^[A-Za-z_-]*$/.test(value)) return true;
  return /^\w+\(.*\)$|^[?_]?[A-Z]?[a-z]{2,16}(?:[A-Z_-]{1,4}[a-z]{2,16})*[A-Z]{0,4}$/.test(value);
}

/**
 * Labels and messages: `password: 'Enter your password'`; few passphrases have such words. And what
 * stands between two strings, when the quote behind the name closed one: `['password=', 'x']`.
 */
function isProse(value: string): boolean {
  return /^[,.;:)\]}]*(?:\s|\\n|$)/.test(value) || (/\s/.test(value) && PROSE.test(value));
}

const PROSE =
  /(?:^|\W)(?:your|the|this|an?|is|are|was|be|must|should|cannot|not?|enter|required|invalid|please|for|of|to|or|and|with|passwords?|tokens?|secrets?|keys?|credentials?)(?:$|\W)/i;
