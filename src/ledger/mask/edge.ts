/**
 * Regex source for "a token may begin here": not in the middle of a word. A letter or digit that
 * ends an escape is no word: `\n` in JSON, `%3D` in a URL, the `m` of a colour. Without these
 * exceptions every secret at the start of a line inside a JSON transcript would be missed.
 */
export const ESCAPE_BEFORE = String.raw`(?:\\[nrtbf0]|%[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2}|\[[0-9;]{0,16}m)`;

export const EDGE = `(?<![A-Za-z0-9](?<!${ESCAPE_BEFORE}))`;

/** The same for tokens whose own letters include `_` and `-` (JWT): linear on `eyJeyJeyJ…`. */
export const WIDE_EDGE = `(?<![A-Za-z0-9_-](?<!${ESCAPE_BEFORE}))`;

/** The lookbehinds of all rules reach back less than this many bytes. */
export const LOOKBEHIND = 256;
