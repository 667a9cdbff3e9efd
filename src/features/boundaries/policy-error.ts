import { EXIT, ProofError } from '../../core/errors.ts';

export type PolicyErrorCode =
  | 'policy.not-yaml'
  | 'policy.too-large'
  | 'policy.too-deep'
  | 'policy.alias'
  | 'policy.tag'
  | 'policy.duplicate-key'
  | 'policy.unknown-key'
  | 'policy.wrong-value'
  | 'policy.bad-glob'
  | 'policy.bad-host'
  | 'policy.bad-rule'
  | 'policy.example-fails'
  | 'policy.unreadable'
  | 'policy.not-found'
  | 'policy.exists'
  | 'policy.not-edited'
  | 'policy.nothing-to-import'
  | 'policy.not-imported';

/** Something wrong with a policy file, and where. Lines and columns count from 1. */
export interface PolicyProblem {
  readonly code: PolicyErrorCode;
  readonly line: number;
  readonly column: number;
  /** What is wrong, a clause without the place: `there is no key "alow"`. */
  readonly message: string;
  readonly why: string;
  readonly remedy: string;
}

/** The first of a file's problems, as the error that ends a command. */
export function policyFileError(
  file: string,
  problems: readonly PolicyProblem[],
): ProofError<PolicyErrorCode> {
  const [first] = problems;
  if (first === undefined) throw new Error('a file without problems has no error');
  const more = problems.length === 1 ? '' : ` (and ${problems.length - 1} more)`;
  return policyError(
    first.code,
    `${file}:${first.line}:${first.column}: ${first.message}${more}`,
    first.why,
    first.remedy,
  );
}

export function policyError(
  code: PolicyErrorCode,
  message: string,
  why: string,
  remedy: string,
): ProofError<PolicyErrorCode> {
  return new ProofError({ code, message, why, remedy, exit: EXIT.usage });
}
