import type { CommandRules } from './command-rule.ts';
import type { Part } from './decision.ts';
import type { Field } from './field.ts';
import type { Place } from './place.ts';
import type { Policy } from './policy.ts';
import type { Shell } from './shell-state.ts';

/** One command before the judge: the law, the place, and what was found so far. */
export interface Hearing {
  readonly policy: Policy;
  readonly rules: CommandRules;
  readonly place: Place;
  readonly found: Findings;
  /** Judges shell text that a command would run (`bash -c`, `eval`, a here-document). */
  readonly judgeText: (hearing: Hearing, text: string, env: Env) => void;
  /** Judges a program with its arguments; `text` is how the part is shown. */
  readonly judgeCall: (hearing: Hearing, fields: readonly Field[], env: Env, text: string) => void;
}

/** The circumstances of one command. */
export interface Env {
  readonly shell: Shell;
  readonly input: Input;
  /** Why an allow rule does not speak for it (a variable set before it); null if it may. */
  readonly hindered: string | null;
  /** The rule for the command around it names it: it needs none of its own to be allowed. */
  readonly vouched: boolean;
  /** It runs on another machine or in a container: its paths are not ours. */
  readonly elsewhere: boolean;
  readonly depth: number;
  /** Where a `cd` leads; null where it cannot be told. */
  readonly leads?: readonly string[] | null;
}

/** What a command reads from standard input. */
export type Input =
  | { readonly kind: 'inherited' }
  /** `text`: what certainly comes through it. `names`: files below these, one a line. */
  | { readonly kind: 'pipe'; readonly text?: string; readonly names?: readonly string[] }
  /** A here-document or here-string; null where it cannot be read from the text. */
  | { readonly kind: 'text'; readonly text: string | null }
  | { readonly kind: 'file' };

export const INHERITED: Input = { kind: 'inherited' };

/** How deep one thing may be inside another before nobody should have to judge it. */
export const DEEPEST = 24;

/**
 * The parts found, each once, and a bound on the work: a text that unfolds into more than
 * `steps` commands is asked about instead.
 */
export class Findings {
  readonly parts: Part[] = [];
  #keys = new Set<string>();
  #steps: number;
  #characters: number;

  constructor(steps: number, characters: number) {
    this.#steps = steps;
    this.#characters = characters;
  }

  add(part: Part): void {
    const key = `${part.verdict}\0${part.text}\0${part.why}\0${part.rule?.text ?? ''}`;
    if (this.#keys.has(key)) return;
    this.#keys.add(key);
    this.parts.push(part);
  }

  ask(text: string, why: string): void {
    this.add({ text, verdict: 'ask', rule: null, why });
  }

  /** False once more text would have to be parsed than anybody should have to judge. */
  mayRead(characters: number): boolean {
    this.#characters -= characters;
    if (this.#characters >= 0) return true;
    this.ask('…', 'there is too much in it to judge');
    return false;
  }

  /** False once the work is used up, which is then a part of its own. */
  step(cost = 1): boolean {
    this.#steps -= cost;
    if (this.#steps >= 0) return true;
    this.ask('…', 'there is too much in it to judge');
    return false;
  }
}
