import type { Seq } from '../core/names.ts';
import type { Narrowing } from '../judge/boundary/narrowing.ts';
import type { Fold } from './fold.ts';

/** What a task gave up, and the entry that says so. */
export interface TaskNarrowing extends Narrowing {
  readonly entry: Seq;
}

/** What tasks gave up of the policy, by the leaf index that opened them, and which policies held. */
export interface TaskBoundaries {
  tasks: Record<string, TaskNarrowing[]>;
  /** Digests that an entry `boundary.set` keeps the policy of. */
  known: string[];
}

export const taskBoundaries: Fold<TaskBoundaries> = {
  name: 'task-boundaries',
  version: 1,
  init: () => ({ tasks: {}, known: [] }),
  step(state, entry, seq) {
    if (entry?.kind !== 'boundary.set') return state;
    const { narrowing, policy } = entry.body;
    if (!state.known.includes(policy)) state.known.push(policy);
    if (narrowing === undefined || entry.task === null) return state;
    const { scope, network } = narrowing;
    const given = { entry: seq, scope, denyNetwork: network === 'denied' };
    const task = state.tasks[entry.task];
    if (task === undefined) state.tasks[entry.task] = [given];
    else task.push(given);
    return state;
  },
};
