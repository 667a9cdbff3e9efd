import * as z from 'zod/mini';
import { EXIT, ProofError } from '../../core/errors.ts';
import { chooseTask } from '../../features/tasks/chosen-task.ts';
import { taskSeq } from '../../features/tasks/names.ts';
import { defineOp } from '../define-op.ts';
import { readTask, taskJson } from '../task-json.ts';

export default defineOp({
  name: 'task use',
  summary: 'choose the task that work in this worktree is recorded under',
  effect: 'append',
  input: z.object({
    task: z.optional(z.string()).check(z.describe('T3')),
    none: z._default(z.boolean(), false).check(z.describe('choose no task')),
  }),
  output: () => z.object({ task: z.nullable(taskJson()) }),
  examples: [
    { type: 'proof task use T3', does: 'from now on, in this worktree' },
    { type: 'proof task use --none', does: 'record outside tasks again' },
  ],
  cli: {
    positionals: ['task'],
    print: ({ task }) =>
      task === null ? 'no task is chosen here now' : `work here is recorded under ${task.name} now`,
  },
  async run(context, { task, none }) {
    const reader = context.reader();
    if (none && task !== undefined) {
      throw new ProofError({
        code: 'usage.bad-value',
        message: 'Use a task, or none?',
        why: `both ${task} and --none were given`,
        remedy: `proof task use ${task}`,
        exit: EXIT.usage,
      });
    }
    if (none) {
      chooseTask(reader, context.places.root, null);
      return { task: null };
    }
    const seq = task === undefined ? context.requireTask() : taskSeq(reader, task);
    chooseTask(reader, context.places.root, seq);
    return { task: readTask(context, seq) };
  },
});
