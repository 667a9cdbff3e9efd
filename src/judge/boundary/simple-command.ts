import type { ArrayValue, Assignment, Command, Redirection, Word, WordPart } from 'unbash';
import { addAccess } from './add-access.ts';
import { changesPrograms, holdsCode, influenceOf } from './assignments.ts';
import { basename } from './command-rule.ts';
import { expandWhole, expandWord } from './expand.ts';
import { exactField, exactText, type Field, joined, unknownField } from './field.ts';
import { judgeGuess } from './finds.ts';
import type { Env, Hearing, Input } from './hearing.ts';
import { isNamedFolder } from './scope-rules.ts';
import { nextShell } from './shell-moves.ts';
import { both, either, type Flow, type Shell, withVariable } from './shell-state.ts';

/** What surrounds a simple command: the text it stands in, and what judges scripts inside words. */
export interface Surroundings {
  readonly source: string;
  readonly judgeScripts: (node: Word | Assignment | ArrayValue | Redirection, env: Env) => void;
  /** Judges the body of a function of this script; null if there is none of that name. */
  readonly judgeFunction: (name: string, env: Env) => { certain: boolean; flow: Flow } | null;
}

/** What words with braces cost: they are read again. */
const BRACES = 4;

/** More words than a command usually has cost as much as commands. */
const USUAL = 32;

/** One simple command: its assignments, redirections, words, and what it does to the shell. */
export function judgeSimple(
  hearing: Hearing,
  command: Command,
  env: Env,
  around: Surroundings,
): Flow {
  const text = around.source.slice(command.pos, command.end);
  const words: Word[] = [];
  for (const arg of [...(command.name ? [command.name] : []), ...command.args]) {
    around.judgeScripts(arg, env);
    // Braces are read again for each word they become.
    const cost = arg.text.includes('{') ? BRACES : words.length >= USUAL ? 1 : 0;
    if (cost > 0 && !hearing.found.step(cost)) return both(env.shell);
    if (arg.type === 'Word') words.push(arg);
  }
  const input = judgeRedirects(hearing, command.redirects, env, around);
  const assignments = command.prefix.filter((one) => one.type === 'Assignment');
  for (const one of assignments) around.judgeScripts(one, env);
  const fields = fieldsOf(command, env.shell);
  if (fields.length === 0 && words.length === 0) {
    return judgeAssignments(hearing, assignments, env, text, command.redirects.length > 0);
  }
  const name = exactText(fields[0]);
  const inner: Env = {
    ...env,
    input: input ?? env.input,
    ...hinderedBy(hearing, assignments, env, text, name),
  };
  const called = name === null ? null : around.judgeFunction(name, inner);
  if (called?.certain) return called.flow;
  const flow = nextShell(fields, env.shell, (path) => isThere(hearing, path));
  const isMove = name !== null && /^(cd|pushd|popd)$/.test(basename(name));
  const leads = isMove ? (flow.ok?.cwds ?? null) : undefined;
  if (fields.length === 0)
    hearing.found.ask(text, 'which program runs cannot be read from the text');
  else if (command.name?.parts?.some(isExpansion)) {
    hearing.found.ask(text, 'a variable or a substitution stands where the program is named');
  }
  if (fields.length > 0) {
    hearing.judgeCall(hearing, fields, leads === undefined ? inner : { ...inner, leads }, text);
  }
  if (!called) return flow;
  return { ok: either(flow.ok, called.flow.ok), fail: either(flow.fail, called.flow.fail) };
}

function isExpansion(part: WordPart): boolean {
  if (part.type === 'DoubleQuoted' || part.type === 'LocaleString')
    return part.parts.some(isExpansion);
  return ['SimpleExpansion', 'ParameterExpansion', 'CommandExpansion'].includes(part.type);
}

function isThere({ policy, place }: Hearing, directory: string): boolean {
  return place.isDirectory?.(directory) ?? isNamedFolder(policy, place, directory);
}

function fieldsOf(command: Command, shell: Shell): Field[] {
  const name = command.name ? expandWord(command.name, shell) : [];
  return [
    ...name,
    ...command.args.flatMap((arg) =>
      arg.type === 'Word' ? expandWord(arg, shell) : [assignmentField(arg, shell)],
    ),
  ];
}

/** `export X=1`: an assignment among the words of a command. */
function assignmentField(assignment: Assignment, shell: Shell): Field {
  const head = assignment.text.slice(0, assignment.text.indexOf('=') + 1);
  if (assignment.value.type !== 'Word') return joined(exactField(head), unknownField('a list'));
  return joined(exactField(head), { ...expandWhole(assignment.value, shell), splits: false });
}

