import * as z from 'zod/mini';
import { entryName } from '../../core/names.ts';
import { entrySeq } from '../../features/tasks/names.ts';
import { addNote } from '../../features/tasks/task-entries.ts';
import { defineOp } from '../define-op.ts';
import { taskOf } from '../entry-json.ts';

export default defineOp({
  name: 'note',
  summary: 'write something down, on an entry if you like',
  effect: 'append',
  input: z.object({
    text: z
      .string()
      .check(z.minLength(1))
      .check(z.describe('what to remember; - reads standard input')),
    on: z.optional(z.string()).check(z.describe('E41: the entry it is about')),
    task: z.optional(z.string()).check(z.describe('T3; without it the one chosen here')),
  }),
  output: () =>
    z.object({
      entry: z.string(),
      on: z.nullable(z.string()),
      task: z.nullable(z.string()).check(z.describe('null if it stands outside tasks')),
    }),
  examples: [
    { type: 'proof note "staging has the old schema"', does: 'on the task' },
    { type: 'proof note --on E41 "this one is flaky"', does: 'shown under E41 in the log' },
  ],
  cli: {
    positionals: ['text'],
    short: { task: 't' },
    print: ({ entry, on, task }) =>
      `noted as ${entry}${on === null ? '' : ` on ${on}`}${task === null ? ', outside tasks' : ''}`,
  },
  async run(context, { text, on, task }) {
    const ledger = await context.ledger();
    const target = on === undefined ? null : entrySeq(ledger, on);
    const seq = await addNote(ledger, context.actor, {
      text: await context.textOrInput(text),
      task: context.task(task),
      on: target,
    });
    return {
      entry: entryName(seq),
      on: target === null ? null : entryName(target),
      task: taskOf(ledger, seq),
    };
  },
});
