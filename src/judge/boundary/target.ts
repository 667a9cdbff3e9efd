import { exactText, type Field, unknownIn } from './field.ts';
import type { Char, Step } from './glob-overlap.ts';
import { absolute, withoutProc } from './place.ts';
import { LONGEST_PATH } from './scope-rules.ts';

/** Which file, or which files, a word means as a path. */
export type Target =
  | { readonly kind: 'one'; readonly path: string }
  /** Any file that the steps match; `sample` is one with names nobody has, for `isPlain` rules. */
  | { readonly kind: 'some'; readonly steps: readonly Step[]; readonly sample: string }
  /** Whatever a search finds below a folder. */
  | { readonly kind: 'below'; readonly folder: string }
  | { readonly kind: 'unknown'; readonly why: string };

/** Where a word leads from `cwd`; the shell has expanded `~` before. */
export function targetOf(field: Field, cwd: string | null): Target {
  const unknown = unknownIn(field);
  if (unknown && !unknown.tame) return { kind: 'unknown', why: unknown.unknown };
  const first = field.pieces[0];
  const isAbsolute = typeof first === 'string' && first.startsWith('/');
  if (cwd === null && !isAbsolute) {
    return { kind: 'unknown', why: 'the working directory is not known here' };
  }
  const from = cwd ?? '/';
  const text = exactText(field);
  if (text !== null) {
    if (text.length > LONGEST_PATH) return { kind: 'unknown', why: 'the path is too long' };
    return { kind: 'one', path: withoutProc(absolute(text, from), from) };
  }
  if (unknown?.tame === 'below') return belowOf(field, from);
  return someOf(field, from);
}

function belowOf(field: Field, cwd: string): Target {
  const first = field.pieces[0];
  const start = typeof first === 'string' ? first : '.';
  return { kind: 'below', folder: withoutProc(absolute(start, cwd), cwd) };
}

/** A name nobody has, so that only a wildcard of a rule can match it. */
const MADE_UP = '\u0001';

function someOf(field: Field, cwd: string): Target {
  let names: Char[][] = [[]];
  let sample = '';
  for (const piece of field.pieces) {
    if (typeof piece !== 'string') {
      const name = names.at(-1)!;
      if (name.length === 0) name.push('visible');
      const isOne = 'wild' in piece && piece.wild !== '*' && !/[(]/.test(piece.wild);
      name.push(isOne ? 'any one' : 'any many');
      sample += MADE_UP;
      continue;
    }
    sample += piece;
    for (const char of piece) {
      if (char === '/') names.push([]);
      else names.at(-1)!.push(char);
    }
  }
  const first = field.pieces[0];
  if (!(typeof first === 'string' && first.startsWith('/'))) {
    names = [...cwd.split('/').map((part) => [...part]), ...names];
  }
  return { kind: 'some', steps: clean(names), sample: absolute(sample, cwd) };
}

function clean(names: readonly Char[][]): Step[] {
  const kept: Char[][] = [];
  for (const name of names) {
    const text = name.join('');
    if (text === '' || text === '.') continue;
    if (text === '..') kept.pop();
    else kept.push(name);
  }
  return kept;
}
