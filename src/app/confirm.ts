import { EXIT, ProofError } from '../core/errors.ts';
import type { Context } from './context.ts';
import type { Paint } from './paint.ts';

/**
 * Lets a person say yes to what cannot be undone. `--yes` says it beforehand; without that and
 * without a terminal nothing happens.
 */
export async function confirm(
  context: Context,
  {
    yes,
    what,
    question,
    retype,
  }: { yes: boolean; what: (paint: Paint) => string; question: string; retype: string },
): Promise<void> {
  if (yes) return;
  const answer = await context.ask((paint) => `${what(paint)}\n${question} Type yes: `);
  if (answer !== null && /^yes$/i.test(answer.trim())) return;
  throw new ProofError({
    code: answer === null ? 'confirm.nobody' : 'confirm.declined',
    message: 'Nothing was done',
    why:
      answer === null
        ? 'it cannot be undone, and there is no terminal to ask at'
        : 'it was not confirmed',
    remedy: answer === null ? `${retype} --yes` : retype,
    exit: EXIT.needsHuman,
  });
}
