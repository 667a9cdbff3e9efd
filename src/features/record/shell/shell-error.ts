import { EXIT, ProofError } from '../../../core/errors.ts';

export type ShellErrorCode =
  | 'shell.unsupported'
  | 'shell.not-found'
  | 'shell.too-old'
  | 'shell.no-terminal'
  | 'shell.inside-itself'
  | 'shell.no-channel'
  | 'shell.not-hooked'
  | 'shell.unrecorded';

export function shellError(
  code: ShellErrorCode,
  message: string,
  why: string,
  remedy: string,
  cause?: unknown,
): ProofError<ShellErrorCode> {
  const exit =
    code === 'shell.unsupported' || code === 'shell.no-terminal' ? EXIT.usage : EXIT.failed;
  return new ProofError({ code, message, why, remedy, exit, cause });
}
