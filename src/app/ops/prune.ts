import * as z from 'zod/mini';
import { humanBytes, plural } from '../../core/human-units.ts';
import { entryName, taskName } from '../../core/names.ts';
import { type PrunableBlob, planPruning } from '../../features/retention/prune-plan.ts';
import { prune } from '../../ledger/redaction/redact.ts';
import type { LedgerReader } from '../../ledger/store/reader.ts';
import { parseByteSize } from '../byte-size.ts';
import { confirm } from '../confirm.ts';
import { defineOp } from '../define-op.ts';
import { diskUseJson, readDiskUse } from '../disk-use.ts';
import { parseDuration } from '../duration.ts';
import { prunedOutput, pruneTable } from '../prune-table.ts';

export default defineOp({
  name: 'prune',
  summary: 'let bulky output of long closed tasks go, to save room',
  details:
    'Only what commands wrote (stdout, stderr, terminal and their times), only of closed tasks, and never what a claim, an approval or a decision counts on. Entries, notes and proofs all stay; the record still verifies, and an entry says what went. It cannot be undone.',
  effect: 'destroy',
  input: z.object({
    olderThan: z
      ._default(z.string(), '180d')
      .check(z.describe('only of tasks closed at least so long ago')),
    largerThan: z
      ._default(z.string(), '100kB')
      .check(z.describe('only output of at least this size')),
    dryRun: z._default(z.boolean(), false).check(z.describe('only show what would go')),
    yes: z._default(z.boolean(), false).check(z.describe('do not ask')),
  }),
  output: () =>
    z.object({
      dryRun: z.boolean(),
      rule: z.object({ closedForSeconds: z.int(), atLeastBytes: z.int() }),
      pruned: z
        .array(prunedOutput())
        .check(z.describe('largest first; with --dry-run what would go')),
      freed: z.int().check(z.describe('bytes on disk')),
      said: z.array(z.string()).check(z.describe('the entries that say so, one a task')),
      disk: diskUseJson(),
    }),
  examples: [
    { type: 'proof prune --dry-run', does: 'what would go, and how much room that makes' },
    { type: 'proof prune --older-than 30d --larger-than 10MB', does: 'asks, then lets it go' },
  ],
  cli: {
    print: ({ dryRun, pruned, freed, said, disk }, paint) => {
      const left = `the ledger takes ${humanBytes(disk.bytes)}`;
      if (pruned.length === 0) return `nothing to prune by this rule; ${left}`;
      const table = pruneTable(pruned, paint);
      const what = `${humanBytes(freed)} of ${plural(pruned.length, 'output')}`;
      return dryRun
        ? `${table}\n\nwould free ${what}; ${left}`
        : `${table}\n\n${paint.good('✓')} freed ${what}, said in ${said.join(', ')}; ${left}`;
    },
  },
  async run(context, { olderThan, largerThan, dryRun, yes }) {
    const rule = {
      closedForSeconds: Math.floor(parseDuration(olderThan, '--older-than') / 1000),
      atLeastBytes: parseByteSize(largerThan, '--larger-than 1MB'),
    };
    const ledger = dryRun ? null : await context.ledger();
    const reader = ledger ?? context.reader();
    const blobs = planPruning(reader, rule, new Date());
    const pruned = rowsOf(reader, blobs);
    const freed = blobs.reduce((sum, { stored }) => sum + stored, 0);
    let said: string[] = [];
    if (ledger !== null && blobs.length > 0) {
      await confirm(context, {
        yes,
        what: (paint) => `${pruneTable(pruned, paint)}\n`,
        question: `${humanBytes(freed)} are freed, and this cannot be undone.`,
        retype: `proof prune --older-than ${olderThan} --larger-than ${largerThan}`,
      });
      const removed = await prune(ledger, context.actor, blobs, { cause: 'asked', rule });
      said = removed.said.map(entryName);
    }
    return { dryRun, rule, pruned, freed, said, disk: readDiskUse(context, reader) };
  },
});

function rowsOf(reader: LedgerReader, blobs: readonly PrunableBlob[]) {
  return blobs
    .toSorted((a, b) => b.stored - a.stored)
    .flatMap(({ of, size, stored, closedAt }) =>
      of.map(({ seq, name, task }) => ({
        entry: entryName(seq),
        task: task === null ? null : taskName(reader.taskRank(task)),
        blob: name,
        size,
        stored,
        closedAt,
      })),
    );
}
