/** Writes schema/proof.schema.json from the schema that proof.yaml is read by (`npm run docs`). */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { policyJsonSchema } from '../src/features/boundaries/policy-schema.ts';

const folder = join(import.meta.dirname, '..', 'schema');
mkdirSync(folder, { recursive: true });
writeFileSync(
  join(folder, 'proof.schema.json'),
  `${JSON.stringify(policyJsonSchema(), null, 2)}\n`,
);
