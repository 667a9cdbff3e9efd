import * as z from 'zod/mini';
import { toBase64 } from '../../core/bytes.ts';
import { entryName } from '../../core/names.ts';
import { entrySeq } from '../../features/tasks/names.ts';
import { unverifiedCheckpoint } from '../../ledger/checkpoint.ts';
import { formatTlogProof } from '../../ledger/tlog-proof.ts';
import { inclusionProof } from '../../ledger/tree/proofs.ts';
import { defineOp } from '../define-op.ts';

export default defineOp({
  name: 'ledger proof',
  summary: 'a .tlog-proof: shows one entry’s place under the signed root, offline',
  details:
    'The file is C2SP tlog-proof; what it proves is the leaf hash of the entry’s bytes (proof show E41 --raw).',
  effect: 'read',
  input: z.object({ entry: z.string().check(z.describe('the entry, as E41')) }),
  output: () =>
    z.object({
      entry: z.string(),
      index: z.int(),
      size: z.int(),
      hashes: z.array(z.string()).check(z.describe('base64, the leaf’s sibling first')),
      file: z.string().check(z.describe('the .tlog-proof')),
    }),
  examples: [{ type: 'proof ledger proof E41 > e41.tlog-proof', does: 'for any C2SP tool' }],
  cli: { positionals: ['entry'], print: ({ file }) => file.trimEnd() },
  async run(context, { entry }) {
    const reader = context.reader();
    const index = entrySeq(reader, entry);
    const { note } = reader.latestRoot() as { note: string };
    const { size } = unverifiedCheckpoint(note);
    const hashes = inclusionProof(reader.hash, reader.tree.read, index, size);
    const file = formatTlogProof({ index, hashes, checkpoint: note });
    return { entry: entryName(index), index, size, hashes: hashes.map(toBase64), file };
  },
});
