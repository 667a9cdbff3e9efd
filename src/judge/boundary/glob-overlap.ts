import { braceWords } from './braces.ts';

/**
 * A pattern of paths as steps between slashes: `**` for any number of directories, else one name
 * with its wildcards. Used to ask whether two patterns can mean the same file, which no glob
 * library answers; whether a path matches one, `scope-glob.ts` says.
 */
export type Step = '**' | readonly Char[];

/** One character, `any` one, or `many` (also none). */
export type Char = string | 'any one' | 'any many';

/** Most alternatives of `{a,b}` in one glob; what has more is taken for "anything". */
const MANY_GLOBS = 64;

/** A glob of a policy as steps, one list an alternative. Errs towards matching more. */
export function stepsOfGlob(glob: string): Step[][] {
  const plain = braceWords(glob, MANY_GLOBS);
  if (!plain) return [['**']];
  return plain.map((one) =>
    one
      .split('/')
      .filter((name) => name !== '' && name !== '.')
      .map((name) => (name === '**' ? '**' : charsOf(name))),
  );
}

function charsOf(name: string): Char[] {
  // Negations and alternatives in parentheses: anything may match.
  if (/[!?*+@]\(/.test(name) || name.includes('**')) return ['any many'];
  const chars: Char[] = [];
  for (let at = 0; at < name.length; at++) {
    const char = name[at]!;
    if (char === '*') chars.push('any many');
    else if (char === '?') chars.push('any one');
    else if (char === '[' && name.indexOf(']', at + 2) > 0) {
      chars.push('any one');
      at = name.indexOf(']', at + 2);
    } else if (char === '\\' && at + 1 < name.length) chars.push(name[++at]!);
    else chars.push(char);
  }
  return chars;
}

/** True if some path matches both. Letters count as the same in both cases. */
export function overlap(a: readonly Step[], b: readonly Step[]): boolean {
  const known = new Map<number, boolean>();
  const meet = (i: number, j: number): boolean => {
    const key = i * (b.length + 1) + j;
    const before = known.get(key);
    if (before !== undefined) return before;
    known.set(key, false);
    const found = meetFresh(i, j);
    known.set(key, found);
    return found;
  };
  const meetFresh = (i: number, j: number): boolean => {
    const left = a[i];
    const right = b[j];
    if (left === undefined && right === undefined) return true;
    if (left === '**') return meet(i + 1, j) || (right !== undefined && meet(i, j + 1));
    if (right === '**') return meet(i, j + 1) || (left !== undefined && meet(i + 1, j));
    if (left === undefined || right === undefined) return false;
    return namesOverlap(left, right) && meet(i + 1, j + 1);
  };
  return meet(0, 0);
}

function namesOverlap(left: readonly Char[], right: readonly Char[]): boolean {
  if (left[0] === 'visible' && right[0] === '.') return false;
  if (right[0] === 'visible' && left[0] === '.') return false;
  const a = left[0] === 'visible' ? left.slice(1) : left;
  const b = right[0] === 'visible' ? right.slice(1) : right;
  // reached[j]: what is left of a from here on can meet b from j on; filled from the ends.
  let after: boolean[] = [];
  for (let i = a.length; i >= 0; i--) {
    const reached: boolean[] = [];
    for (let j = b.length; j >= 0; j--) {
      const left = a[i];
      const right = b[j];
      if (left === undefined && right === undefined) reached[j] = true;
      else if (left === 'any many') reached[j] = Boolean(after[j]) || Boolean(reached[j + 1]);
      else if (right === 'any many') reached[j] = Boolean(reached[j + 1]) || Boolean(after[j]);
      else if (left === undefined || right === undefined) reached[j] = false;
      else reached[j] = sameChar(left, right) && Boolean(after[j + 1]);
    }
    after = reached;
  }
  return Boolean(after[0]);
}

function sameChar(a: Char, b: Char): boolean {
  if (a === 'any one' || b === 'any one') return true;
  return a.toLowerCase() === b.toLowerCase();
}
