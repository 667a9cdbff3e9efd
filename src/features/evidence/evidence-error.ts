import { EXIT, type ExitCode, ProofError } from '../../core/errors.ts';

/** What can go wrong with evidence before it is an entry; files and browsers add their own. */
export type EvidenceErrorCode =
  | 'attach.bad-type'
  | 'attach.bad-name'
  | 'attach.one-name'
  | 'attach.follow-input'
  | 'address.unreadable'
  | 'address.refused'
  | 'http.bad-method'
  | 'http.bad-header'
  | 'http.bad-expectation';

/** A wrong call, nearly always: then nothing was done. */
export function evidenceError(
  code: EvidenceErrorCode,
  message: string,
  why: string,
  remedy: string,
  exit: ExitCode = EXIT.usage,
): ProofError<EvidenceErrorCode> {
  return new ProofError({ code, message, why, remedy, exit });
}
