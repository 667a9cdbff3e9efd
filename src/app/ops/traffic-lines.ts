import * as z from 'zod/mini';
import { EXIT, ProofError } from '../../core/errors.ts';
import { plural } from '../../core/human-units.ts';
import { entryName } from '../../core/names.ts';
import { visibleLine } from '../../core/visible-text.ts';
import { entrySeq } from '../../features/tasks/names.ts';
import { defineOp } from '../define-op.ts';

export default defineOp({
  name: 'traffic lines',
  summary: 'the log lines behind a finding of an investigation',
  details:
    'Lines are read again from the logs. A log that was rotated or packed since is found by its content beside where it was; where it is gone, the lines kept in the ledger are shown.',
  effect: 'read',
  input: z.object({
    finding: z.string().check(z.describe('entry and number of the finding, as E12#3')),
    limit: z._default(z.int().check(z.positive()), 100).check(z.describe('at most this many')),
  }),
  output: () =>
    z.object({
      entry: z.string(),
      finding: z.int(),
      subject: z.string(),
      total: z.int().check(z.describe('lines the finding rests on')),
      from: z
        .enum(['log', 'ledger', 'both'])
        .check(z.describe('read again from the logs, or as kept in the ledger')),
      gone: z.array(z.string()).check(z.describe('logs that were not found any more')),
      lines: z.array(
        z.object({ source: z.string(), offset: z.int(), length: z.int(), text: z.string() }),
      ),
    }),
  examples: [
    { type: 'proof traffic lines E12#1', does: 'the first hundred' },
    { type: 'proof traffic lines E12#1 --limit 100000 > lines.txt', does: 'all that are known' },
  ],
  cli: {
    positionals: ['finding'],
    print: ({ lines, total, from, gone, subject }, paint) =>
      [
        ...lines.map(({ text }) => visibleLine(text)),
        // A pipe gets lines and nothing else.
        ...(paint.columns === null
          ? []
          : [paint.dim(footer(lines.length, total, from, gone, subject))]),
      ].join('\n'),
  },
  async run(context, { finding, limit }) {
    const match = /^(E\d+)#([1-9]\d{0,4})$/i.exec(finding);
    if (match === null) {
      throw new ProofError({
        code: 'usage.bad-value',
        message: `"${finding}" names no finding`,
        why: 'a finding is named by its entry and number',
        remedy: 'for example proof traffic lines E12#3; proof log shows entries',
        exit: EXIT.usage,
      });
    }
    const reader = context.reader();
    const seq = entrySeq(reader, match[1] as string);
    const { openLines } = await import('../../features/traffic/open-lines.ts');
    const n = Number(match[2]);
    return { entry: entryName(seq), finding: n, ...(await openLines(reader, seq, n, limit)) };
  },
});

function footer(
  shown: number,
  total: number,
  from: 'log' | 'ledger' | 'both',
  gone: readonly string[],
  subject: string,
): string {
  const where = {
    log: 'read again from the logs',
    ledger: 'as kept in the ledger',
    both: 'some as kept',
  }[from];
  const lost =
    gone.length === 0 ? '' : ` · not found any more: ${gone.map(visibleLine).join(', ')}`;
  return `${shown} of ${plural(total, 'line')} · ${visibleLine(subject)} · ${where}${lost}`;
}
