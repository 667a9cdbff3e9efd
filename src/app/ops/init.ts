import * as z from 'zod/mini';
import { defineOp } from '../define-op.ts';
import { formerHere, formerJson, formerWarning } from '../former-ledgers.ts';

export default defineOp({
  name: 'init',
  summary: 'make a ledger for this workspace',
  details:
    'In a git repository the ledger lies in the common git directory: all worktrees share it, it is never committed, and git clean does not touch it. Elsewhere it is made in .proof/. The key that signs it lies in your configuration directory.',
  effect: 'append',
  input: z.object({}),
  output: () =>
    z.object({
      ledger: z.string().check(z.describe('the ledger id, 32 hex digits')),
      directory: z.string(),
      former: z.array(formerJson()).check(z.describe('ledgers that stood here before')),
      key: z.string().check(z.describe('verifier key, as C2SP signed-note writes it')),
    }),
  examples: [{ type: 'proof init', does: 'once in every repository' }],
  cli: {
    print: (made, paint) =>
      [
        `${paint.good('✓')} ledger made in ${made.directory}`,
        ...(made.former.length === 0 ? [] : [paint.warn(`  ${formerWarning(made.former)}`)]),
        '  proof ledger key prints the key that others check it with',
        paint.dim('  next: proof task start "what you are about to do"'),
      ].join('\n'),
  },
  async run(context) {
    const ledger = await context.initLedger();
    const first = ledger.entry(0).entry;
    const key = first?.kind === 'ledger.opened' ? first.body.key : '';
    const former = formerHere(context, ledger.id());
    return { ledger: ledger.id(), directory: ledger.dir, former, key };
  },
});
