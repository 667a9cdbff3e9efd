import type { ChildOutcome } from './machine.ts';

/** Exit code or signal, as entries hold them. */
export function exitFields({ exit }: ChildOutcome) {
  return 'signal' in exit ? { code: null, signal: exit.signal } : { code: exit.code, signal: null };
}
