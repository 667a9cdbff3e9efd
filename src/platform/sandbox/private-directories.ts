import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/** What is shown in place of what is hidden. */
export interface Emptiness {
  directory: string;
  file: string;
}

/**
 * Makes the places a sandbox needs: its private directory, which is nobody else's, and in it those
 * that are shown inside as caches and temporary directories.
 */
export function makePrivateDirectories(privateDir: string, inside: readonly string[]): Emptiness {
  mkdirSync(privateDir, { recursive: true, mode: 0o700 });
  const stat = lstatSync(privateDir);
  if (!stat.isDirectory() || stat.uid !== process.getuid?.())
    throw new Error(`${privateDir} belongs to somebody else`);
  if ((stat.mode & 0o077) !== 0) chmodSync(privateDir, 0o700);
  for (const path of inside) mkdirSync(path, { recursive: true, mode: 0o700 });
  const directory = join(privateDir, 'empty');
  mkdirSync(directory, { recursive: true, mode: 0o500 });
  const file = join(privateDir, 'empty-file');
  if (statSync(file, { throwIfNoEntry: false })?.size !== 0)
    writeFileSync(file, '', { mode: 0o400 });
  return { directory, file };
}

/** Makes an empty directory on the user's disk, because nothing can be mounted on nothing. */
export function makeMountPoint(path: string): void {
  mkdirSync(path, { recursive: true });
}

/** Writes the copy that is shown instead of a file. */
export function writeShownCopy(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  try {
    if (readFileSync(path, 'utf8') === text) return;
  } catch {
    // Not there yet.
  }
  writeFileSync(path, text, { mode: 0o600 });
}

/**
 * Removes from a private temporary directory what nobody has touched for three days. Looked after
 * once an hour; what cannot be removed stays.
 */
export function sweepTemporary(directory: string, now = Date.now()): void {
  const stamp = `${directory}.swept`;
  const last = statSync(stamp, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (now - last < HOUR_MS) return;
  try {
    writeFileSync(stamp, '', { mode: 0o600 });
    utimesSync(stamp, now / 1000, now / 1000);
    for (const name of readdirSync(directory)) {
      const path = join(directory, name);
      const stat = lstatSync(path, { throwIfNoEntry: false });
      if (stat !== undefined && now - Math.max(stat.mtimeMs, stat.ctimeMs) > KEPT_MS)
        rmSync(path, { recursive: true, force: true });
    }
  } catch {
    // It is swept another time.
  }
}

const HOUR_MS = 3_600_000;
const KEPT_MS = 72 * HOUR_MS;
