import * as z from 'zod/mini';
import { chooseTask, chosenTask } from '../../features/tasks/chosen-task.ts';
import { closeTask } from '../../features/tasks/task-entries.ts';
import { defineOp } from '../define-op.ts';
import { keepWithinBudget } from '../disk-budget.ts';
import { readTask, taskJson } from '../task-json.ts';
import { taskBlock } from '../task-text.ts';

export default defineOp({
  name: 'task close',
  summary: 'close a task as done or abandoned',
  effect: 'append',
  input: z.object({
    task: z.optional(z.string()).check(z.describe('T3; without it the one chosen here')),
    abandoned: z._default(z.boolean(), false).check(z.describe('it was given up')),
    because: z
      .optional(z.string().check(z.minLength(1)))
      .check(z.describe('why, or what came of it')),
  }),
  output: taskJson,
  examples: [
    { type: 'proof task close', does: 'the chosen task is done' },
    { type: 'proof task close T3 --abandoned --because "superseded by T4"', does: 'given up' },
  ],
  cli: { positionals: ['task'], print: taskBlock },
  async run(context, { task, abandoned, because }) {
    const ledger = await context.ledger();
    const seq = context.requireTask(task);
    await closeTask(ledger, context.actor, seq, {
      outcome: abandoned ? 'abandoned' : 'done',
      because,
    });
    const { root } = context.places;
    if (chosenTask(ledger, root) === seq) chooseTask(ledger, root, null);
    await keepWithinBudget(context);
    return readTask(context, seq);
  },
});
