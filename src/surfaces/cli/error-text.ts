import type { Paint } from '../../app/paint.ts';
import type { ProofError } from '../../core/errors.ts';
import { visible } from '../../core/visible-text.ts';

/** Three lines: what happened, why, what to type. The one to act on comes last. */
export function errorText(error: ProofError, paint: Paint): string {
  return [
    `${paint.bad('proof:')} ${visible(error.message)}`,
    `  why:  ${visible(error.why)}`,
    `  type: ${paint.bold(visible(error.remedy))}`,
  ].join('\n');
}

/** The same for programs, under --json: on standard error, one line. */
export function errorJson(error: ProofError, exit: number): string {
  const { code, message, why, remedy } = error;
  return JSON.stringify({ error: { code, message, why, remedy, exit } });
}
