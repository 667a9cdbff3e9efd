/**
 * How the checkpoint to anchor relates to one of the same ledger that is anchored already:
 * - `same`: the same text, byte for byte
 * - `later`: it may take the other's place (a larger tree, or the same root signed anew)
 * - `earlier`: it may not
 * - `forked`: it is not the same log, or another root for the same size
 *
 * Only the three lines of the C2SP format are read. Whether the larger tree contains the smaller
 * one is for the verifier to say, which has the entries and the keys.
 */
export type CheckpointOrder = 'same' | 'later' | 'earlier' | 'forked';

export function compareCheckpoints(
  offered: CheckpointLines,
  stored: CheckpointLines,
): CheckpointOrder {
  if (offered.text === stored.text) return 'same';
  if (offered.origin !== stored.origin) return 'forked';
  if (offered.size !== stored.size) return offered.size > stored.size ? 'later' : 'earlier';
  return offered.root === stored.root ? 'later' : 'forked';
}

export interface CheckpointLines {
  text: string;
  origin: string;
  size: number;
  /** Base64, as it stands there. */
  root: string;
}

/** Null for a text that does not begin as a checkpoint does. */
export function readCheckpointLines(text: string): CheckpointLines | null {
  const [origin, size, root, after] = text.split('\n', 4);
  if (!origin || !size || !root || after === undefined) return null;
  if (!/^(?:0|[1-9][0-9]{0,15})$/.test(size) || !Number.isSafeInteger(Number(size))) return null;
  if (!/^[A-Za-z0-9+/]{43}=$/.test(root)) return null;
  return { text, origin, size: Number(size), root };
}

/** One checkpoint with a few witnesses' lines is under 4 KiB; the size limit for all that is read. */
export const MAX_CHECKPOINT_BYTES = 64 * 1024;
