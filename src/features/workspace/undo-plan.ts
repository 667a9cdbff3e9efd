import type { FileState } from '../../core/entries/change-kind.ts';
import { type NetChange, sameState } from '../../views/net-changes.ts';

/** One thing to do so that a path is again as it was. */
export interface Restoration {
  path: string;
  bytes?: string;
  /** The state to reach; null: it is to be gone. */
  to: FileState | null;
  from: FileState | null;
}

export interface UndoPlan {
  restore: Restoration[];
  /** As they should be already. */
  done: string[];
  /** Changed again since: restoring them would lose that. */
  later: { path: string; from: FileState | null }[];
  /** What cannot be put back, and why. */
  cannot: { path: string; why: string }[];
}

/**
 * Decides what undoing `changes` takes, given what stands in the workspace now. Pure: a path that
 * is neither as the changes left it nor as it was before them has been worked on since.
 */
export function planUndo(
  changes: readonly NetChange[],
  now: (path: string, bytes?: string) => FileState | null,
  has: (state: FileState) => boolean,
): UndoPlan {
  const plan: UndoPlan = { restore: [], done: [], later: [], cannot: [] };
  for (const change of changes) {
    // Near the top of a directory of dependencies is all that was looked at: half of it put back
    // would be worse than none.
    if (change.part === 'dependencies') {
      if (change.change !== 'touched') {
        plan.cannot.push({ path: change.path, why: 'a dependency: install it again' });
      }
      continue;
    }
    for (const one of steps(change)) place(plan, one, now, has);
  }
  return plan;
}

interface Step {
  path: string;
  bytes?: string;
  /** As it was, and as the change left it. */
  to: FileState | null;
  left: FileState | null;
}

function steps(change: NetChange): Step[] {
  const { path, from, bytes, before, after } = change;
  if (change.change === 'transient' || change.change === 'touched') return [];
  if (from === undefined) {
    return [{ path, ...(bytes === undefined ? {} : { bytes }), to: before, left: after }];
  }
  return [
    { path, ...(bytes === undefined ? {} : { bytes }), to: null, left: after },
    { path: from, to: before, left: null },
  ];
}

function place(
  plan: UndoPlan,
  { path, bytes, to, left }: Step,
  now: (path: string, bytes?: string) => FileState | null,
  has: (state: FileState) => boolean,
): void {
  const there = now(path, bytes);
  if (sameState(there, to)) {
    plan.done.push(path);
    return;
  }
  const why = to === null ? null : whyNot(to, left, has);
  if (why !== null) {
    plan.cannot.push({ path, why });
    return;
  }
  if (!sameState(there, left)) plan.later.push({ path, from: there });
  plan.restore.push({ path, ...(bytes === undefined ? {} : { bytes }), to, from: there });
}

function whyNot(
  to: FileState,
  left: FileState | null,
  has: (state: FileState) => boolean,
): string | null {
  if (to.type === 'directory') return null;
  // Only its permissions differ: no bytes are needed for that.
  if (left !== null && left.type === to.type && left.hash !== null && left.hash === to.hash)
    return null;
  if (to.type === 'other') return 'it was no file, directory or link';
  switch (to.kept) {
    case 'whole':
    case 'secret':
      return has(to) ? null : 'its bytes are no longer in the cache';
    case 'ignored':
      return 'git ignores it, so only its hash is kept';
    case 'denied':
      return 'the boundary denies it, so only its hash is kept';
    case 'dependencies':
      return 'a dependency: install it again';
    case 'large':
      return 'it was too large to be kept';
    case 'unread':
      return 'it could not be read then';
  }
}
