import type { Rule, Verdict } from './policy.ts';

/** One thing a command would do, and what the policy says about it. */
export interface Part {
  /** As it stands in the command, or what it amounts to (`write src/x`). */
  readonly text: string;
  readonly verdict: Verdict;
  /** The line of the policy that decided; null where none did. */
  readonly rule: Rule | null;
  /** One sentence for a person. */
  readonly why: string;
}

/** The verdict on a whole command: the strictest of its parts, of which there is at least one. */
export interface Decision {
  readonly verdict: Verdict;
  readonly parts: readonly Part[];
}

const strictness: Readonly<Record<Verdict, number>> = { allow: 0, ask: 1, deny: 2 };

/** deny > ask > allow; of nothing, `allow`. */
export function strictest(verdicts: Iterable<Verdict>): Verdict {
  let worst: Verdict = 'allow';
  for (const verdict of verdicts) if (isStricter(verdict, worst)) worst = verdict;
  return worst;
}

export function isStricter(a: Verdict, b: Verdict): boolean {
  return strictness[a] > strictness[b];
}
