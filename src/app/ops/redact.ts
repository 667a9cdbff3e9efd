import * as z from 'zod/mini';
import { entryName } from '../../core/names.ts';
import { entrySeq } from '../../features/tasks/names.ts';
import { diskError } from '../../ledger/errors.ts';
import { redact } from '../../ledger/redaction/redact.ts';
import { planRedaction } from '../../ledger/redaction/redaction-plan.ts';
import { confirm } from '../confirm.ts';
import { defineOp } from '../define-op.ts';
import { keptOf, partsOf, planText, redactedText } from '../redaction-text.ts';

export default defineOp({
  name: 'redact',
  summary: 'take bytes out of the record for good, and say why',
  details:
    'With --blob only that part of the entry goes, from every entry that has the same bytes; without it the entry’s own bytes and the blobs that it alone has. Their hashes stay, so the record still verifies and shows the hole, and an entry says who took what out and why. It cannot be undone. Copies that left this ledger (exported logs, bundles, backups) are yours to find, and a secret that was recorded should be replaced by another.',
  effect: 'destroy',
  input: z.object({
    entries: z.array(z.string()).check(z.minLength(1)).check(z.describe('the entries, as E41')),
    blob: z
      ._default(z.array(z.string()), [])
      .check(z.describe('only this part: stdout, stderr, terminal …; repeat for more')),
    because: z
      .string()
      .check(z.minLength(1))
      .check(z.describe('why; it stays in the record, so do not repeat the secret')),
    yes: z._default(z.boolean(), false).check(z.describe('do not ask')),
  }),
  output: () =>
    z.object({
      redacted: z.array(
        z.object({
          entry: z.string(),
          blob: z.nullable(z.string()).check(z.describe('null: the entry’s own bytes')),
        }),
      ),
      bytes: z.int().check(z.describe('of all that is gone, each blob counted once')),
      said: z.array(z.string()).check(z.describe('the entries that say so, one a task')),
      because: z.string(),
      kept: z
        .array(z.object({ entry: z.string(), blob: z.string(), also: z.array(z.string()) }))
        .check(z.describe('the same bytes are other entries’ too, so they stay')),
      cached: z
        .boolean()
        .check(
          z.describe(
            'a change was redacted: its files’ contents may be in the workspace’s own cache',
          ),
        ),
      left: z
        .nullable(z.string())
        .check(z.describe('why copies of the bytes are still there, for a while')),
    }),
  examples: [
    { type: 'proof redact E41 --blob stdout --because "printed a token"', does: 'its output' },
    { type: 'proof redact E41 E44 --because "customer data"', does: 'two entries, wholly' },
  ],
  cli: {
    positionals: ['entries'],
    print: redactedText,
  },
  async run(context, { entries, blob, because, yes }) {
    const ledger = await context.ledger();
    const target = {
      entries: [...new Set(entries.map((name) => entrySeq(ledger, name)))].sort((a, b) => a - b),
      blobs: blob,
    };
    planRedaction(ledger, target); // refuses before anybody is asked
    await confirm(context, {
      yes,
      what: (paint) => planText(ledger, planRedaction(ledger, target), paint),
      question: 'This cannot be undone.',
      retype: `proof redact ${entries.join(' ')}${blob.map((name) => ` --blob ${name}`).join('')} --because "…"`,
    });
    try {
      const { plan, said, left } = await redact(ledger, context.actor, target, because);
      return {
        redacted: partsOf(plan),
        bytes: plan.bytes,
        said: said.map(entryName),
        because,
        kept: keptOf(plan),
        cached: plan.entries.some(({ kind }) => kind === 'change'),
        left: left === null ? null : (left as Error).message,
      };
    } catch (cause) {
      throw diskError(cause, ledger.dir);
    }
  },
});
