import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Policy, Verdict } from '../../judge/boundary/policy.ts';
import type { Decide } from './decide-port.ts';
import { parsePolicy } from './parse-policy.ts';
import { type PolicyProblem, policyError, policyFileError } from './policy-error.ts';
import type { Remark } from './policy-remarks.ts';
import { MOST_BYTES } from './yaml-values.ts';

export const POLICY_FILE = 'proof.yaml';

/** A policy file that was read and holds. */
export interface ReadPolicy {
  readonly path: string;
  readonly text: string;
  readonly policy: Policy;
  readonly remarks: readonly Remark[];
}

/** The text of a policy file; null where there is none. */
export function readPolicyText(path: string): string | null {
  try {
    // Asked first: opening a pipe that nobody writes to would wait for ever.
    const stat = statSync(path);
    if (!stat.isFile()) throw new Error('it is not a file');
    if (stat.size > MOST_BYTES) throw new Error(`it is larger than ${MOST_BYTES / 1024} KiB`);
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const { code, syscall } = cause as NodeJS.ErrnoException;
    // A directory that cannot be looked into shows no file either; one that is seen and cannot be
    // read is another matter: nobody is to get past a boundary by closing it.
    if (code === 'ENOENT' || (code === 'EACCES' && syscall === 'stat')) return null;
    throw policyError(
      'policy.unreadable',
      `${path} cannot be read`,
      (cause as Error).message,
      `look at it: ls -l ${path}`,
    );
  }
}

export function policyPath(root: string): string {
  return join(root, POLICY_FILE);
}

/**
 * Reads a policy file and tries its examples: a policy whose examples fail is not the one its
 * author meant, and is refused.
 *
 * @throws ProofError `policy.*` with line and column in its message.
 */
export async function readPolicy(path: string, decide: Decide): Promise<ReadPolicy | null> {
  const text = readPolicyText(path);
  if (text === null) return null;
  return checkedPolicy(path, text, decide);
}

/** The same of a text. */
export async function checkedPolicy(
  path: string,
  text: string,
  decide: Decide,
): Promise<ReadPolicy> {
  const found = await policyOrProblems(text, decide);
  if (Array.isArray(found)) throw policyFileError(path, found);
  return { path, text, ...found };
}

export async function policyOrProblems(
  text: string,
  decide: Decide,
): Promise<{ policy: Policy; remarks: readonly Remark[] } | PolicyProblem[]> {
  const parsed = await parsePolicy(text);
  if (Array.isArray(parsed)) return parsed;
  const failing = failingExamples(parsed.policy, decide);
  return failing.length > 0 ? failing : parsed;
}

/** Examples that the policy's own rules judge otherwise. */
export function failingExamples(policy: Policy, decide: Decide): PolicyProblem[] {
  const wanted: readonly Verdict[] = ['allow', 'ask', 'deny'];
  return wanted.flatMap((verdict) =>
    policy.commands.examples[verdict].flatMap(({ text, line }): PolicyProblem[] => {
      const found = decide.text(text, policy, 'agent');
      if (found.verdict === verdict) return [];
      const part = found.parts.find((one) => one.verdict === found.verdict);
      const rule = part?.rule == null ? '' : `, by "${part.rule.text}" (line ${part.rule.line})`;
      return [
        {
          code: 'policy.example-fails',
          line: line ?? 1,
          column: 1,
          message: `the example "${text}" is to be ${PAST[verdict]}, and is ${PAST[found.verdict]}`,
          why: part === undefined ? 'nothing in it is judged' : `${part.text}: ${part.why}${rule}`,
          remedy: `proof boundary test ${JSON.stringify(text)}`,
        },
      ];
    }),
  );
}

const PAST: Readonly<Record<Verdict, string>> = {
  allow: 'allowed',
  ask: 'asked',
  deny: 'denied',
};

/** What holds where there is no proof.yaml: everything is observed, nothing is stopped. */
export function policyOfNoFile(): Policy {
  return {
    mode: 'observe',
    scope: { write: [{ text: '**', line: null }], generated: [], ask: [], deny: [] },
    commands: {
      default: { human: 'allow', agent: 'ask' },
      allow: [],
      ask: [],
      deny: [],
      examples: { allow: [], ask: [], deny: [] },
    },
    network: { allow: [], default: 'deny' },
    models: { allow: [] },
  };
}
