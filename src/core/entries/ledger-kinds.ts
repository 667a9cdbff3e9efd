import * as z from 'zod/mini';
import { once } from '../once.ts';
import { instant, integer, masked } from './header.ts';

/** The ledger speaks about itself. */

export const ledgerOpened = once(() =>
  z.object({
    /** 32 hex digits; the signing key's name and every signed root's origin are `prooflayer.dev/<ledger>`. */
    ledger: z.string().check(z.regex(/^[0-9a-f]{32}$/)),
    origin: z.string(),
    /** The verifier key that signs this ledger's roots, as C2SP signed-note writes it. */
    key: z.string(),
    software: z.string(),
    /** The ledger that this machine had seen here before, and how far; absent where it knew of none. */
    before: z.optional(
      z.object({
        ledger: z.string().check(z.regex(/^[0-9a-f]{32}$/)),
        size: z.nullable(integer()),
      }),
    ),
  }),
);

/**
 * Something that should have been recorded was not, or not wholly.
 *
 * `command`: a recorder ended before its command did, or could not write; `attachment`: the same of
 * a file that was followed. `ledger`: entries could not be appended for a while. What is known of the missing part stands in the other fields.
 */
export const gap = once(() =>
  z.object({
    what: z.enum(['command', 'attachment', 'ledger']),
    why: z.string(),
    from: instant(),
    to: instant(),
    run: z.optional(z.string()),
    argv: z.optional(z.array(z.string())),
    cwd: z.optional(z.string()),
    exit: z.optional(z.object({ code: z.nullable(integer()), signal: z.nullable(z.string()) })),
    masked: masked(),
  }),
);

/** The wall clock stands before the latest entry's: times around here are not to be trusted. */
export const clockWentBack = once(() => z.object({ latest: instant(), now: instant() }));
