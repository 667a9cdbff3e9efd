import * as z from 'zod/mini';
import { defineOp } from '../define-op.ts';
import { readTask, taskJson } from '../task-json.ts';
import { taskBlock } from '../task-text.ts';

export default defineOp({
  name: 'task show',
  summary: 'one task: goal, plan, what was recorded',
  effect: 'read',
  input: z.object({
    task: z.optional(z.string()).check(z.describe('T3; without it the one chosen here')),
  }),
  output: taskJson,
  examples: [
    { type: 'proof task show', does: 'the task chosen in this worktree' },
    { type: 'proof task show T3 --json', does: 'another one, for a script' },
  ],
  cli: {
    positionals: ['task'],
    print: (task, paint) =>
      `${taskBlock(task, paint)}\n${paint.dim(`  next: proof log --task ${task.name}`)}`,
  },
  async run(context, { task }) {
    return readTask(context, context.requireTask(task));
  },
});
