import * as z from 'zod/mini';
import { chooseTask } from '../../features/tasks/chosen-task.ts';
import { openTask } from '../../features/tasks/task-entries.ts';
import { defineOp } from '../define-op.ts';
import { readTask, taskJson } from '../task-json.ts';
import { taskBlock } from '../task-text.ts';

export default defineOp({
  name: 'task start',
  summary: 'open a task; what you record from now on belongs to it',
  details:
    'The workspace is looked at, so that everything that changes from now on can be told apart, shown and undone.',
  effect: 'append',
  input: z.object({
    goal: z
      .string()
      .check(z.minLength(1))
      .check(z.describe('what is to be reached, in a sentence')),
    step: z
      ._default(z.array(z.string().check(z.minLength(1))), [])
      .check(z.describe('a step of the plan; repeat for more')),
  }),
  output: taskJson,
  examples: [
    {
      type: 'proof task start "Fix the login loop"',
      does: 'opens it and chooses it in this worktree',
    },
    { type: 'proof task start "Release 2.0" --step build --step publish', does: 'with a plan' },
  ],
  cli: {
    positionals: ['goal'],
    short: { step: 's' },
    print: (task, paint) =>
      `${taskBlock(task, paint)}\n${paint.dim('  next: proof run -- your command')}`,
  },
  async run(context, { goal, step }) {
    const ledger = await context.ledger();
    const place = context.gitPlace(context.cwd);
    const task = await openTask(ledger, context.actor, { goal, steps: step, place });
    chooseTask(ledger, context.places.root, task);
    await context.lookAtWorkspace(task);
    return readTask(context, task);
  },
});
