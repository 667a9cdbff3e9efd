import * as z from 'zod/mini';
import { once } from '../once.ts';
import { digest, instant, integer, masked } from './header.ts';
import { keptContents } from './kept-contents.ts';

/** A file, standard input, or what was appended to a growing file; its bytes are the blob `content`. */
export const attachment = once(() =>
  z.object({
    /** What it is called: the file's own name unless another was given. */
    name: z.string(),
    from: z.enum(['file', 'input']),
    /** Where the file lay. */
    path: z.optional(z.string()),
    /** The file's own time of last change: a claim. */
    modified: z.optional(instant()),
    /** Media type, and how it is known: `contents` looked at, `name` its ending, `given` by the caller. */
    type: z.string(),
    typeFrom: z.enum(['contents', 'name', 'given']),
    /** It was in this encoding; the blob has it as UTF-8, because only there secrets are found. */
    encoding: z.optional(z.enum(['utf-16le', 'utf-16be'])),
    content: keptContents(),
    /** Of text: its lines. */
    lines: z.optional(integer()),
    /** HMAC-SHA256 over the bytes before masking: equal within a ledger where the bytes were equal. */
    hash: digest(),
    /** The file was written to while it was read. */
    changedWhileRead: z.optional(z.literal(true)),
    /** It was followed while it grew; blob `timing` says when which bytes came. */
    followed: z.optional(
      z.object({
        /** Random name of this following, by which a `gap` names it. */
        run: z.string(),
        started: instant(),
        ended: instant(),
        durationMicros: integer(),
        /** What ended it: its time was over, or somebody stopped it. */
        end: z.enum(['time', 'stopped']),
        /** Bytes that were in the file before, and are not part of this. */
        skipped: integer(),
        /**
         * What happened to the file itself, `at` bytes of what came: another file took its `replaced`
         * place, it was `truncated`, it was `gone`. The first hundred.
         */
        events: z.array(
          z.object({
            what: z.enum(['replaced', 'truncated', 'gone']),
            at: integer(),
            atMicros: integer(),
          }),
        ),
      }),
    ),
    maskRules: z.string(),
    masked: masked(),
  }),
);
