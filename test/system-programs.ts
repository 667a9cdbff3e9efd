import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, test } from 'vitest';
import { markMissing } from './skips.ts';

/**
 * Whether a program is on the PATH; a name with a slash is a file or folder that must exist.
 * `npm run setup:debian` installs those listed in scripts/debian-packages.txt.
 */
export function has(program: string): boolean {
  if (program.includes('/')) return existsSync(program);
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.some((folder) => isExecutable(join(folder, program)));
}

/**
 * `describe` for tests that need programs of the system: `describeWith('go')('tiles', () => …)`.
 * Where one is missing the tests are skipped, and the run names them and the program at its end.
 */
export function describeWith(programs: string | readonly string[]) {
  const missing = [programs].flat().filter((program) => !has(program));
  return (name: string, body: () => void): void => {
    if (missing.length === 0) describe(name, body);
    else describe.skip(markMissing(name, missing), body);
  };
}

/** As describeWith, for one test: `testWith(['tmux', 'vi'])('vi redraws', async () => …, 60_000)`. */
export function testWith(programs: string | readonly string[]) {
  const missing = [programs].flat().filter((program) => !has(program));
  return (name: string, body: () => void | Promise<void>, timeoutMs?: number): void => {
    if (missing.length === 0) test(name, body, timeoutMs);
    else test.skip(markMissing(name, missing), body);
  };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