function judgeAssignments(
  hearing: Hearing,
  assignments: readonly Assignment[],
  env: Env,
  text: string,
  hasRedirects: boolean,
): Flow {
  let shell = env.shell;
  let asked = false;
  for (const assignment of assignments) {
    if (!hearing.found.step()) break;
    const { name, value } = assignment;
    const held =
      value.type === 'Word' ? expandWhole(value, shell) : unknownField(`the list ${name}`, true);
    const changes = changesPrograms(name) || !/^\w+$/.test(name);
    if (changes || holdsCode(exactText(held))) {
      asked = true;
      const why = changes
        ? `${name} can change what later commands do`
        : 'it keeps code in a variable';
      hearing.found.ask(text, why);
    }
    const isWhole = !assignment.append && !assignment.index && value.type === 'Word';
    shell = withVariable(shell, name, isWhole ? held : unknownField(`the value of $${name}`, true));
  }
  if (!asked && !hasRedirects) {
    hearing.found.add({
      text,
      verdict: 'allow',
      rule: null,
      why: 'it sets a variable of this shell',
    });
  }
  return both(shell);
}

/** Variables set for one command: harmless names leave it as it is, others hide it from rules. */
function hinderedBy(
  hearing: Hearing,
  assignments: readonly Assignment[],
  env: Env,
  text: string,
  program: string | null,
): Pick<Env, 'hindered'> {
  let { hindered } = env;
  for (const { name, value, index, append } of assignments) {
    // `IFS= read -r line` splits this one line otherwise, and nothing else.
    if (name === 'IFS' && program === 'read') continue;
    const influence = influenceOf(name);
    const held = value.type === 'Word' ? exactText(expandWhole(value, env.shell)) : null;
    if (influence === 'code' || holdsCode(held)) {
      hearing.found.ask(text, `${name} can change what runs`);
      judgeGuess(hearing, held ?? '', { ...env, depth: env.depth + 1 });
    }
    if (influence !== 'harmless' || index || append) hindered ??= `${name} is set for it`;
  }
  return { hindered };
}

/** Judges redirections; returns what they put on standard input, if anything. */
export function judgeRedirects(
  hearing: Hearing,
  redirects: readonly Redirection[],
  env: Env,
  around: Pick<Surroundings, 'judgeScripts'>,
): Input | null {
  let input: Input | null = null;
  for (const redirect of redirects) {
    const target = redirect.type === 'Redirect' ? redirect.target?.text : undefined;
    if (!hearing.found.step(target?.includes('{') ? BRACES : 1)) break;
    around.judgeScripts(redirect, env);
    const isInput =
      !redirect.descriptor ||
      (redirect.descriptor.type === 'FileDescriptor' && redirect.descriptor.value === 0);
    if (redirect.type === 'HereDoc') {
      if (isInput) input = { kind: 'text', text: hereText(redirect) };
    } else if (redirect.type === 'HereString') {
      const value = redirect.target ? exactText(expandWhole(redirect.target, env.shell)) : null;
      if (isInput) input = { kind: 'text', text: value };
    } else if (redirect.operator === '<' || redirect.operator === '<>') {
      if (isInput) input = { kind: 'file' };
      judgeRedirect(hearing, redirect, env);
    } else judgeRedirect(hearing, redirect, env);
  }
  return input;
}

function hereText(redirect: Extract<Redirection, { type: 'HereDoc' }>): string | null {
  const parts = redirect.body.parts;
  if (redirect.delimiter?.quoted || !parts) {
    const text = redirect.body.text;
    return redirect.operator === '<<-' ? text.replace(/^\t+/gm, '') : text;
  }
  return parts.every((part) => part.type === 'Literal')
    ? parts.map((part) => part.value).join('')
    : null;
}

function judgeRedirect(
  hearing: Hearing,
  redirect: Extract<Redirection, { type: 'Redirect' }>,
  env: Env,
): void {
  const { operator, target } = redirect;
  if (!target) {
    hearing.found.ask(operator, 'where it is redirected to cannot be read');
    return;
  }
  const fields = expandWord(target, env.shell);
  const path = fields.length === 1 ? fields[0]! : unknownField('more than one word');
  const text = exactText(path);
  if ((operator === '>&' || operator === '<&') && /^(\d+-?|-)$/.test(text ?? '')) return;
  if (/^\/dev\/(tcp|udp)\//.test(text ?? '')) {
    hearing.found.ask(`${operator}${target.text}`, 'bash opens a connection to the network there');
    return;
  }
  if (operator === '<&' || operator === '<' || operator === '<>') {
    addAccess(hearing, { access: 'read', path }, env);
    if (operator !== '<>') return;
  }
  addAccess(hearing, { access: 'write', path }, env);
}
