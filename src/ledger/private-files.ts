import { chmodSync, closeSync, fchmodSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a directory, and those above it, that this user alone can enter; true if it was not there.
 * Whatever the umask: under 0777 we would shut ourselves out, of this run's record and all later.
 */
export function makePrivateDirectory(path: string, parentIsThere = false): boolean {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    if (code !== 'ENOENT' || parentIsThere) throw error;
    makePrivateDirectory(dirname(path));
    return makePrivateDirectory(path, true);
  }
  chmodSync(path, 0o700);
  return true;
}

/** Opens a new file that this user alone can read and write, whatever the umask. */
export function openPrivateFile(path: string, flags: 'w' | 'wx'): number {
  const file = openSync(path, flags, 0o600);
  try {
    fchmodSync(file, 0o600);
    return file;
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

export function writePrivateFile(path: string, text: string): void {
  const file = openPrivateFile(path, 'w');
  try {
    const bytes = Buffer.from(text);
    for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
  } finally {
    closeSync(file);
  }
}
