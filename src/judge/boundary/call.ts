import { allows, basename, type CommandRule, forbids } from './command-rule.ts';
import { isStricter, type Part } from './decision.ts';
import { exactText, type Field, mayHideOption, shown, unknownIn } from './field.ts';
import { judgeFinds } from './finds.ts';
import { DEEPEST, type Env, type Hearing } from './hearing.ts';
import { namesElsewhere } from './mention.ts';
import { within } from './place.ts';
import type { Rule, Verdict } from './policy.ts';
import { readerOf } from './programs/readers-of.ts';
import type { Reading } from './programs/reading.ts';

/**
 * Judges one program with its arguments: the rules for it by name, then what its arguments read,
 * write and run, each a part of its own. `text` is how the part is shown.
 */
export function judgeCall(
  hearing: Hearing,
  fields: readonly Field[],
  env: Env,
  text: string,
): void {
  const { found } = hearing;
  if (!found.step()) return;
  if (env.depth > DEEPEST) {
    found.ask(text, 'it is nested too deeply to judge');
    return;
  }
  const name = exactText(fields[0]);
  const unreadable = nameTrouble(fields[0], name);
  if (name === null || unreadable) {
    found.ask(text, unreadable ?? '');
    const forbidden = name === null ? null : forbiddenBy(hearing, fields);
    if (forbidden) found.add({ ...forbidden, text });
    return;
  }
  const reading = readingOf(hearing, fields, name, env);
  const part = { text, ...ruled(hearing, fields, name, reading, env) };
  const isWrapper = reading.wraps && part.rule === null && !name.includes('/');
  if (!isWrapper || env.hindered) found.add(part);
  judgeFinds(hearing, reading.finds, {
    env,
    args: fields.slice(1),
    literal: part.verdict === 'allow' ? literalOf(hearing, fields, reading) - 1 : 0,
    text,
  });
}

function nameTrouble(field: Field | undefined, name: string | null): string | null {
  if (name === null) {
    const unknown = field ? unknownIn(field)?.unknown : undefined;
    return `which program runs cannot be read from the text${unknown ? `: ${unknown}` : ''}`;
  }
  if (name === '') return 'the name of the program is empty';
  if (!/^[\x21-\x7e]+$/.test(name))
    return 'the name of the program has letters that can pass for others';
  if (name.startsWith('!')) return 'an interactive shell would put an earlier command here';
  return null;
}

/** What is known of the arguments; of a program nobody described, that words may name files. */
function readingOf(hearing: Hearing, fields: readonly Field[], name: string, env: Env): Reading {
  const args = fields.slice(1);
  const program = basename(name);
  const reader = readerOf(program);
  if (reader) return reader(args, env.input, program);
  if (program.startsWith('git-')) {
    const words = [{ pieces: [program.slice(4)], splits: false }, ...args];
    return readerOf('git')!(words, env.input, 'git');
  }
  return {
    finds: [
      ...args.map((path) => ({ kind: 'mention' as const, path })),
      ...hiddenCommand(hearing, args),
    ],
  };
}

/** An unknown program may be a wrapper: a forbidden command among its words is worth a question. */
function hiddenCommand(hearing: Hearing, args: readonly Field[]): Reading['finds'] {
  const rules = [...hearing.rules.deny, ...hearing.rules.ask];
  for (const [index, field] of args.entries()) {
    if (exactText(field) === null || index > 16) continue;
    const words = args.slice(index);
    if (words.length < 2) break;
    const rule = rules.find((one) => one.words.length > 1 && forbids(one, words) === 'yes');
    if (rule) {
      return [{ kind: 'ask', why: `it may run what "${rule.rule.text}" is about`, at: index }];
    }
  }
  return [];
}

type Ruling = Pick<Part, 'verdict' | 'rule' | 'why'>;

function ruled(
  hearing: Hearing,
  fields: readonly Field[],
  name: string,
  reading: Reading,
  env: Env,
): Ruling {
  const forbidden = forbiddenBy(hearing, fields) ?? forbiddenPlain(hearing, fields, reading);
  if (forbidden) return forbidden;
  const byDefault = hearing.policy.commands.default[hearing.place.actor];
  const allowed = allowedBy(hearing, fields, reading);
  const isBare = !name.includes('/');
  if (allowed) {
    const why = obstacle(hearing, fields, name, reading, env, allowed.literal);
    if (why === null) return { verdict: 'allow', rule: allowed.rule, why: 'a rule allows it' };
    if (byDefault === 'allow') return { verdict: 'allow', rule: null, why: 'no rule forbids it' };
    return { verdict: 'ask', rule: allowed.rule, why: `the rule does not cover it: ${why}` };
  }
  if (env.vouched || env.elsewhere) {
    const why = env.elsewhere ? null : obstacle(hearing, fields, name, reading, env, 1);
    if (why !== null && byDefault !== 'allow') {
      return { verdict: 'ask', rule: null, why: `the command around it does not cover it: ${why}` };
    }
    return { verdict: 'allow', rule: null, why: 'the command around it is judged for it' };
  }
  if (isBare && reading.neutral && !env.hindered && !leaves(hearing, env, name)) {
    return { verdict: 'allow', rule: null, why: reading.neutral };
  }
  return { verdict: byDefault, rule: null, why: noRule(name, byDefault) };
}

