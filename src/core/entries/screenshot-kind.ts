import * as z from 'zod/mini';
import { once } from '../once.ts';
import { instant, integer, masked } from './header.ts';
import { keptContents } from './kept-contents.ts';

const size = once(() => z.object({ width: integer(), height: integer() }));

/**
 * A web page as a browser showed it: the blob `picture` (PNG), and what the page said beside it.
 * Pixels cannot be masked: `text.masked` says when a secret stood in the page's text.
 */
export const screenshot = once(() =>
  z.object({
    /** As asked for, and where it ended. */
    url: z.string(),
    finalUrl: z.string(),
    /** HTTP status of the page itself; null where there is none (a file). */
    status: z.nullable(integer()),
    title: z.string(),
    picture: z.object({ width: integer(), height: integer(), content: keptContents() }),
    /** What the picture shows: the window, or all of the page as far as the bound allows. */
    area: z.enum(['viewport', 'page']),
    /** Size of the whole page in CSS pixels; null where the page did not say. */
    page: z.nullable(size()),
    /** The page goes on beyond the picture's bound. */
    cut: z.optional(z.literal(true)),
    viewport: size(),
    dark: z.optional(z.literal(true)),
    /** What was waited for before the picture; `reached` is false where time was over first. */
    wait: z.object({
      for: z.enum(['load', 'networkidle', 'selector', 'time']),
      selector: z.optional(z.string()),
      millis: z.optional(integer()),
      reached: z.boolean(),
    }),
    /** The visible text and the values of fields, blob `text`; null where the page did not answer. */
    text: z.nullable(keptContents()),
    /** Blob `console`, JSON Lines, errors first: `{level, text, url?, line?, atMicros}`. */
    console: z.object({
      errors: integer(),
      warnings: integer(),
      others: integer(),
      content: keptContents(),
    }),
    /** Blob `requests`, JSON Lines of those that failed: `{method, url, status, why?, atMicros}`. */
    requests: z.object({ all: integer(), failed: integer(), content: keptContents() }),
    /** The first of what went wrong, a line each. */
    problems: z.array(
      z.object({ what: z.enum(['error', 'exception', 'request']), text: z.string() }),
    ),
    /** Boxes the page opened; they were dismissed. The first ten. */
    dialogs: z.array(z.object({ type: z.string(), text: z.string() })),
    /** Windows the page opened; they were closed. */
    popups: integer(),
    browser: z.object({
      name: z.string(),
      version: z.string(),
      path: z.string(),
      userAgent: z.string(),
      /** False as root, for whom Chromium has no sandbox. */
      sandbox: z.boolean(),
    }),
    /** Certificates were not checked. */
    insecure: z.optional(z.literal(true)),
    started: instant(),
    ended: instant(),
    durationMicros: integer(),
    /** From the request until the page said it was loaded; null if it never did. */
    loadMicros: z.nullable(integer()),
    maskRules: z.string(),
    masked: masked(),
  }),
);
