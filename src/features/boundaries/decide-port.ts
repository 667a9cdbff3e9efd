import type { Decision } from '../../judge/boundary/decision.ts';
import type { Policy } from '../../judge/boundary/policy.ts';

/**
 * The decider, in the workspace it works in: `app` puts in where that is and how links are
 * followed, so that nothing here touches the machine.
 */
export interface Decide {
  /** A command as a shell reads it. */
  text(command: string, policy: Policy, by: 'human' | 'agent'): Decision;
  /** A program and its arguments, which no shell reads. */
  argv(argv: readonly string[], policy: Policy, by: 'human' | 'agent'): Decision;
  path(path: string, access: 'read' | 'write', policy: Policy): Decision;
}
