import { EXIT, ProofError } from '../../../core/errors.ts';

export type TrafficErrorCode =
  | 'traffic.no-file'
  | 'traffic.no-input'
  | 'traffic.unreadable'
  | 'traffic.compression'
  | 'traffic.damaged-compression'
  | 'traffic.bad-format'
  | 'traffic.bad-time'
  | 'traffic.bad-price'
  | 'traffic.no-lines'
  | 'traffic.no-finding'
  | 'traffic.not-an-investigation'
  | 'traffic.bad-rule'
  | 'traffic.no-robots'
  | 'traffic.miscounted'
  | 'traffic.bad-list';

/** A wrong word is wrong usage; all else failed. */
export function trafficError(
  code: TrafficErrorCode,
  message: string,
  why: string,
  remedy: string,
  cause?: unknown,
): ProofError<TrafficErrorCode> {
  const usage = /no-file|no-input|bad-/.test(code);
  return new ProofError({
    code,
    message,
    why,
    remedy,
    exit: usage ? EXIT.usage : EXIT.failed,
    ...(cause === undefined ? {} : { cause }),
  });
}
