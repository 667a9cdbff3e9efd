import * as z from 'zod/mini';
import { taskBoundaries } from '../../views/task-boundaries.ts';
import { taskSummaries } from '../../views/task-summaries.ts';
import { defineOp } from '../define-op.ts';
import { SearchIndex } from '../search-index.ts';

export default defineOp({
  name: 'rebuild',
  summary: 'throw all views away and compute them again from the entries',
  details:
    'Views hold nothing of their own: the same bytes come out. proof never needs this; it is here so that you need not take our word for it.',
  effect: 'append',
  input: z.object({}),
  output: () =>
    z.object({
      views: z.array(z.object({ name: z.string(), bytes: z.int() })),
      entries: z.int(),
    }),
  examples: [
    { type: 'proof rebuild', does: 'deletes views.db and search.db and computes them again' },
  ],
  cli: {
    print: ({ views, entries }) =>
      `${views.length} view${views.length === 1 ? '' : 's'} computed again from ${entries} entries`,
  },
  async run(context) {
    const folds = [taskSummaries, taskBoundaries];
    const states = context
      .views()
      .rebuild(folds as never, (seq) => context.progress(`reading entry ${seq}`));
    const search = new SearchIndex(context.reader());
    const bytes = search.rebuild((seq) => context.progress(`reading the words of entry ${seq}`));
    search.close();
    return {
      views: [
        ...folds.map(({ name }, i) => ({ name, bytes: Buffer.byteLength(states[i] as string) })),
        { name: 'search', bytes },
      ],
      entries: context.reader().size(),
    };
  },
});
