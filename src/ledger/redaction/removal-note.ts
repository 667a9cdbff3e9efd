import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Seq } from '../../core/names.ts';
import { syncDirectory } from '../blobs/blob-writer.ts';
import { makePrivateDirectory, openPrivateFile, writePrivateFile } from '../private-files.ts';
import { isAlive, processStart } from '../run-process.ts';

/**
 * What is about to be taken out, written down durably before it is: names only, nothing that is to
 * go. With it, whoever opens the ledger next can finish what a crash interrupted.
 */
export interface RemovalNote {
  name: string;
  pid: number;
  pidStart: string | null;
  /** Size of the ledger before: the entry that says what went stands there or later. */
  size: Seq;
  entries: readonly Seq[];
  blobs: readonly string[];
  /** Runs whose notes in the spool may hold what their entry held. */
  runs: readonly string[];
  /** Whether derived files may hold the text, or only room was to be made. */
  secret: boolean;
}

const FOLDER = 'removing';

export function writeRemovalNote(
  dir: string,
  facts: Pick<RemovalNote, 'size' | 'entries' | 'blobs' | 'runs' | 'secret'>,
): RemovalNote {
  const folder = join(dir, FOLDER);
  const fresh = makePrivateDirectory(folder, true);
  const name = `${randomBytes(8).toString('hex')}${NOTE}`;
  const note = { name, pid: process.pid, pidStart: processStart(process.pid), ...facts };
  const file = openPrivateFile(join(folder, name), 'wx');
  try {
    const bytes = Buffer.from(JSON.stringify(note));
    for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  syncDirectory(folder);
  if (fresh) syncDirectory(dir);
  return note;
}

/** Removals that were not finished and that no living process is at. */
export function unfinishedRemovals(dir: string): RemovalNote[] {
  let names: string[];
  try {
    names = readdirSync(join(dir, FOLDER));
  } catch {
    return []; // nothing was ever taken out here
  }
  return names.flatMap((name) => (name.endsWith(NOTE) ? read(join(dir, FOLDER), name) : []));
}

function read(folder: string, name: string): RemovalNote[] {
  try {
    const note = JSON.parse(readFileSync(join(folder, name), 'utf8')) as RemovalNote;
    return isAlive(note) ? [] : [{ ...note, name }];
  } catch {
    // Half written when its process was killed: then nothing had been appended yet.
    if (isOld(join(folder, name))) rmSync(join(folder, name), { force: true });
    return [];
  }
}

export function forgetRemoval(dir: string, { name }: RemovalNote): void {
  for (const end of ['', TRIED]) rmSync(join(dir, FOLDER, name + end), { force: true });
}

/** A try to finish it failed: not every command is to try again at once. */
export function postponeRemoval(dir: string, { name }: RemovalNote): void {
  writePrivateFile(join(dir, FOLDER, name + TRIED), '');
}

/** Was it tried within the hour? */
export function isPostponed(dir: string, { name }: RemovalNote): boolean {
  const path = join(dir, FOLDER, name + TRIED);
  return existsSync(path) && !isOld(path);
}

function isOld(path: string): boolean {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat !== undefined && Date.now() - stat.mtimeMs > HOUR_MS;
}

const NOTE = '.json';
const TRIED = '.tried';
const HOUR_MS = 3600 * 1000;
