import { assignedRun } from './assigned-run.ts';
import type { Rule } from './patterns.ts';
import type { Shape } from './shape.ts';
import { RANK } from './span.ts';

/**
 * `name=value` in shell, dotenv, JSON, YAML, ini, query strings, flags and code, where the name
 * ends like a secret's. What is decided here is only that a name is followed by a separator and
 * of which shape; which of the bytes behind it are the secret, if any, is `assigned-run.ts`.
 *
 * The match begins at the last word of the name: what stands before it is never read, so names of
 * any length cost nothing.
 */
export function assignedRules(): Rule[] {
  return [
    assigned('token', ['token'], 0, '(?<!public[ _-]?key)token'),
    assigned('secret', ['secret'], 2, 'secret'),
    assigned('password', ['pass'], 0, 'pass(?:word|wd|phrase|(?<=_pass))'),
    assigned('password', ['pwd'], 0, 'pwd'),
    assigned('key', ['key'], 0, `(?<=${keyOwner()}[ _-]?)key`),
    assigned('credential', ['credential'], 2, 'credentials?'),
    assigned('auth', ['_auth'], 0, '(?<![A-Za-z0-9])_auth'),
  ];
}

/** `key` alone names anything; with one of these before it, it opens something. */
function keyOwner(): string {
  return '(?:api|access|private|secret|auth|signing|encryption|master|service|account)';
}

function assigned(kind: string, starts: string[], gramAt: number, name: string): Rule {
  let head: RegExp | undefined;
  return {
    starts,
    gramAt,
    match(text, at) {
      head ??= new RegExp(`(${name})${SEPARATOR}`, 'iy');
      head.lastIndex = at;
      const found = head.exec(text);
      if (found === null) return undefined;
      const shape = shapeOf(text, at, found);
      const run = shape && assignedRun(text, at + found[0].length, shape, kind);
      return typeof run === 'object' ? { start: at, ...run, kind, rank: RANK.named } : run;
    },
  };
}

/** Colours may stand between any two parts (`jq -C`, `util.inspect`). */
const COLOR = String.raw`(?:\x1b\[[0-9;]{0,16}m){0,3}`;

/**
 * 1 the name, 2 the quote and bracket that close it, 3 blanks, 4 the separator (`:=` and a type
 * between `:` and `=` count as `=`), 5 blanks. `==`, `=>` of an arrow and `::` are code.
 */
const SEPARATOR =
  `${COLOR}((?:\\\\{0,7}["'\`])?(?:\\]|%5D)?)${COLOR}([ \\t]{0,8})` +
  '(:=|:[ \\t]?&?[A-Za-z]{1,16}[ \\t]?=(?!=|>)|=>(?=[ \\t]?["\'])|=(?![=>~])|%3D|:(?!:)|,(?=[ \\t]?\\\\{0,7}["\'])|(?<=[ \\t]))' +
  `${COLOR}([ \\t]{0,8})${COLOR}`;

function shapeOf(text: string, at: number, found: RegExpExecArray): Shape | undefined {
  const [, name = '', close = '', before = '', separator = '', after = ''] = found;
  // The shell's own PWD and OLDPWD are in every environment and every trace.
  if (name === 'PWD' && /(?:^|[^A-Za-z0-9_])(?:OLD)?$/.test(text.slice(Math.max(0, at - 4), at))) {
    return undefined;
  }
  if (separator === '' || separator === ',') {
    // `--password x`, and the same inside a JSON list of arguments.
    return FLAG_BEFORE.test(nameBefore(text, at)) ? 'flag' : undefined;
  }
  if (separator === ':') return isOwnLabel(text, at, found[0]) ? undefined : 'colon';
  if (separator === '%3D' || separator === '%3d') return 'tight';
  if (before !== '' || after !== '' || separator !== '=') return 'spaced';
  ENV_LINE.lastIndex = at;
  return close === '' && name === name.toUpperCase() && ENV_LINE.test(text) ? 'env' : 'tight';
}

function nameBefore(text: string, at: number): string {
  return text.slice(Math.max(0, at - 64), at);
}

/** `[REDACTED:password:01234567]`: masking twice changes nothing. */
function isOwnLabel(text: string, at: number, head: string): boolean {
  const value = at + head.length;
  return (
    /\[REDACTED:[\w.-]*$/.test(nameBefore(text, at)) &&
    /^[0-9a-f]{8}\]/.test(text.slice(value, value + 9))
  );
}

const FLAG_BEFORE = /(?:^|[^\w-])--?[A-Za-z0-9_-]{0,40}$/;

/** NAME= where a line of an environment, a dotenv file or a Dockerfile begins. */
const ENV_LINE =
  /(?<=^(?:\x1b\[[0-9;]{0,16}m){0,3}[ \t+>$#-]{0,8}(?:(?:export|set|setx|ENV|ARG)[ \t]{1,4})?[A-Z0-9_]{0,64})/my;
