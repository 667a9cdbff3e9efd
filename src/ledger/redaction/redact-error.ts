import { EXIT, ProofError } from '../../core/errors.ts';

export type RedactErrorCode =
  | 'redact.already'
  | 'redact.protected'
  | 'redact.no-blob'
  | 'redact.changed'
  | 'redact.nothing';

export function redactError(
  code: RedactErrorCode,
  message: string,
  why: string,
  remedy: string,
): ProofError<RedactErrorCode> {
  return new ProofError({ code, message, why, remedy, exit: EXIT.failed });
}
