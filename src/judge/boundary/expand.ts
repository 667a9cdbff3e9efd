import {
  forEachChild,
  type ParsedScript,
  parse,
  type SyntaxNode,
  type Word,
  type WordPart,
} from 'unbash';
import { braceWords } from './braces.ts';
import { exactText, type Field, joined, type Piece, unknownField } from './field.ts';
import type { Shell } from './shell-state.ts';

/** What is done with the expansions in a word. */
export interface Visitor {
  /** False ends the search below: the parser reads an expansion when it is asked for, at a cost. */
  readonly mayRead: (characters: number) => boolean;
  /** A script inside the word; undefined: it cannot be read. */
  readonly script: (script: ParsedScript | undefined, node: SyntaxNode) => void;
  /** What may do more than stand for a value: set a variable, run what a text holds. */
  readonly effect: (node: SyntaxNode) => void;
}

const MANY_WORDS = 64;

/** Braces in a longer word are not expanded: the work grows with the square. */
const LONG_BRACES = 500;

/** The words that one word of a command becomes. */
export function expandWord(word: Word, shell: Shell): Field[] {
  if (!word.parts?.some(({ type }) => type === 'BraceExpansion')) return fieldsOf(word, shell);
  const texts = word.text.length > LONG_BRACES ? null : braceWords(word.text, MANY_WORDS);
  if (!texts) return [unknownField('braces that become too many words', true)];
  if (texts.length === 1) return fieldsOf({ ...withoutBraces(word) }, shell);
  return texts.flatMap((text) => {
    const again = parse(`: ${text}`).commands[0]?.command;
    if (again?.type !== 'Command' || again.args.length > 1) {
      return [unknownField('braces that cannot be read', true)];
    }
    return again.args.flatMap((arg) =>
      arg.type === 'Word' ? fieldsOf(withoutBraces(arg), shell) : [unknownField('an assignment')],
    );
  });
}

