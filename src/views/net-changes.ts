import type { FileChange, FileState } from '../core/entries/change-kind.ts';
import type { Seq } from '../core/names.ts';

/** What several changes come to for one file, and the change entries that had a part in it. */
export interface NetChange extends FileChange {
  by: Seq[];
}

/**
 * Adds changes up, in their order: per path, the first state before and the last one after. What
 * ends as it began drops out, and so do mere touches, unless there is but one change.
 */
export function netChanges(
  changes: readonly { seq: Seq; files: readonly FileChange[] }[],
): NetChange[] {
  const [only, ...more] = changes;
  if (only === undefined) return [];
  if (more.length === 0) return only.files.map((file) => ({ ...file, by: [only.seq] }));
  const paths = new Map<string, Sum>();
  for (const { seq, files } of changes) for (const file of files) add(paths, file, seq);
  const net: NetChange[] = [];
  const removed: NetChange[] = [];
  for (const [path, sum] of paths) {
    const { before, after } = sum;
    if (sameState(before, after)) continue;
    const change = before === null ? 'added' : after === null ? 'deleted' : kindOf(before, after);
    const one = { ...sum.latest, path, change, before, after, by: sum.by };
    (change === 'deleted' ? removed : net).push(one);
  }
  return [...paired(net, removed)].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Whether two states have the same type, bytes and permissions, as far as they are known. */
export function sameState(a: FileState | null, b: FileState | null): boolean {
  if (a === null || b === null) return a === b;
  return a.type === b.type && a.mode === b.mode && sameBytes(a, b);
}

interface Sum {
  before: FileState | null;
  after: FileState | null;
  by: Seq[];
  latest: Pick<FileChange, 'part' | 'scope' | 'bytes'>;
}

function add(paths: Map<string, Sum>, file: FileChange, seq: Seq): void {
  if (file.change === 'transient') return;
  const { path, from, part, scope, bytes } = file;
  const latest = {
    part,
    ...(scope === undefined ? {} : { scope }),
    ...(bytes === undefined ? {} : { bytes }),
  };
  const put = (at: string, before: FileState | null, after: FileState | null) => {
    const sum = paths.get(at);
    if (sum === undefined) paths.set(at, { before, after, by: [seq], latest });
    else paths.set(at, { ...sum, after, by: [...sum.by, seq], latest });
  };
  if (from === undefined) put(path, file.before, file.after);
  else {
    put(from, file.before, null);
    put(path, null, file.after);
  }
}

function sameBytes(a: FileState, b: FileState): boolean {
  if (a.hash !== null && b.hash !== null) return a.hash === b.hash;
  return a.hash === b.hash && a.size === b.size;
}

function kindOf(before: FileState, after: FileState): FileChange['change'] {
  return before.type === after.type && sameBytes(before, after) ? 'mode' : 'modified';
}

/** What is gone here and new there with the same bytes was moved. */
function* paired(net: readonly NetChange[], removed: NetChange[]): Generator<NetChange> {
  const byHash = new Map<string, NetChange[]>();
  for (const one of removed) {
    const hash = one.before?.hash;
    if (hash == null || one.before?.size === 0) continue;
    byHash.set(hash, [...(byHash.get(hash) ?? []), one]);
  }
  const moved = new Set<NetChange>();
  for (const one of net) {
    const hash = one.change === 'added' ? one.after?.hash : null;
    const from = hash == null ? undefined : byHash.get(hash)?.find((old) => !moved.has(old));
    if (from === undefined || from.before?.type !== one.after?.type) {
      yield one;
      continue;
    }
    moved.add(from);
    const by = [...new Set([...from.by, ...one.by])];
    yield { ...one, change: 'renamed', from: from.path, before: from.before, by };
  }
  yield* removed.filter((one) => !moved.has(one));
}
