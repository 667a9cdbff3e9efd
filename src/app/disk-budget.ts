import { humanBytes } from '../core/human-units.ts';
import { entryName } from '../core/names.ts';
import { type PrunableBlob, planPruning } from '../features/retention/prune-plan.ts';
import { prune } from '../ledger/redaction/redact.ts';
import { OVER_BUDGET } from './config.ts';
import type { Context } from './context.ts';
import { overBudgetText, readDiskUse } from './disk-use.ts';
import { forgetOverBudget, noteOverBudget, overBudgetSince } from './over-budget.ts';

/**
 * Looks whether the ledger is over its disk budget. The first time it only says so. When it still is
 * a day later, bulky output of tasks that have been closed for a week goes, oldest first, until it is
 * not; that is said, and an entry. Nothing here may stop what it comes after.
 */
export async function keepWithinBudget(context: Context): Promise<void> {
  try {
    const said = await look(context);
    if (said !== null) context.say(said);
  } catch {
    // proof status shows the same, and says what is wrong.
  }
}

async function look(context: Context): Promise<string | null> {
  const ledger = await context.ledger();
  const use = readDiskUse(context, ledger);
  const { dir } = ledger;
  if (!use.over || use.budget === null) {
    forgetOverBudget(dir);
    return null;
  }
  const now = Date.now();
  const before = overBudgetSince(dir);
  noteOverBudget(dir, { since: before?.since ?? now, looked: now });
  if (before === null) {
    return `the ledger takes ${overBudgetText(use)}; from tomorrow on output of closed tasks goes by itself`;
  }
  if (now - before.since < OVER_BUDGET.graceMs) return null;
  const blobs = enough(
    planPruning(ledger, OVER_BUDGET.rule, new Date(now)),
    use.bytes - use.budget,
  );
  if (blobs.length === 0) return null;
  const self = {
    kind: 'tool',
    name: 'prooflayer',
    host: context.actor.host,
    basis: 'asserted',
  } as const;
  const { said } = await prune(ledger, self, blobs, { cause: 'budget', rule: OVER_BUDGET.rule });
  const freed = blobs.reduce((sum, { stored }) => sum + stored, 0);
  return `over the disk budget: pruned ${humanBytes(freed)} of output of closed tasks (${said.map(entryName).join(', ')})`;
}

/** The first of them that free so many bytes together. */
function enough(blobs: readonly PrunableBlob[], bytes: number): PrunableBlob[] {
  let freed = 0;
  return blobs.filter(({ stored }) => {
    if (freed >= bytes) return false;
    freed += stored;
    return true;
  });
}
