/**
 * Brace expansion as bash does it, on the text of one word before anything else is expanded:
 * `{a,b}x` → `ax`, `bx`; `{1..3}` → `1`, `2`, `3`. Quotes, backslashes, `${…}` and `$(…)` are left
 * whole. Returns null where there would be more than `limit` words.
 */
export function braceWords(text: string, limit: number): string[] | null {
  const found = firstBraces(text);
  if (!found) return [text];
  const head = text.slice(0, found.start);
  const middles = found.alternatives.length > limit ? null : found.alternatives;
  const tails = braceWords(text.slice(found.end), limit);
  if (!middles || !tails) return null;
  const words: string[] = [];
  for (const middle of middles) {
    const inner = found.isSequence ? [middle] : braceWords(middle, limit);
    if (!inner || words.length + inner.length * tails.length > limit) return null;
    for (const one of inner) for (const tail of tails) words.push(head + one + tail);
  }
  return words;
}

interface Braces {
  readonly start: number;
  readonly end: number;
  readonly alternatives: readonly string[];
  readonly isSequence: boolean;
}

/** The first pair of braces that expands: with a comma of its own, or a sequence. */
function firstBraces(text: string): Braces | null {
  for (let at = 0; at < text.length; at = afterUnit(text, at)) {
    if (text[at] !== '{') continue;
    const commas: number[] = [];
    let depth = 0;
    for (let to = at; to < text.length; to = afterUnit(text, to)) {
      if (text[to] === '{') depth++;
      else if (text[to] === ',' && depth === 1) commas.push(to);
      else if (text[to] === '}' && --depth === 0) {
        const alternatives = commas.length > 0 ? cutAt(text, at, commas, to) : null;
        const found = alternatives ?? sequence(text.slice(at + 1, to));
        if (found) {
          return { start: at, end: to + 1, alternatives: found, isSequence: !alternatives };
        }
        break;
      }
    }
  }
  return null;
}

function cutAt(text: string, open: number, commas: readonly number[], close: number): string[] {
  const ends = [...commas, close];
  return ends.map((end, index) => text.slice((index === 0 ? open : ends[index - 1]!) + 1, end));
}

const MANY = 1000;

function sequence(body: string): string[] | null {
  const found = /^(-?\d{1,9}|[A-Za-z])\.\.(-?\d{1,9}|[A-Za-z])(?:\.\.(-?\d{1,9}))?$/.exec(body);
  if (!found) return null;
  const [, from = '', to = '', step = '1'] = found;
  const isLetters = /[A-Za-z]/.test(from);
  if (isLetters !== /[A-Za-z]/.test(to)) return null;
  const first = isLetters ? from.charCodeAt(0) : Number(from);
  const last = isLetters ? to.charCodeAt(0) : Number(to);
  const by = Math.max(1, Math.abs(Number(step)));
  const width = /^-?0\d/.test(from) || /^-?0\d/.test(to) ? Math.max(from.length, to.length) : 0;
  const words: string[] = [];
  for (let n = 0; n <= Math.abs(last - first) / by && words.length <= MANY; n++) {
    const value = first + (last >= first ? n : -n) * by;
    words.push(isLetters ? String.fromCharCode(value) : String(value).padStart(width, '0'));
  }
  return words;
}

/** The index after the character at `at`, or after the quotes or the expansion that begin there. */
function afterUnit(text: string, at: number): number {
  const char = text[at];
  if (char === '\\') return at + 2;
  if (char === "'") return afterClosing(text, at + 1, "'");
  if (char === '"') return afterClosing(text, at + 1, '"');
  if (char === '`') return afterClosing(text, at + 1, '`');
  if (char === '$' && text[at + 1] === "'") return afterClosing(text, at + 2, "'");
  if (char === '$' && text[at + 1] === '{') return afterNested(text, at + 1, '{', '}');
  if (/[$<>@?*+!]/.test(char ?? '') && text[at + 1] === '(') {
    return afterNested(text, at + 1, '(', ')');
  }
  return at + 1;
}

function afterClosing(text: string, from: number, quote: string): number {
  for (let at = from; at < text.length; at++) {
    if (text[at] === '\\' && quote !== "'") at++;
    else if (text[at] === quote) return at + 1;
  }
  return text.length;
}

function afterNested(text: string, open: number, opening: string, closing: string): number {
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === opening) depth++;
    else if (text[at] === closing && --depth === 0) return at + 1;
  }
  return text.length;
}
