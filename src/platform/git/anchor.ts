import { anchorError } from './anchor-error.ts';
import { CHECKPOINT_REF, refuseIfCheckedOut } from './checkpoint-branch.ts';
import { type Anchoring, commitLocally } from './checkpoint-commit.ts';
import { MAX_CHECKPOINT_BYTES, readCheckpointLines } from './checkpoint-order.ts';
import { chooseRemote, type Pushed, pushCheckpoint } from './checkpoint-push.ts';
import { isLedgerId } from './checkpoint-tree.ts';
import { readSettings } from './git-settings.ts';
import type { Repository } from './repository.ts';

export type { AnchorErrorCode } from './anchor-error.ts';
export type { Pushed } from './checkpoint-push.ts';
export { type Anchor, type AnchorHistory, anchorHistory, readAnchors } from './read-anchors.ts';

export interface AnchorRequest {
  ledgerId: string;
  /** The signed checkpoint, verbatim; it is stored byte for byte. */
  checkpoint: string;
  /** The tree size the checkpoint signs. */
  size: number;
  /** A remote's name; `false`: do not push. */
  remote?: string | false;
  /** For everything said to the remote together. */
  timeoutMs?: number;
}

export interface Anchored {
  /** The commit of `ref` that holds the checkpoint. */
  commit: string;
  ref: string;
  /** Whether a commit was made; false if the checkpoint was anchored before. */
  changed: boolean;
  /** Null where there is no remote to push to. */
  pushed: Pushed | null;
}

/**
 * Commits a signed checkpoint onto `refs/heads/proof-checkpoints` and pushes that branch.
 *
 * Plumbing only: no worktree, index, HEAD or stash is touched, no hook runs, nothing is signed by
 * git. Throws a ProofError (`AnchorErrorCode`) where the checkpoint could not be committed, or
 * where what is anchored already contradicts it; after `anchor.remote-ahead` and a fork at the
 * remote the local branch does hold it.
 */
export async function anchorCheckpoint(
  repository: Repository,
  request: AnchorRequest,
): Promise<Anchored> {
  const checkpoint = readRequest(request);
  const settings = await readSettings(repository);
  const remote = chooseRemote(repository, settings, request.remote);
  await refuseIfCheckedOut(repository);
  const { ledgerId } = request;
  const anchoring: Anchoring = { repository, ledgerId, checkpoint, writing: settings.writing };
  const local = await commitLocally(anchoring);
  if (remote === null) {
    return { commit: local.tip, ref: CHECKPOINT_REF, changed: local.changed, pushed: null };
  }
  const timeoutMs = request.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const way = { remote, timeoutMs, from: local };
  const { standing, pushed } = await pushCheckpoint(anchoring, settings, way);
  return { commit: standing.tip, ref: CHECKPOINT_REF, changed: standing.changed, pushed };
}

const DEFAULT_TIMEOUT_MS = 30_000;

function readRequest({ ledgerId, checkpoint, size }: AnchorRequest) {
  const lines = readCheckpointLines(checkpoint);
  const problem = !isLedgerId(ledgerId)
    ? `\`${ledgerId}\` is no ledger id`
    : lines === null
      ? 'it does not begin with an origin, a size and a root'
      : !lines.origin.endsWith(`/${ledgerId}`)
        ? `its origin is ${lines.origin}`
        : lines.size !== size
          ? `its size is ${lines.size}`
          : Buffer.byteLength(checkpoint) > MAX_CHECKPOINT_BYTES
            ? `it is larger than ${MAX_CHECKPOINT_BYTES} bytes`
            : null;
  if (lines !== null && problem === null) return lines;
  throw anchorError({
    code: 'anchor.invalid-checkpoint',
    message: `this is not a checkpoint of ${ledgerId} at size ${size}`,
    why: problem as string,
    remedy: 'run `proof verify` to see whether the ledger is sound',
  });
}
