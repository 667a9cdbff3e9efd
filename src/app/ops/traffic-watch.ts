import * as z from 'zod/mini';
import { EXIT } from '../../core/errors.ts';
import { humanCount, plural } from '../../core/human-units.ts';
import { visibleLine } from '../../core/visible-text.ts';
import { defineOp } from '../define-op.ts';

export default defineOp({
  name: 'traffic watch',
  summary: 'exit 3 when somebody new, or much more of somebody, asks your site',
  details:
    'Compares the requests of the last minutes with the latest investigation in the ledger, by requests an hour: new is who was not there and asked 20 times, much more is three times as many and more than chance makes. For cron: it prints nothing but changes, and keeps nothing.',
  effect: 'read',
  input: z.object({
    logs: z
      .array(z.string())
      .check(z.minLength(1))
      .check(z.describe('log files or patterns; - reads standard input')),
    since: z
      ._default(z.string(), '15m')
      .check(z.describe('only requests since then: 15m, 7d, or a date')),
    of: z
      .optional(z.string())
      .check(z.describe('E12: the investigation to compare with; without it the latest')),
  }),
  output: () =>
    z.object({
      of: z.string(),
      requests: z.int(),
      changes: z.array(
        z.object({
          subject: z.string(),
          requests: z.int(),
          expected: z.int().check(z.describe('by the rate of before; 0 for somebody new')),
        }),
      ),
    }),
  examples: [
    { type: 'proof traffic watch /var/log/nginx/access.log', does: 'every 15 minutes' },
    { type: 'proof traffic watch access.log --since 1h --of E12', does: 'against a good day' },
  ],
  cli: {
    positionals: ['logs'],
    print: ({ changes }) =>
      changes
        .map(({ subject, requests, expected }) =>
          expected === 0
            ? `new: ${visibleLine(subject)}, ${plural(requests, 'request')}`
            : `more: ${visibleLine(subject)}, ${plural(requests, 'request')} where ${humanCount(expected)} were expected`,
        )
        .join('\n'),
    exit: ({ changes }) => (changes.length > 0 ? EXIT.verification : EXIT.done),
  },
  async run(context, { logs, since, of }) {
    const { watchHere } = await import('../traffic-watch-here.ts');
    return watchHere(context, { logs, since, of });
  },
});
