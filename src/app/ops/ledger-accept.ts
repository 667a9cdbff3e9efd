import * as z from 'zod/mini';
import { EXIT, ProofError } from '../../core/errors.ts';
import { entryName } from '../../core/names.ts';
import { addDecision } from '../../features/tasks/task-entries.ts';
import { acceptPlace } from '../../ledger/keys/places.ts';
import { defineOp } from '../define-op.ts';
import { formerHere, formerJson, formerText } from '../former-ledgers.ts';

export default defineOp({
  name: 'ledger accept',
  summary: 'accept that another ledger stood here before this one',
  details:
    'This machine remembers which ledgers it appended to at a place. When one was thrown away and another begun, status, verify and doctor say so until a person accepts it here. The acceptance is an entry, so that whoever reads this ledger knows there was another.',
  effect: 'widen',
  input: z.object({
    because: z
      .optional(z.string().check(z.minLength(1)))
      .check(z.describe('why the old one is gone')),
  }),
  output: () =>
    z.object({
      accepted: z.array(formerJson()),
      entry: z.string().check(z.describe('the entry that says so')),
    }),
  examples: [
    { type: 'proof ledger accept --because "the repository was cloned anew"', does: 'on record' },
  ],
  cli: {
    print: ({ accepted, entry }, paint) =>
      `${paint.good('✓')} accepted, on record as ${entry}: here stood ledger ${accepted.map(formerText).join(', ')}`,
  },
  async run(context, { because }) {
    const ledger = await context.ledger();
    const former = formerHere(context, ledger.id());
    if (former.length === 0) {
      throw new ProofError({
        code: 'ledger.no-other',
        message: 'There is nothing to accept',
        why: 'this machine knows of no other ledger that stood here',
        remedy: 'proof status',
        exit: EXIT.failed,
      });
    }
    const seq = await addDecision(ledger, context.actor, {
      text: `this ledger stands in the place of ledger ${former.map(wholeText).join(', ')}`,
      because,
      rejected: [],
      task: null,
      on: null,
    });
    const { configDir, ledgerDir } = context.places;
    acceptPlace(configDir, ledgerDir, ledger.id());
    return { accepted: former, entry: entryName(seq) };
  },
});

function wholeText(former: { ledger: string; entries: number | null; lastSeen: string | null }) {
  return formerText(former).replace(/^\w+…/, former.ledger);
}
