import { renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type { Seq } from '../core/names.ts';
import { policyError } from '../features/boundaries/policy-error.ts';
import { POLICY_FILE, policyPath, readPolicyText } from '../features/boundaries/policy-file.ts';
import { setBoundary } from '../features/boundaries/task-boundary.ts';
import type { Policy } from '../judge/boundary/policy.ts';
import { diskError } from '../ledger/errors.ts';
import { ledgerExists } from '../ledger/store/database.ts';
import type { Context } from './context.ts';

/**
 * Puts the new text in the place of the old one, whole or not at all. Refused if the file is not
 * any more what the new text was made from.
 */
export function writePolicy(context: Context, text: string, before: string | null): string {
  const path = policyPath(context.places.root);
  if (readPolicyText(path) !== before) {
    throw policyError(
      'policy.not-edited',
      `${POLICY_FILE} has changed in the meantime`,
      'somebody else wrote it while this command was working',
      'the same command again',
    );
  }
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    const mode = statSync(path, { throwIfNoEntry: false })?.mode ?? 0o644;
    writeFileSync(temporary, text, { mode: mode & 0o777, flag: 'wx' });
    renameSync(temporary, path);
  } catch (cause) {
    rmSync(temporary, { force: true });
    throw diskError(cause, path);
  }
  return path;
}

/** Keeps the policy that a command of ours wrote, where there is a ledger to keep it in. */
export async function recordWritten(
  context: Context,
  policy: Policy,
  task: Seq | null,
): Promise<void> {
  if (!ledgerExists(context.places.ledgerDir)) return;
  await setBoundary(await context.ledger(), context.actor, task, policy, { source: 'written' });
}

/** A unified diff of proof.yaml, for a person and for git apply. */
export async function policyDiff(before: string | null, after: string): Promise<string> {
  const { createTwoFilesPatch } = await import('diff');
  if (before === after) return '';
  const old = before === null ? '/dev/null' : `a/${POLICY_FILE}`;
  const patch = createTwoFilesPatch(old, `b/${POLICY_FILE}`, before ?? '', after, '', '', {
    context: 2,
  });
  return patch.replace(/^=+\n/, '').replace(/^(---|\+\+\+) (.*?)\t?$/gm, '$1 $2');
}
