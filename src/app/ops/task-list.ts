import * as z from 'zod/mini';
import { defineOp } from '../define-op.ts';
import { readTasks, taskJson } from '../task-json.ts';
import { taskLine } from '../task-text.ts';

export default defineOp({
  name: 'task list',
  summary: 'the tasks of this ledger',
  effect: 'read',
  input: z.object({
    open: z._default(z.boolean(), false).check(z.describe('only those that are not closed')),
  }),
  output: () => z.object({ tasks: z.array(taskJson()) }),
  examples: [
    { type: 'proof task list', does: 'all of them; * marks the one chosen here' },
    { type: 'proof task list --open --json', does: 'for a script' },
  ],
  cli: {
    print: ({ tasks }, paint) =>
      tasks.length === 0
        ? `no tasks yet\n${paint.dim('next: proof task start "what you are about to do"')}`
        : tasks.map((task) => taskLine(task, paint)).join('\n'),
  },
  async run(context, { open }) {
    const tasks = readTasks(context);
    return { tasks: open ? tasks.filter(({ state }) => state === 'open') : tasks };
  },
});
