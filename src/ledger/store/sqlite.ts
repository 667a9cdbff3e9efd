import { DatabaseSync, type DatabaseSyncOptions } from 'node:sqlite';

/**
 * Opens a database without the warning that Node 22 prints when node:sqlite is first used (there
 * it counts as experimental): standard error belongs to the user's command. The build loads the
 * module inside this call, so the silence covers nothing else.
 */
export function openSqlite(path: string | URL, options: DatabaseSyncOptions): DatabaseSync {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return new DatabaseSync(path, options);
  } finally {
    process.emitWarning = emitWarning;
  }
}
