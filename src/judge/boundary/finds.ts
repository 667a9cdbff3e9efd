import { addAccess } from './add-access.ts';
import { influenceOf } from './assignments.ts';
import { stringsInCode } from './code-strings.ts';
import { exactField, exactText, type Field, shown } from './field.ts';
import { DEEPEST, type Env, Findings, type Hearing } from './hearing.ts';
import { judgeMention } from './mention.ts';
import { assignmentIn } from './options.ts';
import { absolute } from './place.ts';
import type { Find } from './programs/reading.ts';

/** The command whose arguments were read. */
export interface Around {
  readonly env: Env;
  readonly args: readonly Field[];
  /** How many of its arguments an allow rule names itself: what they do needs no rule more. */
  readonly literal: number;
  readonly text: string;
}

/** Judges what the arguments of a command read, write and run. */
export function judgeFinds(hearing: Hearing, finds: readonly Find[], around: Around): void {
  for (const [index, find] of finds.entries()) {
    // The first few belong to the command; many files are as much work as many commands.
    if (index >= FREE && !hearing.found.step(find.kind === 'mention' ? MENTION : 1)) return;
    judgeFind(hearing, find, around);
  }
}

/** Files and programs of one command that cost no step of their own. */
const FREE = 8;

/** A word that may be a file is looked at as several. */
const MENTION = 3;

function judgeFind(hearing: Hearing, find: Find, around: Around): void {
  const { found } = hearing;
  const { env, args, literal, text } = around;
  const isCovered = (at: number | undefined) => at !== undefined && at >= 0 && at < literal;
  switch (find.kind) {
    case 'run': {
      const inner = innerEnv(env, find, isCovered(args.indexOf(find.fields[0]!)));
      const hindered = setsFor(hearing, find.sets ?? [], inner, text);
      hearing.judgeCall(hearing, find.fields, hindered, find.fields.map(shown).join(' '));
      return;
    }
    case 'script': {
      const inner = innerEnv(env, find, isCovered(args.indexOf(find.text)));
      const script = exactText(find.text);
      if (script !== null) hearing.judgeText(hearing, script, inner);
      else {
        if (!find.elsewhere) found.ask(text, 'a text that a shell will run cannot be read');
        judgeSeen(hearing, find.text, inner);
      }
      return;
    }
    case 'read':
    case 'write': {
      const cwds = find.cwd ? moved(env, find.cwd) : env.shell.cwds;
      addAccess(hearing, { ...find, access: find.kind }, env, cwds);
      return;
    }
    case 'guess':
      judgeGuess(hearing, exactText(find.text) ?? '', { ...env, depth: env.depth + 1 });
      return;
    case 'mention':
      for (const part of judgeMention(hearing, find.path, env)) found.add(part);
      return;
    case 'ask':
      if (!isCovered(find.at)) found.ask(text, find.why);
      return;
    case 'code':
      judgeCode(hearing, find, around, isCovered(find.at));
      return;
  }
}

function innerEnv(
  env: Env,
  find: {
    readonly cwd?: Field;
    readonly elsewhere?: boolean;
    readonly vouched?: boolean;
    readonly input?: Env['input'];
  },
  vouched: boolean,
): Env {
  const cwds = find.cwd ? moved(env, find.cwd) : env.shell.cwds;
  return {
    shell: { ...env.shell, cwds },
    input: find.input ?? env.input,
    hindered: env.hindered,
    vouched: env.vouched || vouched || find.vouched === true,
    elsewhere: env.elsewhere || find.elsewhere === true,
    depth: env.depth + 1,
  };
}

function moved({ shell }: Env, to: Field): readonly string[] | null {
  const path = exactText(to);
  if (path === null) return null;
  if (path.startsWith('/')) return [absolute(path, '/')];
  return shell.cwds?.map((cwd) => absolute(path, cwd)) ?? null;
}

/** Variables that a wrapper sets (`env NAME=value command`). */
function setsFor(hearing: Hearing, sets: readonly Field[], env: Env, text: string): Env {
  let hindered = env.hindered;
  for (const field of sets) {
    const name = assignmentIn(field)?.name;
    if (name === undefined) continue;
    const influence = influenceOf(name);
    if (influence === 'code') hearing.found.ask(text, `${name} can change what runs`);
    if (influence !== 'harmless') hindered ??= `${name} is set for it`;
  }
  return { ...env, hindered };
}

/** What is certain of a shell text: enough to see what is forbidden, never to allow. */
function judgeSeen(hearing: Hearing, text: Field, env: Env): void {
  const seen = text.pieces
    .map((piece) => (typeof piece === 'string' ? piece : '"$UNREAD"'))
    .join('');
  judgeGuess(hearing, seen, env);
}

/** Judges a guess at a text: only what is denied counts. */
export function judgeGuess(hearing: Hearing, text: string, env: Env): void {
  if (env.depth > DEEPEST / 2) return;
  const found = new Findings(SMALL, SHORT);
  hearing.judgeText({ ...hearing, found }, text, env);
  for (const part of found.parts) if (part.verdict === 'deny') hearing.found.add(part);
}

const SMALL = 50;
const SHORT = 2000;

/** Code of another language: commands and files that its strings spell out are seen. */
function judgeCode(
  hearing: Hearing,
  { text, language }: { readonly text: Field; readonly language: string },
  { env, text: whole }: Around,
  isCovered: boolean,
): void {
  const byDefault = hearing.policy.commands.default[hearing.place.actor];
  if (!isCovered && byDefault !== 'allow') {
    hearing.found.ask(whole, `code in ${language} is not judged`);
  }
  const seen = text.pieces.map((piece) => (typeof piece === 'string' ? piece : '')).join('');
  const { texts, commands } = stringsInCode(seen);
  for (const one of texts)
    for (const part of judgeMention(hearing, exactField(one), env)) hearing.found.add(part);
  for (const one of commands) judgeGuess(hearing, one, { ...env, depth: env.depth + 1 });
}
