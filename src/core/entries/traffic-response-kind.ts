import * as z from 'zod/mini';
import { once } from '../once.ts';
import { integer, masked } from './header.ts';
import { finding, logSource } from './traffic-kinds.ts';

/**
 * A response as it was proposed, and what it would have done: rules replayed on the logs of the
 * investigation it `cites`, before anybody puts them in force. This is what is expected of them.
 */
export const trafficResponse = once(() =>
  z.object({
    cwd: z.string(),
    sources: z.nullable(z.array(logSource())),
    rules: z.array(
      z.object({
        n: integer(),
        action: z.enum(['block', 'limit']),
        target: z.string(),
      }),
    ),
    /** Requests a minute that a limited client may make. */
    perMinute: integer(),
    software: z.string(),
    /** All requests replayed, and those that some rule hits. */
    replayed: integer(),
    requests: integer(),
    bytes: integer(),
    /** Each rule by whom it hits; the subject is `rule 1: likely people`. */
    findings: z.array(finding()),
    /** Files written, by program; their text is the blob `files`. */
    files: z.array(z.object({ program: z.string(), name: z.string() })),
    masked: masked(),
  }),
);
