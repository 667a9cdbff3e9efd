import type { ProofError } from '../../../core/errors.ts';
import type { Seq } from '../../../core/names.ts';
import type { RecordedCommand } from './command-of-shell.ts';
import type { ShellChannel } from './shell-machine.ts';

/** What a session is told, and whom it asks. */
export interface SessionRequest {
  nonce: string;
  channel: ShellChannel;
  /** The task that a command in this directory belongs to. */
  taskAt(cwd: string): Seq | null;
  /** What the shell's children are told: null lets each look for itself. */
  pinned: Seq | null;
  cwd: string;
  /** When a command is on record: what else there is to keep of it, and to say. Never rejects. */
  recorded(command: RecordedCommand): Promise<readonly (string | ProofError)[]>;
  /** As the user's screen is to show it, a line or three. */
  notice(what: string | ProofError): string;
}

/** What came of a session. */
export interface SessionCount {
  commands: number;
  notes: number;
  first: Seq | null;
  last: Seq | null;
  unrecorded: number;
  /** Whether the shell's hooks ever spoke. */
  hooked: boolean;
}
