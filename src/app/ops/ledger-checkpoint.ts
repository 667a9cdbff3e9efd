import * as z from 'zod/mini';
import { toHex } from '../../core/bytes.ts';
import { unverifiedCheckpoint } from '../../ledger/checkpoint.ts';
import { defineOp } from '../define-op.ts';

export default defineOp({
  name: 'ledger checkpoint',
  summary: 'the latest signed root; keep it elsewhere, and later show it to proof verify',
  effect: 'read',
  input: z.object({}),
  output: () =>
    z.object({
      size: z.int(),
      root: z.string(),
      note: z.string().check(z.describe('C2SP signed note')),
    }),
  examples: [
    {
      type: 'proof ledger checkpoint > kept.txt',
      does: 'a root to keep where this machine cannot write',
    },
    { type: 'proof verify --checkpoint kept.txt', does: 'later: is it still the same history?' },
  ],
  cli: { print: ({ note }) => note.trimEnd() },
  async run(context) {
    const { note } = context.reader().latestRoot() as { note: string };
    const { size, root } = unverifiedCheckpoint(note);
    return { size, root: toHex(root), note };
  },
});
