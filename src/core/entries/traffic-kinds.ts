import * as z from 'zod/mini';
import { once } from '../once.ts';
import { digest, instant, integer, masked } from './header.ts';

/** A log as it was read: offsets and the hash are of its unpacked bytes. */
export const logSource = once(() =>
  z.object({
    name: z.string(),
    format: z.string(),
    compression: z.enum(['none', 'gzip', 'zstd']),
    bytes: integer(),
    lines: integer(),
    sha256: digest(),
    /** Why it ended before it should have. */
    cutOff: z.optional(z.string()),
  }),
);

/** A numbered statement of an investigation; its lines are in the blobs `places` and `lines`. */
export const finding = once(() =>
  z.object({
    n: integer(),
    /** Whom it is about: `contradicted:Googlebot`, `fleet:F1`, `quarantine`. */
    subject: z.string(),
    requests: integer(),
    addresses: integer(),
    bytes: integer(),
    /** Of 1 000 requests. */
    permille: integer(),
    /** Of its lines, places kept and lines kept with their text; the rest is in the logs. */
    places: integer(),
    kept: integer(),
  }),
);
export type Finding = z.infer<ReturnType<typeof finding>>;

/**
 * An investigation of access logs: what was read, by which rules, and what came of it. The blob
 * `report` holds all results, `dns` the answers of reverse DNS that they rest on.
 */
export const trafficInvestigation = once(() =>
  z.object({
    cwd: z.string(),
    /** Null where they are too many to stand here: then they are in the blob `report`. */
    sources: z.nullable(z.array(logSource())),
    parameters: z.object({
      since: z.nullable(instant()),
      /** The text of a log_format. */
      format: z.nullable(z.string()),
      proxies: z.array(z.string()),
      robots: z.array(
        z.object({ name: z.string(), from: z.nullable(instant()), sha256: digest() }),
      ),
      dns: z.boolean(),
    }),
    /** Identity lists in use: a digest over all of them, and the newest day any was looked at. */
    lists: z.object({ sha256: digest(), newest: instant() }),
    software: z.string(),
    lines: z.object({ in: integer(), parsed: integer(), quarantined: integer() }),
    requests: integer(),
    bytes: integer(),
    from: z.nullable(instant()),
    to: z.nullable(instant()),
    findings: z.array(finding()),
    masked: masked(),
  }),
);
