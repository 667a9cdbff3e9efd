import * as z from 'zod/mini';
import { entryName } from '../../core/names.ts';
import { visibleLine } from '../../core/visible-text.ts';
import { narrowingOf, narrowTask } from '../../features/boundaries/task-boundary.ts';
import { chooseTask } from '../../features/tasks/chosen-task.ts';
import { openTask } from '../../features/tasks/task-entries.ts';
import type { Context } from '../context.ts';
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
    scope: z
      ._default(z.array(z.string().check(z.minLength(1))), [])
      .check(z.describe('change only what this glob matches, of what proof.yaml permits; repeat')),
    denyNetwork: z
      ._default(z.boolean(), false)
      .check(z.describe('reach no host, whatever proof.yaml permits')),
  }),
  output: () =>
    z.extend(taskJson(), {
      boundary: z
        .nullable(
          z.object({
            entry: z.string(),
            scope: z.nullable(z.array(z.string())),
            network: z.enum(['kept', 'denied']),
          }),
        )
        .check(z.describe('what the task gives up; null: nothing')),
    }),
  examples: [
    {
      type: 'proof task start "Fix the login loop"',
      does: 'opens it and chooses it in this worktree',
    },
    { type: 'proof task start "Release 2.0" --step build --step publish', does: 'with a plan' },
    {
      type: 'proof task start "Tidy the parser" --scope \'src/**\' --deny-network',
      does: 'with a narrower boundary',
    },
  ],
  cli: {
    positionals: ['goal'],
    short: { step: 's' },
    print: (task, paint) =>
      [
        taskBlock(task, paint),
        ...(task.boundary === null ? [] : [`  boundary ${narrowingText(task.boundary)}`]),
        paint.dim('  next: proof run -- your command'),
      ].join('\n'),
  },
  async run(context, { goal, step, scope, denyNetwork }) {
    const narrowing = narrowingOf(scope, denyNetwork);
    const policy = narrowing === null ? null : await workspacePolicy(context);
    const ledger = await context.ledger();
    const place = context.gitPlace(context.cwd);
    const task = await openTask(ledger, context.actor, { goal, steps: step, place });
    // Before it is chosen: nothing is done under it while it is wider than it was meant.
    const entry =
      narrowing === null || policy === null
        ? null
        : await narrowTask(ledger, context.actor, task, narrowing, policy);
    chooseTask(ledger, context.places.root, task);
    await context.lookAtWorkspace(task);
    return {
      ...readTask(context, task),
      boundary:
        entry === null || narrowing === null
          ? null
          : {
              entry: entryName(entry),
              scope: narrowing.scope === null ? null : [...narrowing.scope],
              network: narrowing.denyNetwork ? ('denied' as const) : ('kept' as const),
            },
    };
  },
});

async function workspacePolicy(context: Context) {
  const { boundaryHere } = await import('../context-boundary.ts');
  return (await boundaryHere(context, null)).policy;
}

function narrowingText({ scope, network }: { scope: string[] | null; network: string }): string {
  return [
    ...(scope === null ? [] : [`writes only ${scope.map(visibleLine).join(', ')}`]),
    ...(network === 'denied' ? ['no network'] : []),
  ].join(' · ');
}
