import { EXIT, ProofError } from '../../core/errors.ts';

/** Why there is no picture of a page. */
export type BrowserErrorCode =
  /** No Chromium of any kind is on this machine. */
  | 'shot.no-browser'
  /** What PROOF_BROWSER names is no program. */
  | 'shot.browser-not-found'
  /** The browser does not start, or is no Chromium. */
  | 'shot.browser-failed'
  /** It cannot build its sandbox here. */
  | 'shot.no-sandbox'
  | 'shot.no-answer'
  | 'shot.certificate'
  | 'shot.redirects'
  /** The address is a file to be saved, not a page. */
  | 'shot.download'
  | 'shot.crashed'
  /** The page is there, but gives no picture in time. */
  | 'shot.no-picture';

export function browserError(
  code: BrowserErrorCode,
  message: string,
  why: string,
  remedy: string,
  cause?: unknown,
): ProofError<BrowserErrorCode> {
  return new ProofError({ code, message, why, remedy, exit: EXIT.failed, cause });
}
