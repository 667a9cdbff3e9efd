import type { Policy, Rule } from './policy.ts';

/** What a task gives up of its policy. There is no way to say more than less. */
export interface Narrowing {
  /** Globs; of what may be written or asked for, only what one of them matches. Null: all of it. */
  readonly scope: readonly string[] | null;
  /** No host may be reached. */
  readonly denyNetwork: boolean;
}

/**
 * The policy that both allow: an action is permitted only where the policy permits it and the
 * narrowing leaves it. Applied twice it is the same as once, and the order of several says nothing.
 */
export function narrowed(policy: Policy, narrowing: Narrowing): Policy {
  const { scope, denyNetwork } = narrowing;
  return {
    ...policy,
    scope: scope === null ? policy.scope : within(policy.scope, scope),
    network: denyNetwork ? { allow: [], default: 'deny' } : policy.network,
  };
}

function within(scope: Policy['scope'], globs: readonly string[]): Policy['scope'] {
  const list: readonly Rule[] = globs.map((text) => ({ text, line: null }));
  return { ...scope, within: [...(scope.within ?? []), list] };
}
