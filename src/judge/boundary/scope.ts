import type { Place } from './place.ts';
import type { Policy, Rule } from './policy.ts';
import { isProtected, type ScopeGlob, scopeGlobs } from './scope-rules.ts';

/** How a path stands to the scope, in the words of the entry kind `change`. */
export type Standing = 'in' | 'generated' | 'ask' | 'out' | 'denied';

/** What the scope says about writing a path, and by which rule; null where no rule names it. */
export interface ScopeFinding {
  readonly standing: Standing;
  readonly rule: Rule | null;
}

/**
 * How an absolute path, without `.`, `..` and doubled slashes, stands to the scope: the word for a
 * change that was seen there. Whether a command may write it, `decidePath` says, which follows
 * links as well; both read the same globs.
 */
export function standingOf(
  policy: Policy,
  path: string,
  place: Pick<Place, 'root' | 'home'>,
): ScopeFinding {
  const globs = scopeGlobs(policy, place);
  const named = (rules: readonly ScopeGlob[]) => rules.find(({ matches }) => matches(path))?.rule;
  const denied = named(globs.deny);
  if (denied !== undefined) return { standing: 'denied', rule: denied };
  if (isProtected(path, place.root)) return { standing: 'ask', rule: null };
  const kept = globs.within.every((rules) => named(rules) !== undefined);
  const asked = kept ? named(globs.ask) : undefined;
  if (asked !== undefined) return { standing: 'ask', rule: asked };
  const generated = named(globs.generated);
  if (generated !== undefined) return { standing: 'generated', rule: generated };
  const written = kept ? named(globs.write) : undefined;
  return written === undefined
    ? { standing: 'out', rule: null }
    : { standing: 'in', rule: written };
}
