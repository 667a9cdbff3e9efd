import { parse } from 'unbash';
import { judgeAccess } from './access.ts';
import { isTooMuch, LONGEST_TEXT, MOST_CHARACTERS, MOST_STEPS, troubleWith } from './bounds.ts';
import { judgeCall } from './call.ts';
import { commandRules } from './command-rule.ts';
import { type Decision, type Part, strictest } from './decision.ts';
import { exactField } from './field.ts';
import { DEEPEST, type Env, Findings, type Hearing, INHERITED } from './hearing.ts';
import { absolute, type Place } from './place.ts';
import type { Policy } from './policy.ts';
import { judgeScript } from './walk.ts';

/**
 * What the policy says about a command line, part by part; the strictest part wins. Runs nothing,
 * reads nothing but `place.links`, never throws, and its work is bounded: what is too long, too
 * deep, too much, or does not parse is asked about. The conventions: docs/JUDGING_COMMANDS.md.
 */
export function decideCommand(policy: Policy, text: string, place: Place): Decision {
  const hearing = hearingOf(policy, place);
  judgeText(hearing, text, envOf(place));
  return decisionOf(hearing, text);
}

/**
 * The same for a program and its arguments, which no shell reads (`proof run -- …`): a `;` in a
 * word is data, and `bash -c` is looked into.
 */
export function decideArgv(policy: Policy, argv: readonly string[], place: Place): Decision {
  const hearing = hearingOf(policy, place);
  const text = argv.join(' ');
  const trouble = troubleWith(text);
  if (trouble !== null && trouble !== '') hearing.found.ask(shortened(text), trouble);
  if (argv.length === 0) hearing.found.ask('', 'there is no command');
  else if (text.length <= LONGEST_TEXT) {
    judgeCall(hearing, argv.map(exactField), envOf(place), text);
  }
  return decisionOf(hearing, text);
}

/** What the policy says about a tool that reads or writes one file. */
export function decidePath(
  policy: Policy,
  path: string,
  access: 'read' | 'write',
  place: Place,
): Decision {
  const hearing = hearingOf(policy, place);
  const trouble = troubleWith(path) ?? (path === '' ? 'the path is empty' : null);
  if (trouble) hearing.found.ask(shortened(path), trouble);
  else {
    const wanted = { access, path: exactField(path) };
    for (const part of judgeAccess(policy, place, wanted, [place.cwd])) hearing.found.add(part);
  }
  return decisionOf(hearing, path);
}

function hearingOf(policy: Policy, place: Place): Hearing {
  const clean: Place = {
    ...place,
    cwd: absolute(place.cwd, '/'),
    root: absolute(place.root, '/'),
    home: absolute(place.home, '/'),
  };
  return {
    policy,
    rules: commandRules(policy),
    place: clean,
    found: new Findings(MOST_STEPS, MOST_CHARACTERS),
    judgeText,
    judgeCall,
  };
}

function envOf({ cwd, home }: Place): Env {
  return {
    shell: {
      cwds: [absolute(cwd, '/')],
      previous: null,
      variables: new Map([['HOME', exactField(absolute(home, '/'))]]),
      functions: new Map(),
    },
    input: INHERITED,
    hindered: null,
    vouched: false,
    elsewhere: false,
    depth: 0,
  };
}

function judgeText(hearing: Hearing, text: string, env: Env): void {
  const trouble = env.depth > DEEPEST ? 'it is nested too deeply to judge' : troubleWith(text);
  if (trouble) hearing.found.ask(shortened(text), trouble);
  if (isTooMuch(text) || env.depth > DEEPEST) return;
  if (!hearing.found.mayRead(text.length)) return;
  try {
    judgeScript(hearing, parse(text), text, env);
  } catch (error) {
    // The parser reads words when they are asked for, and some texts exhaust its stack. Whatever
    // went wrong, what was not judged is asked about.
    const what = error instanceof RangeError ? 'it is nested too deeply' : String(error);
    hearing.found.ask(shortened(text), `it could not be judged to its end: ${what}`);
  }
}

function decisionOf({ found }: Hearing, text: string): Decision {
  if (found.parts.length === 0) {
    found.add({ text: shortened(text), verdict: 'allow', rule: null, why: 'nothing is run' });
  }
  const parts: readonly Part[] = found.parts;
  return { verdict: strictest(parts.map(({ verdict }) => verdict)), parts };
}

function shortened(text: string): string {
  return text.length > 200 ? `${text.slice(0, 199)}…` : text;
}
