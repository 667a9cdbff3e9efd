import { ProofError } from '../../../core/errors.ts';
import { entryName, type Seq } from '../../../core/names.ts';
import { shellError } from './shell-error.ts';

/** What is said to the user of a shell when something of it could not be kept. */
export function notRecorded(message: string, trouble: unknown): ProofError {
  const cause = trouble instanceof ProofError ? trouble : null;
  return shellError(
    'shell.unrecorded',
    message,
    cause === null ? (trouble as Error).message : `${cause.message}: ${cause.why}`,
    cause?.remedy ?? 'proof doctor',
    trouble,
  );
}

export function entryTrouble(seq: Seq | null, gapNoted: boolean, trouble: unknown): ProofError {
  const after = gapNoted ? 'It will show as a gap.' : 'Nothing of it is kept.';
  return notRecorded(
    seq === null
      ? `The command ran, but was not recorded. ${after}`
      : `The command is recorded as ${entryName(seq)}, but not all of its output.`,
    trouble,
  );
}

export function notWatched(seq: Seq | null, trouble: unknown): ProofError {
  const name = seq === null ? 'A command' : entryName(seq);
  return notRecorded(`${name} is recorded, but not what it changed in the workspace.`, trouble);
}

export function isTrouble(trouble: unknown): boolean {
  return trouble !== null && trouble !== undefined;
}
