import type { FileChange } from '../../core/entries/change-kind.ts';
import { sameNumbers } from './compare.ts';
import type { Look } from './look.ts';
import { storedPath } from './path-bytes.ts';
import { CTIME, INODE, MODE, MTIME, SIZE, type Snapshot, stateAt, typeOf } from './snapshot.ts';

/** A change with its place in both snapshots; -1 where it is in none. */
export interface Found {
  change: FileChange;
  at: number;
  was: number;
}

/** What is different, told as changes to files; sorted by path. */
export function changesOf(old: Snapshot, look: Look, judge?: Scope): Found[] {
  const { snapshot } = look;
  const gone = new Set(look.gone);
  const found: Found[] = [];
  const directories: number[] = [];
  for (const i of look.suspects) {
    const was = look.was[i] as number;
    if (was < 0) found.push(added(old, snapshot, i, gone));
    else if (isDirectory(old, was) && isDirectory(snapshot, i)) directories.push(i);
    else found.push(...altered(old, was, snapshot, i));
  }
  for (const at of gone) found.push(deleted(old, at));
  const parents = new Set(
    found.flatMap(({ change, at, was }) => touchedParents(old, snapshot, change, at, was)),
  );
  for (const i of directories) {
    found.push(...alteredDirectory(old, look.was[i] as number, snapshot, i, parents));
  }
  const scoped =
    judge === undefined
      ? found
      : found.map((one) => ({ ...one, change: scopedBy(judge, one.change) }));
  return scoped.sort((a, b) => (a.change.path < b.change.path ? -1 : 1));
}

/** What a boundary says about writing a path. */
export type Scope = (path: string) => FileChange['scope'];

function scopedBy(judge: Scope, change: FileChange): FileChange {
  const scope = judge(change.path);
  return scope === undefined ? change : { ...change, scope };
}

/** New at this path: moved here, if the same inode or the same bytes are gone from elsewhere. */
function added(old: Snapshot, next: Snapshot, i: number, gone: Set<number>): Found {
  const after = stateAt(next, i);
  for (const at of gone) {
    if (!isMoved(old, at, next, i)) continue;
    gone.delete(at);
    const from = storedPath(old.paths[at] as string).path;
    const change = { ...named(next, i), change: 'renamed' as const, from };
    return { change: { ...change, before: stateAt(old, at), after }, at: i, was: at };
  }
  const change = { ...named(next, i), change: 'added' as const, before: null, after };
  return { change, at: i, was: -1 };
}

function isMoved(old: Snapshot, at: number, next: Snapshot, i: number): boolean {
  const mode = old.stat(at, MODE);
  if (typeOf(mode) !== typeOf(next.stat(i, MODE)) || typeOf(mode) === 'directory') return false;
  const before = old.facts(at).hash;
  const after = next.facts(i).hash;
  const sameBytes = before !== null && after !== null && Buffer.compare(before, after) === 0;
  // An inode is given to the next file soon after it is free: it must be the same one by its time.
  const sameInode =
    old.stat(at, INODE) === next.stat(i, INODE) && old.stat(at, MTIME) === next.stat(i, MTIME);
  return sameInode || (sameBytes && old.stat(at, SIZE) > 0);
}

function deleted(old: Snapshot, at: number): Found {
  const change = {
    ...named(old, at),
    change: 'deleted' as const,
    before: stateAt(old, at),
    after: null,
  };
  return { change, at: -1, was: at };
}

function altered(old: Snapshot, was: number, next: Snapshot, i: number): Found[] {
  const before = stateAt(old, was);
  const after = stateAt(next, i);
  const sameBytes =
    before.type === after.type &&
    before.size === after.size &&
    (before.hash === null || after.hash === null
      ? old.stat(was, MTIME) === next.stat(i, MTIME)
      : before.hash === after.hash);
  // Looked at again only because its times could not be trusted: it had not changed.
  if (sameBytes && sameNumbers(old, was, next, i)) return [];
  const change = !sameBytes ? 'modified' : before.mode === after.mode ? 'touched' : 'mode';
  return [{ change: { ...named(next, i), change, before, after }, at: i, was }];
}

function alteredDirectory(
  old: Snapshot,
  was: number,
  next: Snapshot,
  i: number,
  parents: ReadonlySet<string>,
): Found[] {
  const before = stateAt(old, was);
  const after = stateAt(next, i);
  const as = (change: FileChange['change']): Found[] => [
    { change: { ...named(next, i), change, before, after }, at: i, was },
  ];
  if (before.mode !== after.mode) return as('mode');
  const renewed = old.stat(was, MTIME) !== next.stat(i, MTIME);
  if (after.kept === 'dependencies') return renewed ? as('touched') : [];
  if (parents.has(next.paths[i] as string)) return [];
  if (renewed) return as('transient');
  // Its own attributes or owner, or it is another directory under the same name.
  const moved = old.stat(was, INODE) !== next.stat(i, INODE);
  return moved || old.stat(was, CTIME) !== next.stat(i, CTIME) ? as('touched') : [];
}

/** Directories whose own times a change explains: something came, went or was replaced in them. */
function touchedParents(
  old: Snapshot,
  next: Snapshot,
  { change }: FileChange,
  at: number,
  was: number,
): string[] {
  const replaced = at >= 0 && was >= 0 && old.stat(was, INODE) !== next.stat(at, INODE);
  if (change !== 'added' && change !== 'deleted' && change !== 'renamed' && !replaced) return [];
  return [
    ...(at < 0 ? [] : [next.paths[at] as string]),
    ...(was < 0 ? [] : [old.paths[was] as string]),
  ].map(parentOf);
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

function isDirectory(snapshot: Snapshot, i: number): boolean {
  return typeOf(snapshot.stat(i, MODE)) === 'directory';
}

function named(snapshot: Snapshot, i: number) {
  const path = snapshot.paths[i] as string;
  return { ...storedPath(path === '' ? '.' : path), part: snapshot.facts(i).part };
}
