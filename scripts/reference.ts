/** Writes docs/REFERENCE.md from the operations (`npm run docs`). */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { referencePage } from '../src/surfaces/cli/reference.ts';

writeFileSync(join(import.meta.dirname, '..', 'docs', 'REFERENCE.md'), await referencePage());
