import * as z from 'zod/mini';
import { once } from '../once.ts';
import { instant, integer, masked } from './header.ts';

/** Where a report was found. */
export const reportSource = once(() =>
  z.object({
    /** `output`: a recorded stream. `file`: the command wrote it. `given`: somebody handed it over. */
    from: z.enum(['output', 'file', 'given']),
    /** Name of the stream, or path of the file; `-` for standard input. */
    name: z.string(),
    /** Before masking. */
    bytes: integer(),
    /** When the file was last written: a given one may be older than the work it is said to show. */
    modified: z.optional(instant()),
  }),
);
export type ReportSource = z.infer<ReturnType<typeof reportSource>>;

/** A test that failed or broke, by name. What is too long ends in `…`. */
const failure = once(() =>
  z.object({
    name: z.string(),
    suite: z.optional(z.string()),
    file: z.optional(z.string()),
    line: z.optional(integer()),
    /** `error`: outside the test's own checks, as a file that does not load. */
    outcome: z.enum(['failed', 'error']),
    message: z.optional(z.string()),
    durationMicros: z.optional(integer()),
    /** How often it ran, where more than once. */
    attempts: z.optional(integer()),
  }),
);
export type ReportedFailure = z.infer<ReturnType<typeof failure>>;

/**
 * What test runners said of one run: read from a report they wrote, not from the tests themselves.
 *
 * It stands `on` the command that ran them. Blob `cases`: all tests it lists, a JSON object a line.
 * Blob `report`: the report itself, where it is not already the command's output.
 */
export const testReport = once(() =>
  z.object({
    /** `junit`, `tap`, `jest-json`, `pytest`, …: lists of names may grow. */
    format: z.string(),
    /** The program that ran the tests, where the report shows it. */
    runner: z.nullable(z.string()),
    sources: z.array(reportSource()),
    /** Further files that were read into this report. */
    moreSources: z.optional(integer()),
    /** Other reports of this command with the same figures: the same run, told again. */
    alsoIn: z.optional(z.array(z.object({ format: z.string(), source: reportSource() }))),
    /** Files, classes, packages or binaries with tests that it names. */
    suites: integer(),
    /** Each test is counted once. Null: the report does not count them. */
    counts: z.object({
      passed: z.nullable(integer()),
      failed: integer(),
      skipped: z.nullable(integer()),
      /** Marked as not done yet or known to fail. */
      todo: integer(),
      /** Passed in the end, after it had failed; not among `passed`. */
      flaky: integer(),
      /** What broke outside a test's own checks. */
      errors: integer(),
    }),
    /** Tests that a filter kept from running; not among `counts`. */
    filteredOut: z.optional(integer()),
    /** Executions beyond the first one of each test. */
    reruns: z.optional(integer()),
    durationMicros: z.nullable(integer()),
    /** False where it is cut, contradicts itself or could not be read whole: `problems` say why. */
    complete: z.boolean(),
    problems: z.array(z.object({ problem: z.string(), detail: z.string() })),
    failures: z.array(failure()),
    /** Failures that did not fit here: they are in the blob `cases`. */
    moreFailures: integer(),
    flaky: z.array(
      z.object({ name: z.string(), suite: z.optional(z.string()), attempts: integer() }),
    ),
    /** Tests listed in the blob `cases`: a summary on a terminal names failures only. */
    listed: integer(),
    masked: masked(),
  }),
);
