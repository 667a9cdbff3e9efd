import { plural } from '../core/human-units.ts';
import { entryName } from '../core/names.ts';
import { finishRemovals, removeRemains } from '../ledger/redaction/removal.ts';
import { unfinishedRemovals } from '../ledger/redaction/removal-note.ts';
import type { Hole } from '../ledger/verify/verdict.ts';
import type { Context } from './context.ts';

interface Finding {
  check: string;
  state: 'ok' | 'warn' | 'fail';
  found: string;
  remedy: string | null;
  fixed: boolean;
}

/**
 * Bytes that the record says are gone, and that are still there: a redaction that was cut short, or
 * an older copy of a blob or of the database that somebody put back.
 */
export async function checkRedactions(
  context: Context,
  remains: readonly Hole[],
  fix: boolean,
): Promise<Finding[]> {
  const cutShort = unfinishedRemovals(context.reader().dir).length;
  if (remains.length === 0 && cutShort === 0) return [];
  const first = remains[0];
  const found =
    first === undefined
      ? `${plural(cutShort, 'redaction')} cut short: copies of the bytes may still be in the files`
      : `${first.blob ?? 'bytes'} of ${entryName(first.seq)} should be gone by ${entryName(first.by)}, and ${remains.length === 1 ? 'is' : `is, with ${remains.length - 1} more,`} still there`;
  if (!fix) return [{ ...REDACTIONS, found }];
  const ledger = await context.ledger();
  const trouble =
    finishRemovals(ledger, true) ?? (first === undefined ? null : removeRemains(ledger, remains));
  if (trouble === null) return [{ ...REDACTIONS, state: 'ok', found, fixed: true }];
  return [{ ...REDACTIONS, found: `${found} (${(trouble as Error).message})` }];
}

const REDACTIONS: Finding = {
  check: 'redaction',
  state: 'warn',
  found: '',
  remedy: 'proof doctor --fix',
  fixed: false,
};
