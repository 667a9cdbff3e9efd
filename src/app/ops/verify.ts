import * as z from 'zod/mini';
import { EXIT } from '../../core/errors.ts';
import type { Verdict } from '../../ledger/verify/verdict.ts';
import { defineOp } from '../define-op.ts';
import { entriesAre } from '../standing.ts';
import { toVerdictJson, verdictJson, verdictText } from '../verdict-text.ts';
import { keptRoot, readKey, verifyDirectory } from '../verify-given.ts';
import { verifyHere } from '../verify-here.ts';
import { isProofFile, verifyProofHere } from '../verify-proof-file.ts';

export default defineOp({
  name: 'verify',
  summary: 'is the record whole? exit 3 if it is not',
  details:
    'Every hash is computed again from the entries, every blob from its bytes; roots kept elsewhere (anchors in git, what this machine signed last, files given with --checkpoint) are compared. With a directory written by proof ledger tiles, that log is verified; it needs --key. With a .tlog-proof it is verified that the entry stands at its place under the signed root; key and entry are taken from this ledger if it is the one, else from --key and --entry-file.',
  effect: 'read',
  input: z.object({
    path: z
      .optional(z.string())
      .check(z.describe('a static log or a .tlog-proof to verify instead of this ledger')),
    key: z
      ._default(z.array(z.string()), [])
      .check(z.describe('verifier key, or a file that holds one; repeat for more')),
    checkpoint: z
      ._default(z.array(z.string()), [])
      .check(z.describe('a signed root you kept; repeat for more')),
    entryFile: z
      .optional(z.string())
      .check(z.describe('the entry’s bytes for a .tlog-proof (proof show E41 --raw > FILE)')),
  }),
  output: verdictJson,
  examples: [
    { type: 'proof verify', does: 'this ledger' },
    { type: 'proof verify --checkpoint kept.txt', does: 'and a root you kept' },
    { type: 'proof verify exported/ --key prooflayer.dev/…+…', does: 'anybody’s static log' },
    { type: 'proof verify e41.tlog-proof', does: 'one entry’s place, as ledger proof wrote it' },
  ],
  cli: {
    positionals: ['path'],
    exit: ({ ok }) => (ok ? EXIT.done : EXIT.verification),
    print: verdictText,
  },
  async run(context, { path, key, checkpoint, entryFile }) {
    const keys = key.map((text) => readKey(context, text));
    const roots = checkpoint.map((file) => keptRoot(context, file));
    if (path !== undefined && isProofFile(context, path)) {
      const { rests, ...verdict } = verifyProofHere(context, path, { keys, entry: entryFile });
      return toVerdictJson({ ...verdict, unseen: [], former: [] }, rests);
    }
    const verdict =
      path === undefined
        ? await verifyHere(context, keys, roots)
        : { ...verifyDirectory(context, path, keys, roots), unseen: [], former: [] };
    return toVerdictJson(verdict, restsOn(verdict, path !== undefined));
  },
});

/** What a good verdict means, and what it does not. */
function restsOn({ ok, size, anchored }: Verdict, isStatic: boolean): string {
  if (!ok) return 'the record is not what was signed';
  if (isStatic && anchored === 0)
    return 'the log is what its key signed; whether it is the only one that key signed, kept roots show';
  if (size === 0) return 'the ledger is empty';
  if (anchored === 0)
    return `${entriesAre(0, size)} what the ledger’s key signed; no root kept elsewhere was found, proof anchor puts one there`;
  if (anchored === size) return 'all entries lie under a root kept elsewhere';
  return `${entriesAre(0, anchored)} under a root kept elsewhere; ${entriesAre(anchored, size)} only this machine’s word`;
}
