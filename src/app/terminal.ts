import type { ProofError } from '../core/errors.ts';
import type { Paint } from './paint.ts';

/** The person's side of the process; the command line has one, a test another. */
export interface Terminal {
  /** Progress of long work. */
  progress(text: string): void;
  /** Something beside the answer, for a person only. */
  say(text: string): void;
  /** What `say` or `warn` would write, for a screen that somebody else writes to; '' for nothing. */
  spoken(what: string | ProofError): string;
  /** Something about the boundary that whoever runs it has to know, an agent too. */
  remark(text: string): void;
  /** Trouble that does not end the operation. */
  warn(error: ProofError): void;
  /** Lets this process end as a command ended, once all is written. */
  endLike(exit: { code: number } | { signal: NodeJS.Signals }): void;
  /** Asks a person and waits for a line; null where nobody can be asked. */
  ask(question: (paint: Paint) => string): Promise<string | null>;
  /** All of standard input. */
  readInput(): Promise<string>;
  /** Standard input as it comes, for what need not fit into memory. */
  inputBytes(): AsyncIterable<Uint8Array>;
  /**
   * Aborted by the first Ctrl-C, SIGTERM or hang-up, which then only ends the work at hand and
   * keeps what it brought. The second ends the process as ever.
   */
  stopped(): AbortSignal;
  /** Writes bytes as the whole answer: nothing else is printed then. */
  writeBytes(pieces: Iterable<Uint8Array>): Promise<void>;
  /** Waits; false once the process is asked to end. */
  pause(ms: number): Promise<boolean>;
}
