import * as z from 'zod/mini';
import { entryName } from '../../core/names.ts';
import { entrySeq } from '../../features/tasks/names.ts';
import { addDecision } from '../../features/tasks/task-entries.ts';
import { defineOp } from '../define-op.ts';
import { taskOf } from '../entry-json.ts';

export default defineOp({
  name: 'decide',
  summary: 'record a decision: what was chosen, why, what was turned down',
  effect: 'append',
  input: z.object({
    text: z.string().check(z.minLength(1)).check(z.describe('what was chosen')),
    because: z.optional(z.string().check(z.minLength(1))).check(z.describe('why')),
    over: z
      ._default(z.array(z.string().check(z.minLength(1))), [])
      .check(z.describe('what was turned down; repeat for more')),
    on: z.optional(z.string()).check(z.describe('E41: what it rests on')),
    task: z.optional(z.string()).check(z.describe('T3; without it the one chosen here')),
  }),
  output: () =>
    z.object({
      entry: z.string(),
      task: z.nullable(z.string()).check(z.describe('null if it stands outside tasks')),
    }),
  examples: [
    {
      type: 'proof decide "use Redis" --because "survives deploys" --over "signed cookies"',
      does: 'with what was turned down',
    },
  ],
  cli: {
    positionals: ['text'],
    short: { task: 't' },
    print: ({ entry, task }) => `decided as ${entry}${task === null ? ', outside tasks' : ''}`,
  },
  async run(context, { text, because, over, on, task }) {
    const ledger = await context.ledger();
    const seq = await addDecision(ledger, context.actor, {
      text: await context.textOrInput(text),
      because,
      rejected: over,
      task: context.task(task),
      on: on === undefined ? null : entrySeq(ledger, on),
    });
    return { entry: entryName(seq), task: taskOf(ledger, seq) };
  },
});
