import { EXIT, ProofError } from '../core/errors.ts';
import { visibleLine } from '../core/visible-text.ts';
import type { Context } from './context.ts';
import type { Effect } from './effect.ts';

/**
 * What only a person may do: take bytes out of the record, loosen what an agent is held to, approve.
 * Who it is, is known no better than `basis` says: a program that hides what it is can pass this,
 * and the entry that follows carries how its actor was known.
 */
const HUMAN_ONLY: ReadonlySet<Effect> = new Set(['widen', 'destroy', 'approve']);

export function requireHuman(context: Context, { name, effect }: { name: string; effect: Effect }) {
  if (!HUMAN_ONLY.has(effect) || context.actor.kind === 'human') return;
  const { kind, name: who, basis } = context.actor;
  throw new ProofError({
    code: 'actor.not-human',
    message: `proof ${name} is a person’s to do`,
    why: `this was started by the ${kind} ${visibleLine(who)} (known by ${basis})`,
    remedy: `run it yourself in a terminal of your own: proof ${name} …`,
    exit: EXIT.denied,
  });
}
