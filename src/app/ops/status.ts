import * as z from 'zod/mini';
import { ProofError } from '../../core/errors.ts';
import { humanBytes, plural } from '../../core/human-units.ts';
import { visibleLine } from '../../core/visible-text.ts';
import type { LedgerReader } from '../../ledger/store/reader.ts';
import { taskSummaries } from '../../views/task-summaries.ts';
import type { Context } from '../context.ts';
import { defineOp } from '../define-op.ts';
import { diskUseJson, overBudgetText, readDiskUse } from '../disk-use.ts';
import { formerHere, formerJson, formerText, formerWarning } from '../former-ledgers.ts';
import { wrap } from '../paint.ts';
import { readStanding, standingJson, standingText } from '../standing.ts';
import { taskJson, toTaskJson } from '../task-json.ts';
import { taskBlock } from '../task-text.ts';
import { workingState, workingStateLine, workingStateOf } from '../working-state.ts';

export default defineOp({
  name: 'status',
  summary: 'where the task stands, and what to type next',
  details: 'Bare proof shows the same.',
  effect: 'read',
  input: z.object({
    task: z.optional(z.string()).check(z.describe('T3; without it the one chosen here')),
  }),
  output: () =>
    z.object({
      task: z.nullable(taskJson()),
      changed: z
        .nullable(workingState())
        .check(z.describe('in the workspace, by this task; null without one')),
      ledger: standingJson(),
      disk: diskUseJson(),
      former: z
        .array(formerJson())
        .check(z.describe('other ledgers that stood here, as this machine remembers')),
      altered: z
        .array(z.string())
        .check(z.describe('entries shown here that are not what was recorded: proof verify')),
      next: z.string().check(z.describe('a command worth typing now')),
    }),
  examples: [
    { type: 'proof status', does: 'the task chosen in this worktree' },
    { type: 'proof status --task T3 --json', does: 'another one, for a script' },
  ],
  cli: {
    positionals: ['task'],
    short: { task: 't' },
    print({ task, changed, ledger, disk, former, altered, next }, paint) {
      const running = ledger.running.map(
        ({ command, pid }) => `  ${paint.warn('running')}  ${visibleLine(command)} (pid ${pid})`,
      );
      const standing = `${plural(ledger.size, 'entry', 'entries')}, ${humanBytes(disk.bytes)} · ${standingText(ledger)}`;
      return [
        task === null ? paint.dim('no task is chosen here') : taskBlock(task, paint),
        ...workingStateLine(changed, paint),
        ...altered.map((name) =>
          paint.bad(`  altered  ${name} is not what was recorded: proof verify`),
        ),
        ...running,
        `  ledger   ${wrap(standing, paint.columns, ' '.repeat(11))}`,
        ...(disk.over
          ? [
              `  ${paint.warn('disk')}     ${wrap(overBudgetText(disk), paint.columns, ' '.repeat(11))}`,
            ]
          : []),
        ...(former.length === 0
          ? []
          : [
              `  ${paint.warn('before')}   ${wrap(formerWarning(former), paint.columns, ' '.repeat(11))}`,
            ]),
        ...(ledger.gaps > 0
          ? [`  ${paint.bad('gaps')}     ${plural(ledger.gaps, 'gap')}: proof log --all`]
          : []),
        paint.dim(`  next     ${next}`),
      ].join('\n');
    },
  },
  async run(context, { task: named }) {
    const reader = readerHere(context);
    const summaries = context.views().read(taskSummaries);
    const seq = context.task(named);
    const summary = seq === null ? undefined : summaries.tasks[seq];
    const task = summary === undefined ? null : toTaskJson(summary, context.task());
    const ledger = readStanding(reader, summaries.gaps);
    const changed = summary === undefined ? null : workingStateOf(reader, summary);
    const disk = readDiskUse(context, reader);
    const former = formerHere(context, ledger.id);
    const altered = alteredIn(reader, task);
    const next = altered.length > 0 ? 'proof verify' : nextStep(task, summaries.count);
    return {
      task,
      changed,
      ledger,
      disk,
      former,
      altered,
      next,
    };
  },
});

/** Where a ledger stood that is not there, that is another answer than that there is none yet. */
function readerHere(context: Context): LedgerReader {
  try {
    return context.reader();
  } catch (cause) {
    const former = formerHere(context, null);
    if ((cause as { code?: string }).code !== 'ledger.not-found' || former.length === 0)
      throw cause;
    throw new ProofError({
      code: 'ledger.not-found',
      message: 'The ledger that stood here is gone',
      why: `it was ${former.map(formerText).join(', ')} in ${context.places.ledgerDir}`,
      remedy:
        'put it back from a backup; or proof init, and the new one will say that there was another',
      cause,
    });
  }
}

/** Of what is shown here: whether it still is what was recorded. proof verify looks at everything. */
function alteredIn(
  reader: LedgerReader,
  task: z.infer<ReturnType<typeof taskJson>> | null,
): string[] {
  const shown = task === null ? [] : [task.entry, task.command?.entry, task.last];
  const names = [...new Set(shown.filter((name) => name !== undefined))];
  return names.filter((name) => !reader.isIntact(Number(name.slice(1))));
}

function nextStep(task: z.infer<ReturnType<typeof taskJson>> | null, tasks: number): string {
  if (task === null) {
    return tasks === 0
      ? 'proof task start "what you are about to do"'
      : 'proof task list, then proof task use T1';
  }
  if (task.state !== 'open') return 'proof task start "what comes next"';
  if (task.command === null) return 'proof run -- your command';
  return task.command.code === 0 ? 'proof diff, or proof log' : `proof show ${task.command.entry}`;
}
