import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  ftruncateSync,
  lstatSync,
  mkdirSync,
  openSync,
  realpathSync,
  renameSync,
  rmdirSync,
  symlinkSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { Contents } from './contents.ts';
import { pathOf, systemPath } from './path-bytes.ts';
import type { Restoration } from './undo-plan.ts';
import { type Ground, placeOf } from './walk.ts';

/**
 * Puts paths back. What is to go goes first, the deepest first; then directories come back, the
 * highest first; then files and links. Returns what could not be done.
 *
 * Paths come from entries, which somebody may have forged: nothing is written through a link, or
 * outside the workspace.
 */
export function restore(
  ground: Ground,
  contents: Contents,
  plan: readonly Restoration[],
): { path: string; why: string }[] {
  const failed: { path: string; why: string }[] = [];
  const attempt = (one: Restoration, work: (place: string) => void) => {
    try {
      work(placeWithin(ground, one));
    } catch (error) {
      failed.push({ path: one.path, why: (error as Error).message });
    }
  };
  const byDepth = [...plan].sort(
    (a, b) => depth(a.path) - depth(b.path) || (a.path < b.path ? -1 : 1),
  );
  const replaced = (one: Restoration) =>
    one.to === null || (one.from !== null && one.from.type !== one.to.type);
  for (const one of byDepth.filter(replaced).reverse()) attempt(one, remove);
  for (const one of byDepth) {
    if (one.to?.type === 'directory')
      attempt(one, (place) => makeDirectory(place, one.to?.mode ?? 0o755));
  }
  for (const one of byDepth) {
    if (one.to !== null && one.to.type !== 'directory') {
      attempt(one, (place) => putBack(place, one, contents));
    }
  }
  // Last of all, so that a directory nobody may write to could be filled before.
  for (const one of byDepth.reverse()) {
    const { to } = one;
    if (to?.type === 'directory') attempt(one, (place) => chmodSync(systemPath(place), to.mode));
  }
  return failed.filter(({ path }, i) => failed.findIndex((other) => other.path === path) === i);
}

/** What an undo that was killed left lying between its writing and its rename. */
export function removeDrafts(ground: Ground, paths: readonly string[]): void {
  for (const path of paths) {
    if (!DRAFT.test(path)) continue;
    try {
      unlinkSync(systemPath(placeOf(ground, path)));
    } catch {
      // Gone by now, or not ours to remove: it is in the record.
    }
  }
}

const DRAFT = /(^|\/)\.proof-undo-[0-9a-f]{12}$/;

function placeWithin(ground: Ground, one: Restoration): string {
  const path = pathOf(one);
  if (
    path.split('/').some((part) => part === '' || part === '.' || part === '..') ||
    path.includes('\0')
  ) {
    throw new Error('no path inside the workspace');
  }
  const place = placeOf(ground, path);
  const inGit = path.startsWith('.git/') && ground.commonDir !== null;
  const root = inGit ? (ground.commonDir as string) : ground.root;
  const above = nearestDirectory(dirname(place));
  const real = realpathSync.native(systemPath(above)) as string;
  const rootReal = realpathSync.native(root);
  // A link among the directories above would lead somewhere else.
  const expected = above === root ? rootReal : `${rootReal}${above.slice(root.length)}`;
  if (real !== expected && above.isWellFormed()) {
    throw new Error('a directory above it is a link to somewhere else now');
  }
  if (place === ground.ledgerDir || place.startsWith(`${ground.ledgerDir}/`)) {
    throw new Error('it lies in the ledger');
  }
  return place;
}

/** The nearest directory above that exists. */
function nearestDirectory(place: string): string {
  let at = place;
  while (at !== '/' && lstatSync(systemPath(at), { throwIfNoEntry: false }) === undefined) {
    at = dirname(at);
  }
  return at;
}

function remove(place: string): void {
  const stat = lstatSync(systemPath(place), { throwIfNoEntry: false });
  if (stat === undefined) return;
  if (stat.isDirectory()) rmdirSync(systemPath(place));
  else unlinkSync(systemPath(place));
}

function makeDirectory(place: string, mode: number): void {
  const stat = lstatSync(systemPath(place), { throwIfNoEntry: false });
  if (stat?.isDirectory()) return;
  // Ours to write in until it is filled; its own mode comes last.
  mkdirSync(systemPath(place), { mode: mode | 0o700, recursive: true });
}

function putBack(place: string, { to, from }: Restoration, contents: Contents): void {
  if (to === null) return;
  const there = lstatSync(systemPath(place), { throwIfNoEntry: false });
  const sameBytes = from?.type === to.type && from.hash !== null && from.hash === to.hash;
  if (sameBytes && there !== undefined) {
    if (to.type === 'file') chmodSync(systemPath(place), to.mode);
    return;
  }
  const kept = to.hash === null ? null : contents.get(Buffer.from(to.hash, 'hex'));
  if (kept === null) throw new Error('its bytes are not in the cache');
  makeDirectory(dirname(place), 0o755);
  // Other names of the same file are to see the bytes too: then it is written in place.
  if (to.type === 'file' && there?.isFile() && there.nlink > 1)
    writeInPlace(place, kept.bytes, to.mode);
  else replace(place, to, kept.bytes);
}

function writeInPlace(place: string, bytes: Buffer, mode: number): void {
  const file = openSync(systemPath(place), constants.O_WRONLY | constants.O_NOFOLLOW);
  try {
    writeAll(file, bytes);
    ftruncateSync(file, bytes.length);
    fchmodSync(file, mode);
  } finally {
    closeSync(file);
  }
}

/** By rename: whoever reads the file meanwhile sees it whole, before or after. */
function replace(place: string, to: NonNullable<Restoration['to']>, bytes: Buffer): void {
  const draft = `${dirname(place)}/.proof-undo-${randomBytes(6).toString('hex')}`;
  try {
    if (to.type === 'symlink') symlinkSync(bytes, systemPath(draft));
    else {
      const file = openSync(systemPath(draft), 'wx', 0o600);
      try {
        writeAll(file, bytes);
        fchmodSync(file, to.mode);
      } finally {
        closeSync(file);
      }
    }
    renameSync(systemPath(draft), systemPath(place));
  } catch (error) {
    try {
      unlinkSync(systemPath(draft));
    } catch {
      // It was not made.
    }
    throw error;
  }
}

function writeAll(file: number, bytes: Buffer): void {
  for (let done = 0; done < bytes.length; )
    done += writeSync(file, bytes, done, bytes.length - done, done);
}

function depth(path: string): number {
  return path.split('/').length;
}
