import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { policyJsonSchema } from './policy-schema.ts';

const ROOT = new URL('../../../', import.meta.url);

test('the published JSON Schema is the one the file is read by (npm run docs writes it)', () => {
  const published = JSON.parse(readFileSync(new URL('schema/proof.schema.json', ROOT), 'utf8'));
  expect(published).toEqual(JSON.parse(JSON.stringify(policyJsonSchema())));
});

test('it goes with the package', () => {
  const { files } = JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8'));
  expect(files).toContain('schema');
});
