import { type ErrorFacts, ProofError } from '../../core/errors.ts';

/** Everything that can go wrong with anchors. Failing to push is no error, see `Pushed`. */
export type AnchorErrorCode =
  /** There is no git on PATH. */
  | 'anchor.no-git'
  /** The directory is no repository (any more). */
  | 'anchor.no-repository'
  /** git refuses the repository because another user owns it. */
  | 'anchor.untrusted-repository'
  /** The git directory cannot be written: permissions, a full or read-only disk. */
  | 'anchor.not-writable'
  /** The remote that was asked for is not configured. */
  | 'anchor.no-such-remote'
  /** The text given is not a checkpoint of that ledger with that size. */
  | 'anchor.invalid-checkpoint'
  /** What stands where a checkpoint should be is not one, or cannot be read. */
  | 'anchor.unreadable'
  /** The local branch holds a later checkpoint of this ledger. */
  | 'anchor.local-ahead'
  /** The remote's branch holds a later checkpoint of this ledger. */
  | 'anchor.remote-ahead'
  /** Another root was anchored for the same size: one ledger, two histories. */
  | 'anchor.forked'
  /** The branch's name is taken by something that is not a plain branch. */
  | 'anchor.branch-unusable'
  /** The branch is checked out in a worktree, and moving it would upset that one. */
  | 'anchor.branch-checked-out'
  /** The branch could not be moved: locked, or always moved by others in between. */
  | 'anchor.branch-busy'
  /** git failed in a way nothing here foresaw, or did not answer. */
  | 'anchor.git-failed';

export function anchorError(facts: ErrorFacts<AnchorErrorCode>): ProofError<AnchorErrorCode> {
  return new ProofError(facts);
}

/** For a command the user pastes into a shell. */
export function shellQuoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
