import type { CommandNode } from 'unbash';
import { expandWord } from './expand.ts';
import { exactText, type Field } from './field.ts';
import type { Input } from './hearing.ts';
import { readArguments } from './options.ts';
import type { Shell } from './shell-state.ts';

/** What a command puts into a pipe, as far as its text tells. */
export function inputFrom(node: CommandNode, shell: Shell): Input {
  if (
    node.type !== 'Command' ||
    !node.name ||
    node.redirects.some(({ type }) => type !== 'Redirect')
  ) {
    return { kind: 'pipe' };
  }
  const fields = expandWord(node.name, shell);
  for (const arg of node.args) {
    if (arg.type !== 'Word') return { kind: 'pipe' };
    fields.push(...expandWord(arg, shell));
  }
  const [name, ...args] = fields;
  switch (exactText(name)) {
    case 'echo':
    case 'printf':
      return textOf(args);
    case 'find':
    case 'ls':
    case 'fd':
    case 'git':
    case 'rg':
    case 'grep':
      return namesOf(exactText(name)!, args);
  }
  return { kind: 'pipe' };
}

function textOf(args: readonly Field[]): Input {
  const words = args.map(exactText);
  if (words.includes(null)) return { kind: 'pipe' };
  const texts = (words as string[]).filter(
    (word, index) => !(index === 0 && /^-[neE]+$/.test(word)),
  );
  const plain = texts[0] && /%[sb]/.test(texts[0]) ? texts.slice(1) : texts;
  return { kind: 'pipe', text: plain.join(' ').replaceAll('\\n', '\n') };
}

/** Where the files that a search prints lie. */
function namesOf(name: string, args: readonly Field[]): Input {
  const words = args.map(exactText);
  if (words.includes(null)) return { kind: 'pipe' };
  const exact = words as string[];
  if (name === 'git') {
    const isList =
      exact[0] === 'ls-files' || (exact[0] === 'diff' && exact.includes('--name-only'));
    return isList ? { kind: 'pipe', names: ['.'] } : { kind: 'pipe' };
  }
  if (name === 'find') {
    if (exact.some((word) => /^-(printf|fprintf|exec|ok|files0-from)/.test(word)))
      return { kind: 'pipe' };
    const first = exact.findIndex((word) => /^[-(!]/.test(word));
    const starts = first < 0 ? exact : exact.slice(0, first);
    return { kind: 'pipe', names: starts.length > 0 ? starts : ['.'] };
  }
  const { operands } = readArguments(args, '-e: -g: -t: -A: -B: -C: -m: --include: --exclude:');
  const folders = operands.slice(name === 'ls' ? 0 : 1).map((field) => exactText(field)!);
  const lists =
    name === 'ls' ||
    name === 'fd' ||
    exact.some((word) => /^(-[a-zA-Z]*l[a-zA-Z]*|--files(-with-matches)?|-[a-zA-Z]*L)$/.test(word));
  return lists ? { kind: 'pipe', names: folders.length > 0 ? folders : ['.'] } : { kind: 'pipe' };
}
