import * as z from 'zod/mini';
import { once } from '../once.ts';
import { digest, integer, masked } from './header.ts';

/**
 * From now on this policy holds: for a task that was narrowed, or for the workspace. The blob
 * `policy` is what the digest is over, as canonical JSON.
 *
 * Several of a task's narrowings hold together: what is permitted is what all of them leave.
 */
export const boundarySet = once(() =>
  z.object({
    /**
     * `task`: this task was narrowed. `written`: a command of ours wrote proof.yaml. `found`:
     * proof.yaml said so when something was first judged by it.
     */
    source: z.enum(['task', 'written', 'found']),
    policy: digest(),
    /** Of `task`: what it gave up. */
    narrowing: z.optional(
      z.object({
        /** Globs; null where the scope was left as it was. */
        scope: z.nullable(z.array(z.string())),
        network: z.enum(['kept', 'denied']),
      }),
    ),
    masked: masked(),
  }),
);

const verdict = once(() => z.enum(['allow', 'ask', 'deny']));

const judgedPart = once(() =>
  z.object({
    text: z.string(),
    verdict: verdict(),
    /** The rule that said so, with its place in proof.yaml; null where none matched. */
    rule: z.nullable(z.object({ text: z.string(), line: z.nullable(integer()) })),
    why: z.string(),
  }),
);
export type JudgedPart = z.infer<ReturnType<typeof judgedPart>>;

/**
 * What the boundary said about an action, and what became of it. Where a command was recorded it
 * stands `on` that entry. The header's `held` says which layer really held.
 */
export const boundaryDecision = once(() =>
  z.object({
    /** `violated`: it happened although the boundary says ask or deny. */
    decision: z.enum(['allowed', 'asked', 'denied', 'violated']),
    /** What the policy said, whatever the mode made of it. */
    verdict: verdict(),
    mode: z.enum(['observe', 'ask', 'enforce']),
    action: z.enum(['command', 'read', 'write', 'connect', 'model']),
    /** The command's text, a path, `host:port`, a model; null where it is the blob `subject`. */
    subject: z.nullable(z.string()),
    /** The judged parts, the strictest first; `more` of them do not stand here. */
    parts: z.array(judgedPart()),
    more: integer(),
    /** Digest of the policy it was judged by. */
    policy: digest(),
    masked: masked(),
  }),
);
