import * as z from 'zod';
import { chooseTask } from '../../features/tasks/chosen-task.ts';
import { taskSeq } from '../../features/tasks/names.ts';
import { defineOp } from '../define-op.ts';
import { readTask, taskJson } from '../task-json.ts';

export default defineOp({
  name: 'task use',
  summary: 'choose the task that work in this worktree is recorded under',
  effect: 'append',
  input: z.object({
    task: z.string().optional().describe('T3'),
    none: z.boolean().default(false).describe('choose no task'),
  }),
  output: z.object({ task: taskJson.nullable() }),
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
    if (none) {
      chooseTask(reader, context.places.root, null);
      return { task: null };
    }
    const seq = task === undefined ? context.requireTask() : taskSeq(reader, task);
    chooseTask(reader, context.places.root, seq);
    return { task: readTask(context, seq) };
  },
});
