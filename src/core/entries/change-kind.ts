import * as z from 'zod/mini';
import { once } from '../once.ts';
import { digest, integer, masked } from './header.ts';

/** A file, directory or symbolic link as it stood at one moment. */
const fileState = once(() =>
  z.object({
    type: z.enum(['file', 'directory', 'symlink', 'other']),
    /** Permission bits, `0o7777` at most. */
    mode: integer(),
    size: integer(),
    /** Keyed hash of the bytes (of a link: of its target); null where they were not read. */
    hash: z.nullable(digest()),
    /**
     * Whether the workspace's private cache has the bytes: `whole`; `secret`, whole too, but a
     * secret is in them, which is struck out wherever they are shown or passed on; anything else
     * says why it has none.
     */
    kept: z.enum(['whole', 'secret', 'ignored', 'denied', 'dependencies', 'large', 'unread']),
  }),
);
export type FileState = z.infer<ReturnType<typeof fileState>>;

export const fileChange = once(() =>
  z.object({
    /** From the workspace's root, with `/`. Bytes that are no UTF-8 stand as `\xNN`. */
    path: z.string(),
    /** The path's bytes in base64, where they are no UTF-8. */
    bytes: z.optional(z.string()),
    /**
     * `touched`: contents and mode are the same, but it was written or its attributes, owner or
     * times were changed. `transient`: something was made and removed again in this directory.
     */
    change: z.enum(['added', 'modified', 'deleted', 'renamed', 'mode', 'touched', 'transient']),
    /** Where a renamed one was before. */
    from: z.optional(z.string()),
    /** `git`: hooks and settings of the repository itself. */
    part: z.enum(['workspace', 'ignored', 'dependencies', 'git']),
    /** What the boundary says about writing it; absent where no policy was in force. */
    scope: z.optional(z.enum(['in', 'generated', 'ask', 'out', 'denied'])),
    before: z.nullable(fileState()),
    after: z.nullable(fileState()),
  }),
);
export type FileChange = z.infer<ReturnType<typeof fileChange>>;

/**
 * What became different in a workspace between two looks at it.
 *
 * It stands `on` the command that ran between them. `unattributed`: no recorded command ran.
 * `ambiguous`: others ran at the same time, and it stands on the one that ended first. `undo`: we
 * put files back, as they were before the changes it `undoes`.
 */
export const change = once(() =>
  z.object({
    cause: z.enum(['command', 'unattributed', 'ambiguous', 'undo']),
    /** The workspace's root. */
    root: z.string(),
    /** `ambiguous`: the runs that were under way, by their random names (`command.run`). */
    runs: z.optional(z.array(z.string())),
    /** Digest over paths, modes and hashes of all files that are not ignored. */
    tree: z.object({ before: digest(), after: digest() }),
    counts: z.object({
      added: integer(),
      modified: integer(),
      deleted: integer(),
      renamed: integer(),
      mode: integer(),
      touched: integer(),
      transient: integer(),
    }),
    /** All of them, by path; null where they are too many to stand here: then the blob `files`. */
    files: z.nullable(z.array(fileChange())),
    /** Places that were looked at less closely, or not at all, and why. */
    unseen: z.array(z.object({ path: z.string(), why: z.string() })),
    masked: masked(),
  }),
);
