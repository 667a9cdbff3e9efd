import { unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { diskError } from './errors.ts';

/**
 * Databases beside the ledger that repeat what its entries and blobs say: folds of the views, the
 * words of the search. They may be deleted at any time, and when something is redacted they are.
 */
export const VIEWS_FILE = 'views.db';
export const SEARCH_FILE = 'search.db';

/** Deletes one with what SQLite keeps beside it; whoever has it open goes on with a nameless file. */
export function removeDerived(dir: string, file: typeof VIEWS_FILE | typeof SEARCH_FILE): void {
  for (const suffix of ['', '-wal', '-shm', '-journal']) {
    const path = join(dir, file + suffix);
    try {
      // Not with rmSync, whose errors carry no code on a read-only disk.
      unlinkSync(path);
    } catch (cause) {
      if ((cause as { code?: string }).code !== 'ENOENT') throw diskError(cause, path);
    }
  }
}
