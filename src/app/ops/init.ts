import * as z from 'zod/mini';
import { ProofError } from '../../core/errors.ts';
import type { Context } from '../context.ts';
import { defineOp } from '../define-op.ts';
import { firstPolicyJson, firstPolicyLines, writeFirstPolicy } from '../first-policy.ts';
import { formerHere, formerJson, formerWarning } from '../former-ledgers.ts';

export default defineOp({
  name: 'init',
  summary: 'make a ledger for this workspace',
  details:
    'A proof.yaml that only observes is drafted from what lies here, unless one is there. In a git repository the ledger lies in the common git directory: all worktrees share it, it is never committed, and git clean does not touch it. Elsewhere it is made in .proof/. The key that signs it lies in your configuration directory.',
  effect: 'append',
  input: z.object({
    policy: z
      ._default(z.boolean(), true)
      .check(z.describe('write no proof.yaml; without this flag one is drafted if none is there')),
  }),
  output: () =>
    z.object({
      ledger: z.string().check(z.describe('the ledger id, 32 hex digits')),
      directory: z.string(),
      former: z.array(formerJson()).check(z.describe('ledgers that stood here before')),
      key: z.string().check(z.describe('verifier key, as C2SP signed-note writes it')),
      policy: z
        .nullable(firstPolicyJson())
        .check(z.describe('proof.yaml; null with --no-policy, or if it could not be written')),
    }),
  examples: [
    { type: 'proof init', does: 'once in every repository' },
    { type: 'proof init --no-policy', does: 'only the ledger' },
  ],
  cli: {
    print: (made, paint) =>
      [
        `${paint.good('✓')} ledger made in ${made.directory}`,
        ...(made.former.length === 0 ? [] : [paint.warn(`  ${formerWarning(made.former)}`)]),
        '  proof ledger key prints the key that others check it with',
        ...(made.policy === null ? [] : firstPolicyLines(made.policy, paint)),
        paint.dim('  next: proof task start "what you are about to do"'),
      ].join('\n'),
  },
  async run(context, { policy: wanted }) {
    const ledger = await context.initLedger();
    const first = ledger.entry(0).entry;
    const key = first?.kind === 'ledger.opened' ? first.body.key : '';
    const policy = wanted ? await draftedOrSaid(context) : null;
    const former = formerHere(context, ledger.id());
    return { ledger: ledger.id(), directory: ledger.dir, former, key, policy };
  },
});

/** The ledger stands without a policy: what fails here is only said. */
async function draftedOrSaid(context: Context) {
  try {
    return writeFirstPolicy(context);
  } catch (error) {
    if (!(error instanceof ProofError)) throw error;
    context.warn(error);
    return null;
  }
}
