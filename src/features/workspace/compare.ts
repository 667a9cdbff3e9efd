import { type Snapshot, STATS } from './snapshot.ts';

/** What of a new look differs, as far as numbers tell. */
export interface Comparison {
  /** Indexes in the new snapshot: new paths, and those whose numbers differ or cannot be trusted. */
  suspects: number[];
  /** Indexes in the old one: paths that are there no more. */
  gone: number[];
  /** For each index of the new snapshot that of the same path in the old one, or -1. */
  was: Int32Array;
}

/**
 * Compares two snapshots by type, mode, inode, size, mtime and ctime, and takes over what the old
 * one knows of every path that is unchanged. ctime is the one number a program cannot set back.
 */
export function compare(old: Snapshot, next: Snapshot): Comparison {
  const suspects: number[] = [];
  const was = new Int32Array(next.size);
  const seen = new Uint8Array(old.size);
  let expected = 0;
  for (let i = 0; i < next.size; i++) {
    const path = next.paths[i] as string;
    // An unchanged directory lists its names in the same order: mostly the next path is the next.
    const at = old.paths[expected] === path ? expected : old.indexOf(path);
    was[i] = at;
    if (at >= 0) {
      seen[at] = 1;
      expected = at + 1;
      if (sameNumbers(old, at, next, i) && !old.isRacy(at)) {
        next.copyFacts(i, old, at);
        continue;
      }
    }
    suspects.push(i);
  }
  const gone: number[] = [];
  for (let at = 0; at < old.size; at++) if (seen[at] === 0) gone.push(at);
  return { suspects, gone, was };
}

export function sameNumbers(old: Snapshot, at: number, next: Snapshot, i: number): boolean {
  for (let k = 0; k < STATS; k++) {
    if (old.stats[at * STATS + k] !== next.stats[i * STATS + k]) return false;
  }
  return true;
}
