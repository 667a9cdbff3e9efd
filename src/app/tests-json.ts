import * as z from 'zod/mini';
import { testReport } from '../core/entries/test-report-kind.ts';
import { entryName } from '../core/names.ts';
import { once } from '../core/once.ts';
import type { KeptTests } from './tests-of-run.ts';

/** A test report in the output of the command that put it on record. */
export const testsJson = once(() => {
  const {
    format,
    runner,
    counts,
    suites,
    filteredOut,
    complete,
    problems,
    failures,
    moreFailures,
  } = testReport().shape;
  return z.object({
    entry: z.string().check(z.describe('E8: the test.report')),
    format,
    runner,
    suites,
    counts,
    filteredOut,
    complete,
    problems,
    failures,
    moreFailures,
  });
});

export function toTestsJson({ seq, body }: KeptTests): z.infer<ReturnType<typeof testsJson>> {
  const { format, runner, suites, counts, complete, problems, failures, moreFailures } = body;
  return {
    entry: entryName(seq),
    format,
    runner,
    suites,
    counts,
    ...(body.filteredOut === undefined ? {} : { filteredOut: body.filteredOut }),
    complete,
    problems,
    failures,
    moreFailures,
  };
}
