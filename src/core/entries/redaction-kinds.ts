import * as z from 'zod/mini';
import { once } from '../once.ts';
import { digest, integer, masked } from './header.ts';

/** Bytes were taken out of the record on purpose. What is gone is named; its hashes stay. */

/**
 * A blob whose file, bytes and salt, is gone, with the entries that named it. Equal contents share
 * one blob, so it may be gone from several; of each task's this task's own `redacted` tells.
 */
export const goneBlob = once(() =>
  z.object({
    id: digest(),
    size: integer(),
    of: z.array(z.object({ seq: integer(), name: z.string() })),
  }),
);
export type GoneBlob = z.infer<ReturnType<typeof goneBlob>>;

/** An entry whose bytes are gone, restated as far as others need it: its leaf hash stays. */
export const goneEntry = once(() =>
  z.object({
    seq: integer(),
    task: z.nullable(integer()),
    n: z.nullable(integer()),
    kind: z.string(),
  }),
);
export type GoneEntry = z.infer<ReturnType<typeof goneEntry>>;

/**
 * Somebody took bytes out of the record; the actor says who. It belongs to the task of what it
 * names, so that a task's own entries tell what is missing from it.
 */
export const redacted = once(() =>
  z.object({
    because: z.string(),
    entries: z.array(goneEntry()),
    blobs: z.array(goneBlob()),
    masked: masked(),
  }),
);

/** Bulky output of closed tasks was let go to save room, by a rule; entries and proofs stay. */
export const pruned = once(() =>
  z.object({
    /** Somebody asked for it, or the ledger stayed over its disk budget. */
    cause: z.enum(['asked', 'budget']),
    rule: z.object({
      /** Only of tasks that were closed at least so long ago. */
      closedForSeconds: integer(),
      /** Only blobs with contents of at least so many bytes. */
      atLeastBytes: integer(),
    }),
    /** Bytes on disk that were freed. */
    freed: integer(),
    blobs: z.array(goneBlob()),
  }),
);

/** What may never be taken out: what says which ledger this is, and what says what is missing. */
export const NEVER_GONE: ReadonlySet<string> = new Set(['ledger.opened', 'redacted', 'pruned']);
