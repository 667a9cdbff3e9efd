import type { Found } from './changes.ts';
import { sameNumbers } from './compare.ts';
import { Snapshot, STATS } from './snapshot.ts';

/**
 * What is left to tell, and what will then have been told, when other recorded commands wrote to
 * the same workspace between our two looks: a command inside ours, or one beside it.
 *
 * `stored` is what has been told so far, `start` what we saw before our command, `end` after it.
 * Without others, `stored` is `start`, and all of it is ours.
 */
export function merge(
  stored: Snapshot,
  start: Snapshot,
  end: Snapshot,
  found: readonly Found[],
): { found: readonly Found[]; snapshot: Snapshot } {
  if (stored === start) return { found, snapshot: end };
  const ours = found.filter(({ at, was }) => {
    if (at < 0) return stored.indexOf(start.paths[was] as string) >= 0;
    const told = stored.indexOf(end.paths[at] as string);
    return told < 0 || !sameNumbers(stored, told, end, at);
  });
  const taken = new Set(ours.map(({ at }) => at));
  const removed = new Set(
    ours.flatMap(({ was, change }) =>
      was >= 0 && (change.change === 'deleted' || change.change === 'renamed')
        ? [start.paths[was] as string]
        : [],
    ),
  );
  // Rows of the next snapshot: [which snapshot, index there].
  const rows: [Snapshot, number][] = [];
  for (let i = 0; i < end.size; i++) {
    const path = end.paths[i] as string;
    const told = stored.indexOf(path);
    const unchangedSinceStart = !taken.has(i) && told >= 0;
    if (unchangedSinceStart) rows.push([stored, told]);
    else if (taken.has(i)) rows.push([end, i]);
  }
  for (let at = 0; at < stored.size; at++) {
    const path = stored.paths[at] as string;
    if (end.indexOf(path) < 0 && !removed.has(path)) rows.push([stored, at]);
  }
  const snapshot = new Snapshot({
    paths: rows.map(([from, i]) => from.paths[i] as string),
    stats: Float64Array.from(
      rows.flatMap(([from, i]) => [...from.stats.subarray(i * STATS, (i + 1) * STATS)]),
    ),
    tree: end.tree,
  });
  rows.forEach(([from, i], row) => {
    snapshot.copyFacts(row, from, i);
  });
  return { found: ours, snapshot };
}
