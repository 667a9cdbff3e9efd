import type { Body } from '../../core/entries/kinds.ts';
import type { FoundReport } from '../../judge/test-reports/found-report.ts';
import { cutAt, type TestCase } from '../../judge/test-reports/test-report.ts';

type ReportBody = Body<'test.report'>;

/**
 * The body of a `test.report`, within the size an entry may have: so many failures as fit, and how
 * many more there are. Text is masked before it is cut, or half a secret could stay.
 *
 * @param root directory that paths are shown from.
 */
export function reportBody(
  { report, sources, alsoIn }: FoundReport,
  { root, mask }: { root: string; mask: (text: string) => string },
): ReportBody {
  const short = (text: string, most: number) => cutAt(mask(text), most);
  const path = (text: string) => short(fromRoot(text, root), NAME);
  const failing = report.cases.filter(({ outcome }) => outcome === 'failed' || outcome === 'error');
  const flaky = report.cases.filter(({ outcome }) => outcome === 'flaky');
  const failures: ReportBody['failures'] = [];
  let room = FAILURES_BYTES;
  for (const test of failing.slice(0, MOST_FAILURES)) {
    const shown = failureOf(test, short, path);
    room -= Buffer.byteLength(JSON.stringify(shown));
    if (room < 0) break;
    failures.push(shown);
  }
  const { filteredOut, reruns } = report;
  const more = sources.length - MOST_SOURCES;
  return {
    format: report.format,
    runner: report.runner === null ? null : short(report.runner, 100),
    sources: sources.slice(0, MOST_SOURCES).map((one) => ({ ...one, name: path(one.name) })),
    ...(more > 0 ? { moreSources: more } : {}),
    ...(alsoIn.length === 0
      ? {}
      : {
          alsoIn: alsoIn.slice(0, MOST_SOURCES).map(({ format, source }) => ({
            format,
            source: { ...source, name: path(source.name) },
          })),
        }),
    suites: report.suites,
    counts: report.counts,
    ...(filteredOut === undefined ? {} : { filteredOut }),
    ...(reruns === undefined ? {} : { reruns }),
    durationMicros: report.durationMicros,
    complete: report.problems.length === 0,
    problems: report.problems.map(({ problem, detail }) => ({
      problem,
      detail: short(detail, NAME),
    })),
    failures,
    moreFailures: Math.max(failing.length, failingOf(report.counts)) - failures.length,
    flaky: flaky.slice(0, MOST_FLAKY).map((test) => ({
      name: short(test.name, NAME),
      ...(test.suite === undefined ? {} : { suite: path(test.suite) }),
      attempts: test.attempts ?? 2,
    })),
    listed: report.cases.length,
  };
}

const NAME = 300;
const MESSAGE = 1_000;
const MOST_FAILURES = 100;
const MOST_FLAKY = 20;
const MOST_SOURCES = 10;
/** Of the 64 KiB of an entry; the rest is bounded by the lists above. */
const FAILURES_BYTES = 32 * 1024;

function failureOf(
  test: TestCase,
  short: (text: string, most: number) => string,
  path: (text: string) => string,
): ReportBody['failures'][number] {
  const { suite, file, line, message, durationMicros, attempts } = test;
  return {
    name: short(test.name, NAME),
    ...(suite === undefined ? {} : { suite: path(suite) }),
    ...(file === undefined ? {} : { file: path(file) }),
    ...(line === undefined ? {} : { line }),
    outcome: test.outcome === 'error' ? 'error' : 'failed',
    ...(message === undefined ? {} : { message: short(message, MESSAGE) }),
    ...(durationMicros === undefined ? {} : { durationMicros }),
    ...(attempts === undefined ? {} : { attempts }),
  };
}

function failingOf({ failed, errors }: ReportBody['counts']): number {
  return failed + errors;
}

/** Runners write some paths whole and some from where they ran. */
function fromRoot(text: string, root: string): string {
  const plain = text.startsWith('./') ? text.slice(2) : text;
  return root !== '/' && plain.startsWith(`${root}/`) ? plain.slice(root.length + 1) : plain;
}
