import { readFileSync, realpathSync, renameSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { makePrivateDirectory, writePrivateFile } from '../private-files.ts';
import { LastSigned } from './last-signed.ts';

/** A ledger that stood at a place before the one that is there now, or before there was none. */
export interface FormerLedger {
  ledger: string;
  /** Entries that this machine had signed; null where that record is gone too. */
  size: number | null;
  /** When this machine signed there last, RFC 3339. */
  lastSeen: string | null;
}

/** Which ledgers this machine appended to at one place. */
interface Place {
  place: string;
  current: string;
  former: { ledger: string; accepted: boolean }[];
}

/**
 * Which ledger stood where, kept outside the ledgers in the user's configuration. A ledger thrown
 * away and begun anew is whole by itself, and only somebody who remembers the old one can tell. So
 * this machine remembers, and says so until a person accepts it.
 *
 * A guard only: where it cannot be read or written, nothing else fails.
 */
export function formerLedgers(configDir: string, dir: string, here: string | null): FormerLedger[] {
  const known = read(configDir, dir);
  if (known === null) return [];
  const open = known.former.filter(({ accepted }) => !accepted).map(({ ledger }) => ledger);
  return [...new Set([...open, known.current])]
    .filter((ledger) => ledger !== here)
    .map((ledger) => ({ ledger, ...lastSeen(configDir, ledger) }));
}

/** Notes that this machine appends to this ledger at this place. */
export function rememberPlace(configDir: string, dir: string, ledger: string): void {
  const known = read(configDir, dir);
  if (known?.current === ledger) return;
  const former = (known?.former ?? []).filter((one) => one.ledger !== ledger);
  if (known !== null) former.push({ ledger: known.current, accepted: false });
  write(configDir, dir, { place: placeName(dir), current: ledger, former });
}

/** From now on nothing is said about what stood here before. */
export function acceptPlace(configDir: string, dir: string, ledger: string): void {
  rememberPlace(configDir, dir, ledger);
  const known = read(configDir, dir);
  if (known === null) return;
  write(configDir, dir, {
    ...known,
    former: known.former.map((one) => ({ ...one, accepted: true })),
  });
}

function lastSeen(configDir: string, ledger: string): Omit<FormerLedger, 'ledger'> {
  const record = new LastSigned(configDir, ledger);
  try {
    const stat = statSync(join(configDir, 'last-signed', ledger), { throwIfNoEntry: false });
    return { size: record.read()?.size ?? null, lastSeen: stat?.mtime.toISOString() ?? null };
  } finally {
    record.close();
  }
}

function read(configDir: string, dir: string): Place | null {
  try {
    const known = JSON.parse(readFileSync(fileOf(configDir, dir), 'utf8')) as Partial<Place>;
    const { place, current, former } = known;
    // Two long paths may share a file's name: then the one that is not named is not known.
    if (place !== placeName(dir) || !isId(current) || !Array.isArray(former)) return null;
    return { place, current, former: former.filter((one) => isId(one?.ledger)) };
  } catch {
    return null;
  }
}

function isId(id: unknown): id is string {
  return typeof id === 'string' && /^[0-9a-f]{32}$/.test(id);
}

function write(configDir: string, dir: string, place: Place): void {
  const path = fileOf(configDir, dir);
  try {
    makePrivateDirectory(dirname(path));
    writePrivateFile(`${path}.${process.pid}`, JSON.stringify(place));
    renameSync(`${path}.${process.pid}`, path);
  } catch {
    // It lags: the next process that appends tries again.
  }
}

function fileOf(configDir: string, dir: string): string {
  // A file name holds 255 bytes; of a longer path the end tells places apart.
  return join(configDir, 'places', encodeURIComponent(placeName(dir)).slice(-200));
}

/** The same place by whatever way it was reached; the ledger's own directory may be gone. */
function placeName(dir: string): string {
  try {
    return join(realpathSync(dirname(dir)), basename(dir));
  } catch {
    return dir;
  }
}
