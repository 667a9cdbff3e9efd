import type { Word } from 'unbash';
import { expandWord } from './expand.ts';
import type { Field } from './field.ts';
import type { Env } from './hearing.ts';
import { both, either, type Flow, isSame, type Shell } from './shell-state.ts';

/** A loop's body once as it begins, and again as it may be after a round, until that is one. */
export function untilSettled(env: Env, body: (env: Env) => Flow): Flow {
  const first = body(env);
  const after = either(env.shell, either(first.ok, first.fail))!;
  if (isSame(after, env.shell)) return both(after);
  const second = body({ ...env, shell: after });
  const later = either(after, either(second.ok, second.fail))!;
  if (String(later.cwds) === String(after.cwds)) return both(later);
  // A loop that goes further each round: nobody can tell where it ends.
  const lost = { ...later, cwds: null };
  body({ ...env, shell: lost });
  return both(lost);
}

const MANY_VALUES = 8;

/** What the variable of `for` takes in turn; null where that is unknown, none, or a lot. */
export function loopValues(
  wordlist: readonly Word[] | undefined,
  shell: Shell,
): readonly Field[] | null {
  const values = wordlist?.flatMap((word) => expandWord(word, shell)) ?? [];
  return values.length > 0 && values.length <= MANY_VALUES ? values : null;
}
