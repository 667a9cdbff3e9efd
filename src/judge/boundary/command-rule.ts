import { optionsOfRule, type RuleOption, saysOption, usualSubcommand } from './equal-options.ts';
import { certainStart, exactText, type Field } from './field.ts';
import type { Policy, Rule } from './policy.ts';

/** A line of `commands`, cut into words once. */
export interface CommandRule {
  readonly rule: Rule;
  readonly words: readonly string[];
  /** A `*` at the end: any further words, or none. */
  readonly open: boolean;
}

export interface CommandRules {
  readonly allow: readonly CommandRule[];
  readonly ask: readonly CommandRule[];
  readonly deny: readonly CommandRule[];
}

const compiled = new WeakMap<Policy, CommandRules>();

export function commandRules(policy: Policy): CommandRules {
  const known = compiled.get(policy);
  if (known) return known;
  const { allow, ask, deny } = policy.commands;
  const rules = { allow: allow.map(read), ask: ask.map(read), deny: deny.map(read) };
  compiled.set(policy, rules);
  return rules;
}

/** Words of a rule stand between spaces; quotes keep spaces inside one, as in a shell. */
function read(rule: Rule): CommandRule {
  const words = [...rule.text.matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g)].map(([word]) =>
    word.replace(/'([^']*)'|"([^"]*)"/g, (_all, single, double) => single ?? double ?? ''),
  );
  const open = words.at(-1) === '*';
  return { rule, words: open ? words.slice(0, -1) : words, open };
}

/**
 * How an allow rule matches: word for word, in this order, each of them certain. Returns how many
 * words the rule itself names, or null.
 */
export function allows({ words, open }: CommandRule, fields: readonly Field[]): number | null {
  if (fields.length < words.length || (!open && fields.length > words.length)) return null;
  const same = words.every((word, index) => exactText(fields[index]) === word);
  return same ? words.length : null;
}

/**
 * How a deny or ask rule matches: the program by any path, its options in any order, cluster,
 * length or spelling, other options anywhere between. `maybe` where a word nobody can read might
 * make it match.
 */
export function forbids(
  { words, open }: CommandRule,
  fields: readonly Field[],
): 'yes' | 'maybe' | 'no' {
  const [name, ...rest] = words;
  if (name === undefined) return open ? 'yes' : 'no';
  const command = named(fields);
  if (!command) return 'maybe';
  const program = basename(name);
  if (!isWord(program.toLowerCase(), command.program.toLowerCase())) return 'no';
  const key = command.program.toLowerCase();
  const required = rest.filter(isOption).flatMap((word) => optionsOfRule(key, word));
  const wanted = rest.filter((word) => !isOption(word) && word !== '--');
  const options = saysAll(required, command.args);
  if (options === 'no') return 'no';
  const words_ = match(key, wanted, command.args, open, required);
  if (words_ === 'no') return 'no';
  return words_ === 'maybe' || options === 'maybe' ? 'maybe' : 'yes';
}

/** The program's name without its folder, and its arguments; git's own programs count as git. */
function named(fields: readonly Field[]): { program: string; args: readonly Field[] } | null {
  const name = exactText(fields[0]);
  if (name === null) return null;
  const program = basename(name);
  const git = /^git-(?=[a-z])/.exec(program);
  if (!git) return { program, args: fields.slice(1) };
  const subcommand = { pieces: [program.slice(4)], splits: false };
  return { program: 'git', args: [subcommand, ...fields.slice(1)] };
}

/** The last name of a path, without a Windows ending. */
export function basename(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(/\.exe$/i, '');
}

/** A word that is not certain: what it begins with tells whether it could be an option. */
function mayBeOption(field: Field): boolean {
  const start = certainStart(field);
  if (field.pieces.some((piece) => typeof piece !== 'string' && 'unknown' in piece && piece.tame)) {
    return start.startsWith('-');
  }
  return field.splits || start === '' || start.startsWith('-');
}

function isOption(word: string): boolean {
  return word.length > 1 && word.startsWith('-') && word !== '--';
}

function saysAll(required: readonly RuleOption[], args: readonly Field[]): 'yes' | 'maybe' | 'no' {
  if (required.length === 0) return 'yes';
  const words: string[] = [];
  let unread = false;
  for (const field of args) {
    const text = exactText(field);
    if (text === '--') break;
    if (text === null) unread ||= mayBeOption(field);
    else if (isOption(text)) words.push(text);
  }
  const missing = required.some((option) => !words.some((word) => saysOption(option, word)));
  return missing ? (unread ? 'maybe' : 'no') : 'yes';
}

/** The rule's further words as the first ones of the command, options and their values skipped. */
function match(
  program: string,
  wanted: readonly string[],
  args: readonly Field[],
  open: boolean,
  options: readonly RuleOption[],
): 'yes' | 'maybe' | 'no' {
  const known = new Map<number, 'yes' | 'maybe' | 'no'>();
  const from = (i: number, j: number): 'yes' | 'maybe' | 'no' => {
    const key = i * (wanted.length + 1) + j;
    const before = known.get(key);
    if (before) return before;
    const found = fresh(i, j);
    known.set(key, found);
    return found;
  };
  const fresh = (i: number, j: number): 'yes' | 'maybe' | 'no' => {
    const word = wanted[j];
    if (word === undefined && open) return 'yes';
    const field = args[i];
    if (field === undefined) return word === undefined ? 'yes' : 'no';
    const text = exactText(field);
    if (text === null) {
      if (mayBeOption(field) || field.splits) return 'maybe';
      if (word === undefined) return 'no';
      return word.startsWith(certainStart(field)) || word.includes('*') ? 'maybe' : 'no';
    }
    if (isOption(text)) {
      if (word === undefined) {
        return options.some((option) => saysOption(option, text)) ? from(i + 1, j) : 'no';
      }
      const ways = [from(i + 1, j)];
      if (!text.includes('=')) ways.push(from(i + 2, j));
      if (text.endsWith(word) && text.length > word.length + 1) ways.push(from(i + 1, j + 1));
      return ways.includes('yes') ? 'yes' : ways.includes('maybe') ? 'maybe' : 'no';
    }
    if (text === '--' && word !== undefined) return from(i + 1, j);
    if (word === undefined) return 'no';
    const same =
      isWord(word, j === 0 ? usualSubcommand(program, text) : text) || isWord(word, text);
    return same ? from(i + 1, j + 1) : 'no';
  };
  return from(0, 0);
}

/** A `*` inside a word of a forbidding rule stands for any characters. */
function isWord(rule: string, word: string): boolean {
  if (rule === word) return true;
  if (!rule.includes('*')) return false;
  const [first = '', ...others] = rule.split('*');
  if (!word.startsWith(first)) return false;
  const last = others.pop() ?? '';
  let at = first.length;
  for (const part of others) {
    const found = word.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return word.length - at >= last.length && word.endsWith(last);
}
