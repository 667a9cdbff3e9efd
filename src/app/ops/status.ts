import * as z from 'zod/mini';
import { plural } from '../../core/human-units.ts';
import { visibleLine } from '../../core/visible-text.ts';
import { taskSummaries } from '../../views/task-summaries.ts';
import { defineOp } from '../define-op.ts';
import { wrap } from '../paint.ts';
import { readStanding, standingJson, standingText } from '../standing.ts';
import { readTask, taskJson } from '../task-json.ts';
import { taskBlock } from '../task-text.ts';
import { readWorkingState, workingState, workingStateLine } from '../working-state.ts';

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
      next: z.string().check(z.describe('a command worth typing now')),
    }),
  examples: [
    { type: 'proof status', does: 'the task chosen in this worktree' },
    { type: 'proof status --task T3 --json', does: 'another one, for a script' },
  ],
  cli: {
    positionals: ['task'],
    short: { task: 't' },
    print({ task, changed, ledger, next }, paint) {
      const running = ledger.running.map(
        ({ command, pid }) => `  ${paint.warn('running')}  ${visibleLine(command)} (pid ${pid})`,
      );
      const standing = `${plural(ledger.size, 'entry', 'entries')} · ${standingText(ledger)}`;
      return [
        task === null ? paint.dim('no task is chosen here') : taskBlock(task, paint),
        ...workingStateLine(changed, paint),
        ...running,
        `  ledger   ${wrap(standing, paint.columns, ' '.repeat(11))}`,
        ...(ledger.gaps > 0
          ? [`  ${paint.bad('gaps')}     ${plural(ledger.gaps, 'gap')}: proof log --all`]
          : []),
        paint.dim(`  next     ${next}`),
      ].join('\n');
    },
  },
  async run(context, { task: named }) {
    const reader = context.reader();
    const summaries = context.views().read(taskSummaries);
    const seq = context.task(named);
    const task = seq === null ? null : readTask(context, seq);
    const ledger = readStanding(reader, summaries.gaps);
    const changed = seq === null ? null : readWorkingState(context, seq);
    return { task, changed, ledger, next: nextStep(task, summaries.count) };
  },
});

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
