import * as z from 'zod/mini';
import { once } from '../once.ts';

/**
 * What every entry carries, whatever its kind.
 *
 * These names, their spelling and their forms are hashed: they are the format (docs/LEDGER.md).
 * Changing one needs a new `v`, the old shape frozen in `entry-upgrade.ts`, and a step there.
 */
export const VERSION = 1;

const hexOf = (bytes: number) =>
  z
    .string()
    .check(z.regex(new RegExp(`^[0-9a-f]{${2 * bytes}}$`), `must be ${bytes} bytes of hex`));
/** SHA-256 and commitments as lower-case hex. */
export const digest = once(() => hexOf(32));
export const integer = once(() => z.int().check(z.nonnegative()));
/** RFC 3339 in UTC with milliseconds. */
export const instant = once(() =>
  z
    .string()
    .check(
      z.regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/, 'must be RFC 3339 in UTC, with ms'),
    ),
);

/**
 * Who did it. `basis` says how we know: a `hook` told us, the `environment` or the process
 * `ancestry` showed it, it was `asserted` by the caller, or a signature `proved` it.
 */
export const actor = once(() =>
  z.object({
    kind: z.enum(['human', 'agent', 'tool']),
    name: z.string(),
    model: z.optional(z.string()),
    session: z.optional(z.string()),
    host: z.string(),
    basis: z.enum(['hook', 'environment', 'ancestry', 'asserted', 'proved']),
  }),
);
export type Actor = z.infer<ReturnType<typeof actor>>;

/** Where the observation comes from; anything but `observed` is somebody else's word. */
export const provenance = once(() => z.enum(['observed', 'reported', 'imported']));

/** Which layer of the boundary held while it happened. */
export const held = once(() => z.enum(['enforced', 'observed', 'matched', 'none']));

/** Rules of the masker that struck something out before it was stored, with their hits. */
export const masked = once(() =>
  z.optional(z.array(z.object({ rule: z.string(), count: integer() }))),
);

/** A reference to another entry of this ledger: why, and its leaf index. */
export const ref = once(() =>
  z.object({
    rel: z.enum(['on', 'parent', 'child', 'cites', 'replaces', 'undoes']),
    seq: integer(),
  }),
);
export type Ref = z.infer<ReturnType<typeof ref>>;

/** Bytes outside the entry: what they are to it, the salted commitment that names them, their size. */
export const blobRef = once(() =>
  z.object({
    name: z.string(),
    id: digest(),
    size: integer(),
    type: z.optional(z.string()),
  }),
);
export type BlobRef = z.infer<ReturnType<typeof blobRef>>;

export const header = once(() =>
  z.object({
    v: integer(),
    kind: z.string(),
    at: instant(),
    task: z.nullable(integer()),
    n: z.nullable(integer()),
    actor: actor(),
    provenance: provenance(),
    held: held(),
    refs: z.array(ref()),
    blobs: z.array(blobRef()),
    salt: hexOf(16),
  }),
);
export type Header = z.infer<ReturnType<typeof header>>;
