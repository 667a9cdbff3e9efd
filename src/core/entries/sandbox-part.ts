import * as z from 'zod/mini';
import { once } from '../once.ts';
import { integer } from './header.ts';

export const leftBehind = once(() =>
  z.object({
    /** Its number on this machine; absent where it had one only inside the sandbox. */
    pid: z.optional(integer()),
    command: z.string(),
    ended: z.boolean(),
  }),
);

/** The walls a command ran in. The blob `sandbox` holds every rule, and what became of it. */
export const sandbox = once(() =>
  z.object({
    /** `bubblewrap 0.8.0`. */
    by: z.string(),
    /** `proxied`: only the hosts of `network.allow`, all through our proxy. */
    network: z.enum(['open', 'closed', 'proxied']),
    /** Rules that the kernel held, and those whose breach only shows in what changed. */
    rules: z.object({ held: integer(), observed: integer() }),
    /** Attempts to reach a host; the blob `connections` has each, a JSON object a line. */
    connections: z.optional(
      z.object({
        allowed: integer(),
        refused: integer(),
        failed: integer(),
        /** Beyond what the blob lists. */
        unlisted: integer(),
      }),
    ),
    /** It failed, and said so beside a path that is held: perhaps the boundary was why. */
    suspects: z.optional(
      z.array(z.object({ path: z.string(), rule: z.string(), saw: z.string() })),
    ),
    /** Names that it made and that must not exist: git would take orders from them. Removed. */
    removed: z.optional(z.array(z.string())),
  }),
);
export type SandboxFacts = z.infer<ReturnType<typeof sandbox>>;
