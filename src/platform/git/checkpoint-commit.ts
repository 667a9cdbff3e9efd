import { anchorError } from './anchor-error.ts';
import { git } from './anchor-git.ts';
import {
  branchBusy,
  CHECKPOINT_REF,
  isAncestor,
  MOVE_ATTEMPTS,
  moveBranch,
  pauseBeforeRetry,
  readTip,
} from './checkpoint-branch.ts';
import {
  type CheckpointLines,
  compareCheckpoints,
  readCheckpointLines,
} from './checkpoint-order.ts';
import { oneLine, readCheckpoint, unreadable, writeCheckpointTree } from './checkpoint-tree.ts';
import type { Repository } from './repository.ts';

/** A checkpoint on its way, with what every step needs. */
export interface Anchoring {
  repository: Repository;
  ledgerId: string;
  checkpoint: CheckpointLines;
  /** Environment of the commands that write. */
  writing: Readonly<Record<string, string>>;
}

/** Where the local branch stands. */
export interface Standing {
  /** The branch before this anchoring touched it. */
  earlier: string | null;
  /** The commit that holds the checkpoint. */
  tip: string;
  /** False if it was there already. */
  changed: boolean;
}

/** Puts the checkpoint on the local branch, unless it is there. */
export async function commitLocally(anchoring: Anchoring): Promise<Standing> {
  const { repository, ledgerId, checkpoint } = anchoring;
  let reason = '';
  for (let attempt = 0; attempt < MOVE_ATTEMPTS; attempt++) {
    const earlier = await readTip(repository, CHECKPOINT_REF);
    if (earlier !== null && (await mayReplace(anchoring, CHECKPOINT_REF, earlier)) === 'same') {
      return { earlier, tip: earlier, changed: false };
    }
    const tree = await writeCheckpointTree(repository, ledgerId, checkpoint.text, {
      base: earlier,
    });
    const tip = await commitTree(anchoring, tree, earlier === null ? [] : [earlier]);
    const move = await moveBranch(repository, anchoring.writing, { from: earlier, to: tip });
    if (move.moved) return { earlier, tip, changed: true };
    reason = move.reason;
    await pauseBeforeRetry(attempt);
  }
  throw branchBusy(repository, reason);
}

/**
 * Puts the checkpoint on top of the remote's branch, which went on without us.
 *
 * Our commit of a moment ago is made anew there; but what our branch held before and the remote
 * lacks (anchors that were never pushed, other ledgers) becomes a second parent, so that no
 * anchored root ever leaves the history.
 */
export async function moveOnto(
  anchoring: Anchoring,
  remote: { ref: string; commit: string },
  standing: Standing,
): Promise<Standing> {
  const { repository, ledgerId, checkpoint, writing } = anchoring;
  if (await isAncestor(repository, standing.tip, remote.commit)) {
    // Somebody pushed our commit for us. The branch follows; if it moved meanwhile, so be it.
    await moveBranch(repository, writing, { from: standing.tip, to: remote.commit });
    return standing;
  }
  const there = await mayReplace(anchoring, remote.ref, remote.commit);
  let earlier = standing.earlier;
  let from: string | null = standing.tip;
  let reason = '';
  for (let attempt = 0; attempt < MOVE_ATTEMPTS; attempt++) {
    const lacking =
      earlier !== null && !(await isAncestor(repository, earlier, remote.commit)) ? earlier : null;
    let next = remote.commit;
    if (there !== 'same' || lacking !== null) {
      const tree = await writeCheckpointTree(repository, ledgerId, checkpoint.text, {
        base: remote.commit,
        earlier: lacking,
      });
      const parents = lacking === null ? [remote.commit] : [remote.commit, lacking];
      next = await commitTree(anchoring, tree, parents);
    }
    const changed = standing.changed || next !== remote.commit;
    const move = await moveBranch(repository, writing, { from, to: next });
    if (move.moved) return { earlier, tip: next, changed };
    reason = move.reason;
    await pauseBeforeRetry(attempt);
    // Another process moved our branch, perhaps on from our commit: all it holds is kept.
    from = await readTip(repository, CHECKPOINT_REF);
    if (from === null || from === standing.tip) continue;
    if (await isAncestor(repository, remote.commit, from)) {
      const again = await commitLocally(anchoring);
      return { ...again, changed: again.changed || standing.changed };
    }
    await mayReplace(anchoring, CHECKPOINT_REF, from);
    earlier = from;
  }
  throw branchBusy(repository, reason);
}

/** Throws where a commit holds something for this ledger that ours must not replace. */
async function mayReplace(
  { repository, ledgerId, checkpoint }: Anchoring,
  ref: string,
  commit: string,
): Promise<'same' | 'later'> {
  const text = await readCheckpoint(repository, ref, commit, ledgerId);
  if (text === null) return 'later';
  const stored = readCheckpointLines(text);
  if (stored === null) throw unreadable(repository, ref, ledgerId, 'it does not begin as one');
  const order = compareCheckpoints(checkpoint, stored);
  if (order === 'same' || order === 'later') return order;
  if (order === 'forked') {
    throw anchorError({
      code: 'anchor.forked',
      message: `${ref} holds another root of this ledger at size ${stored.size}`,
      why: `there ${stored.root}, here ${checkpoint.root}: the ledger was rewritten, or two copies of it went on separately`,
      remedy: 'run `proof verify`, and keep both copies: each is evidence about the other',
    });
  }
  const local = ref === CHECKPOINT_REF;
  throw anchorError({
    code: local ? 'anchor.local-ahead' : 'anchor.remote-ahead',
    message: `${ref} holds a later checkpoint of this ledger: size ${stored.size}, here ${checkpoint.size}`,
    why: local
      ? 'another process has just anchored a newer one, or this ledger was put back to an older copy'
      : 'this ledger was put back to an older copy, or another copy of it went on elsewhere',
    remedy: local
      ? 'run `proof anchor` again; if it says the same, run `proof verify`'
      : 'run `proof verify`, and bring back the newer copy of the ledger (its `proof` directory) from where it is',
  });
}

/** The commit object only. `commit-tree` runs no hook, reads no index and signs nothing. */
async function commitTree(
  { repository, ledgerId, checkpoint, writing }: Anchoring,
  tree: string,
  parents: readonly string[],
): Promise<string> {
  const subject = `Checkpoint of ${ledgerId} at size ${checkpoint.size}`;
  const args = ['-c', 'i18n.commitEncoding=UTF-8', 'commit-tree', '-m', subject];
  const written = await git(repository, [...args, ...parents.flatMap((oid) => ['-p', oid]), tree], {
    environment: writing,
  });
  return oneLine(written);
}
