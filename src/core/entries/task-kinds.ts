import * as z from 'zod/mini';
import { once } from '../once.ts';
import { integer, masked } from './header.ts';

/** A task: its goal, its plan, what was noted and decided on the way, how it ended. */

export const gitPlace = once(() =>
  z.object({ head: z.nullable(z.string()), branch: z.nullable(z.string()) }),
);
export type GitPlace = z.infer<ReturnType<typeof gitPlace>>;

export const taskOpened = once(() =>
  z.object({
    goal: z.string(),
    /** Root of the worktree it was opened in; absent outside git. */
    worktree: z.optional(z.string()),
    git: z.optional(gitPlace()),
    masked: masked(),
  }),
);

/** The whole plan as it stands from now on; earlier ones stay in the ledger. */
export const taskPlanned = once(() =>
  z.object({
    steps: z.array(z.object({ step: integer(), text: z.string() })),
    masked: masked(),
  }),
);

export const taskClosed = once(() =>
  z.object({
    outcome: z.enum(['done', 'abandoned']),
    because: z.optional(z.string()),
    masked: masked(),
  }),
);

export const note = once(() => z.object({ text: z.string(), masked: masked() }));

export const decision = once(() =>
  z.object({
    text: z.string(),
    because: z.optional(z.string()),
    rejected: z.array(z.string()),
    masked: masked(),
  }),
);
