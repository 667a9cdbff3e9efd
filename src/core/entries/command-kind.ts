import * as z from 'zod/mini';
import { once } from '../once.ts';
import { digest, instant, integer, masked } from './header.ts';
import { leftBehind, sandbox } from './sandbox-part.ts';
import { gitPlace } from './task-kinds.ts';

/**
 * One stream of output. Its bytes are the blob of the same name; what the blob lacks is said here.
 * `terminal` is what a pseudo-terminal carried: standard output and error in one.
 */
export const stream = once(() =>
  z.object({
    name: z.enum(['stdout', 'stderr', 'terminal']),
    /** Bytes the command wrote, before masking. */
    bytes: integer(),
    lines: integer(),
    /** Left out of the blob: after its byte `at`, `bytes` of the command's bytes are missing. */
    gaps: z.array(z.object({ at: integer(), bytes: z.nullable(integer()), why: z.string() })),
    masked: masked(),
  }),
);
export type OutputStream = z.infer<ReturnType<typeof stream>>;

/** The recorded shell around a command line, and how its text is known. */
export const shell = once(() =>
  z.object({
    name: z.enum(['bash', 'zsh', 'fish']),
    /** Random name of the session: equal for all command lines of one shell. */
    session: z.string(),
    /** Counts the session's command lines, from 1. */
    number: integer(),
    /**
     * The line was `told` by the shell, or `seen` on the screen where the shell has no history;
     * `withheld`: a leading space kept it out of the shell's history; `unknown`.
     */
    text: z.enum(['told', 'seen', 'withheld', 'unknown']),
    /** Only the beginning of a very long line is kept. */
    cut: z.optional(z.literal(true)),
    /** The beginning of a line that is too long to stand in `argv`. */
    begins: z.optional(z.string()),
    /** Of a pipeline: the exit code of each part. */
    statuses: z.optional(z.array(integer())),
  }),
);
export type ShellLine = z.infer<ReturnType<typeof shell>>;

/** A command that was run: what was asked, what came of it, what it wrote. */
export const command = once(() =>
  z.object({
    /** Random name of this run, so that a run inside it can say whose child it is. */
    run: z.string(),
    parent: z.optional(z.string()),
    /** Null where it is too long to stand here: then it is the blob `argv`, a JSON array. */
    argv: z.nullable(z.array(z.string())),
    argc: integer(),
    cwd: z.string(),
    /**
     * It was typed in a recorded interactive shell. Then `argv` is that shell, `-c` and the line as
     * typed (the shell alone where the line is not kept), `exit.code` what the shell gave as `$?`.
     */
    shell: z.optional(shell()),
    /** Root of the git worktree around it. */
    worktree: z.optional(z.string()),
    executable: z.nullable(
      z.object({ path: z.string(), sha256: z.nullable(digest()), size: z.nullable(integer()) }),
    ),
    /** Environment: how many names, and a keyed digest over names and values (blob `environment`). */
    environment: z.object({ names: integer(), digest: digest() }),
    started: instant(),
    ended: instant(),
    /** Monotonic. */
    durationMicros: integer(),
    exit: z.object({
      code: z.nullable(integer()),
      signal: z.nullable(z.string()),
      /** `unknown`: a shell ran it, and did not say how it ended. */
      how: z.enum(['exited', 'signalled', 'timed-out', 'not-found', 'not-executable', 'unknown']),
    }),
    /** `pipes` keep standard output and error apart, their order to each other is approximate. */
    mode: z.enum(['pipes', 'pty']),
    size: z.optional(z.object({ columns: integer(), rows: integer() })),
    streams: z.array(stream()),
    /** Standard error went where standard output went: both are `stdout`, their order is exact. */
    merged: z.optional(z.literal(true)),
    /** `terminal` was recorded before a terminal adds its carriage returns. */
    bareLineFeeds: z.optional(z.literal(true)),
    /** The user's own stream refused bytes, a full disk for one: what is recorded did not arrive there. */
    undelivered: z.optional(z.array(z.object({ stream: z.string(), code: z.string() }))),
    usage: z.object({
      cpuUserMicros: z.nullable(integer()),
      cpuSystemMicros: z.nullable(integer()),
      cpuSource: z.string(),
      peakRssBytes: z.nullable(integer()),
      peakRssSource: z.string(),
    }),
    /** Processes that outlived it; `ended` by us where a sandbox held them. */
    leftBehind: z.optional(z.array(leftBehind())),
    sandbox: z.optional(sandbox()),
    /** The policy says `enforce`, and yet no sandbox held it. */
    unenforced: z.optional(z.object({ why: z.enum(['asked', 'unavailable']), detail: z.string() })),
    git: z.optional(gitPlace()),
    /** State of the workspace around it: digests as in `change`; equal if it changed nothing. */
    tree: z.optional(z.object({ before: digest(), after: digest() })),
    /** Why nobody looked at what it changed. */
    unwatched: z.optional(z.string()),
    tools: z.object({ prooflayer: z.string(), node: z.string(), system: z.string() }),
    maskRules: z.string(),
    masked: masked(),
  }),
);
