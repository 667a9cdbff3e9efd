/**
 * The one error a person or a program ever gets from Prooflayer.
 *
 * `code` is the contract (tests and JSON consumers match on it), the three sentences are for
 * people: `message` says what happened, `why` says why, `remedy` says what to type or do next.
 */
export class ProofError<Code extends string = string> extends Error {
  readonly code: Code;
  readonly why: string;
  readonly remedy: string;
  readonly exit: ExitCode;

  constructor(facts: ErrorFacts<Code>) {
    super(facts.message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.name = 'ProofError';
    this.code = facts.code;
    this.why = facts.why;
    this.remedy = facts.remedy;
    this.exit = facts.exit ?? EXIT.failed;
  }
}

export interface ErrorFacts<Code extends string> {
  code: Code;
  message: string;
  why: string;
  remedy: string;
  exit?: ExitCode;
  cause?: unknown;
}

/** Exit codes of the command line (design 1); `proof run` passes the command's own code instead. */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  verification: 3,
  denied: 4,
  needsHuman: 5,
  /** Somebody pressed Ctrl-C, or sent what means the same. */
  interrupted: 130,
  /** `proof run` could not run the command at all (as `env` and `timeout` say it). */
  notRun: 125,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
