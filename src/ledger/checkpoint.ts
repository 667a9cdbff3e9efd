import { fromBase64, toBase64 } from '../core/bytes.ts';
import type { Primitives } from '../core/primitives.ts';
import { NoteError, openNote, unverifiedText, type VerifierKey } from './note.ts';

/** C2SP tlog-checkpoint: what a ledger signs about itself. People see it as the *signed root*. */
export interface Checkpoint {
  /** `prooflayer.dev/<ledger id>`, equal to the signing key's name. */
  origin: string;
  /** Number of leaves. */
  size: number;
  /** Root of the tree over them, 32 bytes. */
  root: Uint8Array;
}

export function originOf(ledgerId: string): string {
  return `prooflayer.dev/${ledgerId}`;
}

/** The text that is signed: origin, decimal size, base64 root, a line each. */
export function checkpointText(checkpoint: Checkpoint): string {
  return `${checkpoint.origin}\n${checkpoint.size}\n${toBase64(checkpoint.root)}\n`;
}

/** Opens a signed checkpoint and requires that the key named after its origin signed it. */
export function openCheckpoint(
  primitives: Primitives,
  note: string,
  keys: readonly VerifierKey[],
): Checkpoint {
  const opened = openNote(primitives, note, keys);
  const checkpoint = parseCheckpoint(opened.text);
  if (!opened.signedBy.includes(checkpoint.origin)) {
    throw new NoteError('note.no-known-signature', `not signed by the key of ${checkpoint.origin}`);
  }
  return checkpoint;
}

/** Reads a checkpoint's claims without checking its signatures. */
export function unverifiedCheckpoint(note: string): Checkpoint {
  return parseCheckpoint(unverifiedText(note));
}

function parseCheckpoint(text: string): Checkpoint {
  const [origin, size, root, ...extensions] = text.slice(0, -1).split('\n');
  const bytes = fromBase64(root ?? '');
  if (
    !text.endsWith('\n') ||
    origin === undefined ||
    origin === '' ||
    !/^(0|[1-9][0-9]{0,15})$/.test(size ?? '') ||
    !Number.isSafeInteger(Number(size)) ||
    bytes?.length !== 32 ||
    extensions.some((line) => line === '')
  ) {
    throw new NoteError('note.malformed', 'not a checkpoint: origin, size and root, a line each');
  }
  return { origin, size: Number(size), root: bytes };
}
