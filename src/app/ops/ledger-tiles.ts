import { resolve } from 'node:path';
import * as z from 'zod/mini';
import { diskError } from '../../ledger/errors.ts';
import { exportTiles } from '../../ledger/static-log.ts';
import { defineOp } from '../define-op.ts';

export default defineOp({
  name: 'ledger tiles',
  summary: 'write the ledger as a static C2SP tlog-tiles directory',
  details: 'Other people’s tools read it. Writing into the same directory again adds what is new.',
  effect: 'read',
  input: z.object({
    directory: z.string().check(z.describe('where to write; made if it is not there')),
  }),
  output: () =>
    z.object({
      directory: z.string(),
      size: z.int(),
      files: z.int().check(z.describe('files written')),
    }),
  examples: [
    { type: 'proof ledger tiles public/log', does: 'checkpoint, tiles and entry bundles' },
  ],
  cli: {
    positionals: ['directory'],
    print: ({ directory, size, files }) =>
      `${size} entries in ${directory} (${files} files written)`,
  },
  async run(context, { directory }) {
    const dir = resolve(context.cwd, directory);
    try {
      const written = exportTiles(context.reader(), dir, (done, all) =>
        context.progress(`tile ${done} of ${all}`),
      );
      return { directory: dir, ...written };
    } catch (error) {
      throw diskError(error, dir);
    }
  },
});