/** Braces that do not expand are plain characters. */
function withoutBraces(word: Word): Word {
  const parts = word.parts?.map((part): WordPart => {
    if (part.type !== 'BraceExpansion') return part;
    const { pos, end, text } = part;
    const isPlain = !/[$`\\'"*?[]/.test(text);
    return isPlain ? { type: 'Literal', pos, end, text, value: text } : part;
  });
  return { type: 'Word', text: word.text, value: word.value, pos: word.pos, end: word.end, parts };
}

/** A word that stays one: the value of an assignment, a here-string, the word of `case`. */
export function expandWhole(word: Word, shell: Shell): Field {
  const pieces = tilde(word, shell);
  const rest = word.parts ? skipped(word.parts, pieces.length) : [];
  const all = word.parts
    ? [...pieces.texts, ...rest.flatMap((part) => piecesOf(part, shell, true))]
    : [...pieces.texts, word.value.slice(pieces.length)];
  const whole = all.map((piece) =>
    typeof piece === 'string' ? piece : 'wild' in piece ? piece.wild : piece,
  );
  return joined(...whole.map((piece) => ({ pieces: [piece], splits: false })));
}

/** Every script in a word's expansions, at any depth but not inside one another. */
export function visitExpansions(node: SyntaxNode, visitor: Visitor): void {
  switch (node.type) {
    case 'CommandExpansion':
    case 'ProcessSubstitution':
    case 'ArithmeticCommandExpansion':
      if (visitor.mayRead(node.end - node.pos)) visitor.script(node.script, node);
      return;
    case 'ParameterExpansion':
    case 'ArithmeticExpansion':
      if (!visitor.mayRead(node.end - node.pos)) return;
      if (isEffect(node)) visitor.effect(node);
      break;
    case 'SingleQuoted':
    case 'AnsiCQuoted':
      visitor.effect(node);
      return;
    case 'ExtendedGlob':
      visitor.effect(node);
  }
  forEachChild(node, (child) => visitExpansions(child, visitor));
}

/** Expansions that may set a variable or run what a value holds: the caller looks closer. */
function isEffect(node: SyntaxNode): boolean {
  if (node.type === 'ArithmeticExpansion') return /=|\+\+|--/.test(node.text);
  if (node.type !== 'ParameterExpansion') return false;
  const { operation } = node;
  return (
    operation?.type === 'Transform' ||
    (operation?.type === 'Default' && operation.operator.endsWith('='))
  );
}

function fieldsOf(word: Word, shell: Shell): Field[] {
  const start = tilde(word, shell);
  if (!word.parts) {
    const pieces: Piece[] = [...start.texts, word.value.slice(start.length)];
    return [joined(...pieces.map((piece) => ({ pieces: [piece], splits: false })))];
  }
  const fields: { pieces: Piece[]; splits: boolean }[] = [];
  let open: { pieces: Piece[]; splits: boolean } | null = null;
  const push = (piece: Piece, splits = false) => {
    open ??= { pieces: [], splits: false };
    open.pieces.push(piece);
    open.splits ||= splits;
  };
  for (const text of start.texts) push(text);
  for (const part of skipped(word.parts, start.length)) {
    if (isQuoted(part)) push('');
    for (const piece of piecesOf(part, shell, false)) {
      if (isQuoted(part) || !isExpansion(part)) {
        push(piece);
        continue;
      }
      if (typeof piece !== 'string') {
        push(piece, 'unknown' in piece && piece.tame === undefined);
        continue;
      }
      // What an unquoted expansion brings is cut at spaces, and its wildcards are wildcards.
      for (const [index, text] of piece.split(/[ \t\n]+/).entries()) {
        if (index > 0 && open) {
          fields.push(open);
          open = null;
        }
        if (text !== '') for (const each of wildcardsIn(text)) push(each);
      }
    }
  }
  if (open) fields.push(open);
  return fields.map((field) =>
    joined(...field.pieces.map((p) => ({ pieces: [p], splits: field.splits }))),
  );
}

function asField(text: string): Field {
  return { pieces: [text], splits: false };
}

function isQuoted({ type }: WordPart): boolean {
  return ['SingleQuoted', 'DoubleQuoted', 'AnsiCQuoted', 'LocaleString'].includes(type);
}

function isExpansion({ type }: WordPart): boolean {
  return ['SimpleExpansion', 'ParameterExpansion', 'CommandExpansion'].includes(type);
}

function wildcardsIn(text: string): Piece[] {
  return text
    .split(/([*?]|\[[^\]]*\])/)
    .filter((piece) => piece !== '')
    .map((piece) => (/^([*?]$|\[)/.test(piece) ? { wild: piece } : piece));
}

/** What an unquoted `~` at the start becomes, and how many characters of the word it takes. */
function tilde(word: Word, shell: Shell): { texts: Piece[]; length: number } {
  const found = /^~([A-Za-z0-9_.+-]*)(?=\/|$)/.exec(word.text);
  if (!found) return { texts: [], length: 0 };
  const length = found[0].length;
  if (found[1] === '') return { texts: variableValue('HOME', shell).pieces as Piece[], length };
  if (found[1] === '+') return { texts: variableValue('PWD', shell).pieces as Piece[], length };
  return { texts: [{ unknown: `where ${found[0]} is` }], length };
}

/** The parts without the first `count` characters, which are plain. */
function skipped(parts: readonly WordPart[], count: number): WordPart[] {
  const [first, ...rest] = parts;
  if (count === 0 || first?.type !== 'Literal') return [...parts];
  return [{ ...first, text: first.text.slice(count), value: first.value.slice(count) }, ...rest];
}

function piecesOf(part: WordPart, shell: Shell, isWhole: boolean): readonly Piece[] {
  switch (part.type) {
    case 'Literal':
    case 'SingleQuoted':
    case 'AnsiCQuoted':
      return [part.value];
    case 'DoubleQuoted':
    case 'LocaleString':
      return part.parts.flatMap((child) => piecesOf(child, shell, true));
    case 'Glob':
      return [{ wild: isWhole ? part.text : part.kind === 'star' ? '*' : part.text }];
    case 'ExtendedGlob':
      return [{ wild: part.text }];
    case 'SimpleExpansion':
      return variableValue(part.text.slice(1), shell).pieces;
    case 'ParameterExpansion':
      return parameter(part, shell).pieces;
    case 'ArithmeticExpansion':
      return [{ unknown: 'a sum', tame: 'digits' }];
    case 'CommandExpansion':
      return [{ unknown: 'what a command prints' }];
    case 'ProcessSubstitution':
      return ['/dev/fd/63'];
    case 'BraceExpansion':
      return isWhole ? [part.text] : [{ unknown: 'braces that cannot be read' }];
  }
}

type ParameterPart = Extract<WordPart, { type: 'ParameterExpansion' }>;

function parameter(part: ParameterPart, shell: Shell): Field {
  if (part.prefix === '#')
    return { pieces: [{ unknown: 'a length', tame: 'digits' }], splits: false };
  if (part.prefix || part.index) return unknownField(`the value of ${part.text}`);
  const value = variableValue(part.parameter, shell);
  const operation = part.operation;
  if (!operation) return value;
  if (operation.type === 'Default') {
    const text = exactText(value);
    // What is set in the text is set; what is not may come from the environment.
    if (text !== null && text !== '' && !operation.operator.includes('+')) return value;
  }
  return unknownField(`the value of ${part.text}`);
}

/** What a variable holds, as far as the text tells. */
export function variableValue(name: string, shell: Shell): Field {
  if (/^[#?$!]$|^(RANDOM|SECONDS|LINENO|UID|EUID|PPID|BASHPID)$/.test(name)) {
    return { pieces: [{ unknown: `$${name}`, tame: 'digits' }], splits: false };
  }
  const known = shell.variables.get(name);
  if (known) return known;
  if (name === 'PWD' && shell.cwds?.length === 1) return asField(shell.cwds[0]!);
  return unknownField(`the value of $${name}`);
}
