import { statSync } from 'node:fs';
import { join } from 'node:path';
import { ledgerError } from '../errors.ts';
import { LEDGER_FILE } from './database.ts';

/**
 * Remembers which file the ledger is; the answer throws once another one, or none, has its name.
 *
 * SQLite goes on writing into a file that has lost its name: a command that did away with the
 * repository it was recorded in (`rm -rf .git && git init`) would be told that it is on record.
 */
export function rememberFile(dir: string): () => void {
  const opened = fileNumber(dir);
  return () => {
    if (fileNumber(dir) === opened) return;
    throw ledgerError(
      'ledger.not-found',
      'The ledger was deleted or moved away while it was in use',
      `${dir} does not hold the file any more that was opened`,
      'put it back, or run proof init',
    );
  };
}

function fileNumber(dir: string): number | null {
  return statSync(join(dir, LEDGER_FILE), { throwIfNoEntry: false })?.ino ?? null;
}
