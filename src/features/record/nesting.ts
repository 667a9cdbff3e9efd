import type { Seq } from '../../core/names.ts';

/**
 * How a command run inside a recorded command knows it: the one variable that recording adds to
 * the child's environment, `<run>:<task or empty>`.
 */
export const NESTING = 'PROOF_RUN';

export interface Nesting {
  /** The run around this one. */
  parent: string;
  /** Its task, which is this one's too unless another is named. */
  task: Seq | null;
}

export function nestingIn(env: Readonly<Record<string, string | undefined>>): Nesting | null {
  const match = /^([0-9a-f]{16}):([0-9]{0,15})$/.exec(env[NESTING] ?? '');
  if (match === null) return null;
  return { parent: match[1] as string, task: match[2] === '' ? null : Number(match[2]) };
}

export function nestingFor(run: string, task: Seq | null): string {
  return `${run}:${task ?? ''}`;
}