function noRule(name: string, byDefault: Verdict): string {
  const named = name.includes('/') ? 'no rule names this path' : 'no rule is about it';
  const then = { allow: 'which is allowed', ask: 'so it is asked', deny: 'so it is denied' };
  return `${named}, ${then[byDefault]}`;
}

/** deny before ask; a rule that might match, if a word were known, asks. */
function forbiddenBy({ rules }: Hearing, fields: readonly Field[]): Ruling | null {
  let best: Ruling | null = null;
  const consider = (verdict: Verdict, rule: Rule, why: string) => {
    if (!best || isStricter(verdict, best.verdict)) best = { verdict, rule, why };
  };
  for (const rule of rules.deny) {
    const found = forbids(rule, fields);
    if (found === 'yes') return { verdict: 'deny', rule: rule.rule, why: 'a rule denies it' };
    if (found === 'maybe') {
      consider(
        'ask',
        rule.rule,
        'it may be what a rule denies: a word cannot be read from the text',
      );
    }
  }
  for (const rule of rules.ask) {
    const found = forbids(rule, fields);
    if (found === 'yes') return { verdict: 'ask', rule: rule.rule, why: 'a rule asks' };
    if (found === 'maybe') {
      consider('ask', rule.rule, 'it may be what a rule asks about: a word cannot be read');
    }
  }
  return best;
}

function forbiddenPlain(hearing: Hearing, fields: readonly Field[], reading: Reading) {
  return reading.plain ? forbiddenBy(hearing, [fields[0]!, ...reading.plain]) : null;
}

interface Allowed {
  readonly rule: Rule;
  /** How many words the rule names itself. */
  readonly literal: number;
}

/** The allow rule that names most words. */
function allowedBy(hearing: Hearing, fields: readonly Field[], reading: Reading): Allowed | null {
  const ways = reading.plain ? [fields, [fields[0]!, ...reading.plain]] : [fields];
  let best: Allowed | null = null;
  for (const words of ways) {
    for (const rule of hearing.rules.allow) {
      const literal = literalIn(rule, words, fields);
      if (literal !== null && (!best || literal > best.literal))
        best = { rule: rule.rule, literal };
    }
    if (best) break;
  }
  return best;
}

function literalIn(rule: CommandRule, words: readonly Field[], fields: readonly Field[]) {
  const literal = allows(rule, words);
  // Where options were left out, the rule has not named what stands among them.
  return literal === null ? null : words.length === fields.length ? literal : 1;
}

function literalOf(hearing: Hearing, fields: readonly Field[], reading: Reading): number {
  return allowedBy(hearing, fields, reading)?.literal ?? 0;
}

/** Why an allow rule that matches does not speak for this command; null if it does. */
function obstacle(
  hearing: Hearing,
  fields: readonly Field[],
  name: string,
  reading: Reading,
  env: Env,
  literal: number,
): string | null {
  if (env.hindered) return env.hindered;
  const cwds = env.shell.cwds;
  const { place } = hearing;
  if (name.includes('/') && !name.startsWith('/')) {
    const stays = cwds?.length === 1 && (cwds[0] === place.cwd || cwds[0] === place.root);
    if (!stays) return 'it lies in another directory now';
  }
  if (!reading.anywhere && !env.elsewhere) {
    if (!cwds) return 'the working directory is not known here';
    if (cwds.some((cwd) => within(place.root, cwd) === null))
      return 'it runs outside of the workspace';
  }
  const free = fields.slice(Math.max(literal, 1));
  const hiding = free.find((field) => {
    const isValue = !field.splits && reading.values?.includes(field);
    return !isValue && mayHideOption(field);
  });
  if (!reading.loose && hiding) {
    return `${shown(hiding)} cannot be read from the text, and may be an option`;
  }
  for (const find of reading.finds) {
    if (find.kind !== 'mention' || !free.includes(find.path)) continue;
    const path = namesElsewhere(find.path, env, place);
    if (path !== null) return `${path} lies outside of the workspace`;
  }
  return null;
}

/** `cd` out of the workspace is no matter of this shell alone. */
function leaves(hearing: Hearing, env: Env, name: string): boolean {
  if (name !== 'cd' && name !== 'pushd') return false;
  const { root } = hearing.place;
  return (env.leads ?? null)?.some((cwd) => within(root, cwd) === null) ?? true;
}
