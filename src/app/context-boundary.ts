import type { Seq } from '../core/names.ts';
import type { Decide } from '../features/boundaries/decide-port.ts';
import { policyDigest } from '../features/boundaries/policy-digest.ts';
import {
  policyOfNoFile,
  policyPath,
  type ReadPolicy,
  readPolicy,
} from '../features/boundaries/policy-file.ts';
import { policyForTask } from '../features/boundaries/task-boundary.ts';
import { decideArgv, decideCommand, decidePath } from '../judge/boundary/decide.ts';
import type { Place } from '../judge/boundary/place.ts';
import type { Policy } from '../judge/boundary/policy.ts';
import { ledgerExists } from '../ledger/store/database.ts';
import { leadsTo } from '../platform/leads-to.ts';
import { type TaskNarrowing, taskBoundaries } from '../views/task-boundaries.ts';
import type { Context } from './context.ts';
import { homeOf } from './context-places.ts';

/** The boundary as it holds here and now. */
export interface Boundary {
  /** Of proof.yaml with what the task gave up; what holds without a file, where there is none. */
  readonly policy: Policy;
  readonly digest: string;
  /** The file it comes from; null where there is none. */
  readonly file: ReadPolicy | null;
  readonly task: Seq | null;
  readonly narrowings: readonly TaskNarrowing[];
}

/** The decider, wired to this workspace and to the links of this machine. */
export function decideHere(context: Context): Decide {
  const place = (actor: Place['actor']): Place => ({
    actor,
    cwd: context.cwd,
    root: context.places.root,
    home: homeOf(context.env),
    links: leadsTo,
  });
  return {
    text: (command, policy, by) => decideCommand(policy, command, place(by)),
    argv: (argv, policy, by) => decideArgv(policy, argv, place(by)),
    path: (path, access, policy) => decidePath(policy, path, access, place('agent')),
  };
}

/**
 * What holds for a task, or outside tasks: proof.yaml at the workspace's root and all that the
 * task gave up.
 *
 * @throws ProofError `policy.*` where the file does not hold: nothing is judged by half a policy.
 */
export async function boundaryHere(context: Context, task: Seq | null): Promise<Boundary> {
  const file = await readPolicy(policyPath(context.places.root), decideHere(context));
  const base = file?.policy ?? policyOfNoFile();
  const known = ledgerExists(context.places.ledgerDir)
    ? context.views().read(taskBoundaries)
    : taskBoundaries.init();
  const narrowings = task === null ? [] : (known.tasks[task] ?? []);
  const policy = policyForTask(base, narrowings);
  return { policy, digest: policyDigest(policy), file, task, narrowings };
}
