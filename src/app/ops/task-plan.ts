import * as z from 'zod/mini';
import { planTask } from '../../features/tasks/task-entries.ts';
import { defineOp } from '../define-op.ts';
import { readTask, taskJson } from '../task-json.ts';
import { taskBlock } from '../task-text.ts';

export default defineOp({
  name: 'task plan',
  summary: 'set the plan of a task; earlier plans stay in the ledger',
  effect: 'append',
  input: z.object({
    steps: z
      .array(z.string().check(z.minLength(1)))
      .check(z.minLength(1))
      .check(z.describe('the steps, in order')),
    task: z.optional(z.string()).check(z.describe('T3; without it the one chosen here')),
  }),
  output: taskJson,
  examples: [
    { type: 'proof task plan "reproduce it" "fix it" "test on staging"', does: 'three steps' },
  ],
  cli: { positionals: ['steps'], short: { task: 't' }, print: taskBlock },
  async run(context, { steps, task }) {
    const ledger = await context.ledger();
    const seq = context.requireTask(task);
    await planTask(ledger, context.actor, seq, steps);
    return readTask(context, seq);
  },
});
