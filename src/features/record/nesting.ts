import type { Seq } from '../../core/names.ts';

/**
 * How a command run inside a recorded command knows it: the one variable that recording adds to
 * the child's environment, `<run>:<ledger id or empty>:<task or empty>`.
 */
export const NESTING = 'PROOF_RUN';

export interface Nesting {
  /** The run around this one. */
  parent: string;
  /** The ledger it is recorded in. Work in another one has none of its tasks. */
  ledger: string | null;
  /** Its task, which is this one's too unless another is named. */
  task: Seq | null;
}

export function nestingIn(env: Readonly<Record<string, string | undefined>>): Nesting | null {
  const match = /^([0-9a-f]{16}):([0-9a-f]{32})?:([0-9]{1,15})?$/.exec(env[NESTING] ?? '');
  if (match === null) return null;
  const [, parent, ledger, task] = match as unknown as [string, string, string?, string?];
  return { parent, ledger: ledger ?? null, task: task === undefined ? null : Number(task) };
}

export function nestingFor(run: string, ledger: string | null, task: Seq | null): string {
  return `${run}:${ledger ?? ''}:${task ?? ''}`;
}
