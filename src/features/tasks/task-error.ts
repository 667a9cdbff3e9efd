import { EXIT, ProofError } from '../../core/errors.ts';

export type TaskErrorCode =
  | 'task.not-found'
  | 'task.none-chosen'
  | 'task.closed'
  | 'task.not-a-task'
  | 'entry.not-found'
  | 'name.unreadable';

export function taskError(
  code: TaskErrorCode,
  message: string,
  why: string,
  remedy: string,
): ProofError<TaskErrorCode> {
  const exit = code === 'name.unreadable' ? EXIT.usage : EXIT.failed;
  return new ProofError({ code, message, why, remedy, exit });
}
