import { ProofError } from '../../core/errors.ts';

export type WorkspaceErrorCode =
  | 'workspace.list-missing'
  | 'workspace.no-changes'
  | 'workspace.later-work'
  | 'workspace.elsewhere'
  | 'workspace.bad-range';

export function workspaceError(
  code: WorkspaceErrorCode,
  message: string,
  why: string,
  remedy: string,
  cause?: unknown,
): ProofError<WorkspaceErrorCode> {
  return new ProofError({ code, message, why, remedy, cause });
}
