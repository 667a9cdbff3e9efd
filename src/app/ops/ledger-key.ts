import * as z from 'zod/mini';
import { keyPath } from '../../ledger/keys/signing-key.ts';
import { defineOp } from '../define-op.ts';

export default defineOp({
  name: 'ledger key',
  summary: 'the verifier key of this ledger, for whoever is to check it',
  effect: 'read',
  input: z.object({}),
  output: () =>
    z.object({
      key: z.string().check(z.describe('name+hash+base64, as C2SP signed-note writes it')),
      origin: z.string(),
      secret: z.string().check(z.describe('where the signing key lies on this machine')),
    }),
  examples: [{ type: 'proof ledger key > ledger.vkey', does: 'hand this file to a verifier' }],
  cli: { print: ({ key }) => key },
  async run(context) {
    const reader = context.reader();
    const first = reader.entry(0).entry;
    const body = first?.kind === 'ledger.opened' ? first.body : { key: '', origin: '' };
    return {
      key: body.key,
      origin: body.origin,
      secret: keyPath(context.places.configDir, reader.id()),
    };
  },
});
