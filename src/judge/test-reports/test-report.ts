/** What a test runner said about one run, whatever its format. */
export interface TestReport {
  format: ReportFormat;
  /** The program that ran the tests, where the report shows it. */
  runner: string | null;
  /** Files, classes, packages or binaries with tests that the report names. */
  suites: number;
  counts: TestCounts;
  /** Tests that a filter kept from running and that are not among `counts`. */
  filteredOut?: number;
  /** Executions beyond the first one of each test. */
  reruns?: number;
  durationMicros: number | null;
  /** Why the counts may not be the whole story; empty for a report that is whole and agrees. */
  problems: ReportProblem[];
  /** The tests the report lists one by one, in its order: a terminal summary lists failures only. */
  cases: TestCase[];
}

/** Each test is counted once. `passed` and `skipped` are null where the report does not count them. */
export interface TestCounts {
  passed: number | null;
  failed: number;
  skipped: number | null;
  /** Marked as not done yet or known to fail; whatever came of it. */
  todo: number;
  /** Passed in the end, after it had failed in the same run. */
  flaky: number;
  /** What broke outside a test's own checks: a file that does not load, a crash, a fixture. */
  errors: number;
}

export type TestOutcome = 'passed' | 'failed' | 'error' | 'skipped' | 'todo' | 'flaky';

export interface TestCase {
  /** As the runner would name it; parts of a nested name joined by ` > `. */
  name: string;
  suite?: string;
  file?: string;
  line?: number;
  outcome: TestOutcome;
  durationMicros?: number;
  /** How often it ran, where more than once. */
  attempts?: number;
  message?: string;
}

export const REPORT_FORMATS = [
  'junit',
  'tap',
  'ctrf',
  'jest-json',
  'mocha-json',
  'playwright-json',
  'go-json',
  'libtest-json',
  'vitest',
  'jest',
  'mocha',
  'node',
  'playwright',
  'pytest',
  'unittest',
  'go',
  'cargo',
  'nextest',
] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

/**
 * `cut`: it ends before its end, or a part was left out. `counts-differ`: what it counts is not what
 * it lists. `plan-not-met`: other tests ran than were announced. `bailed-out`: the runner gave up.
 * `malformed`: parts could not be read. `bounded`: longer than what we read.
 */
export const REPORT_PROBLEMS = [
  'cut',
  'counts-differ',
  'plan-not-met',
  'bailed-out',
  'malformed',
  'bounded',
] as const;

export interface ReportProblem {
  problem: (typeof REPORT_PROBLEMS)[number];
  detail: string;
}

/** Characters kept of one failure's message: enough for an assertion with its difference. */
export const MESSAGE_CHARS = 4_096;
/** Tests listed of one report; further ones are counted, and `listed` says how many are there. */
export const MOST_CASES = 200_000;
const NAME_CHARS = 1_024;
const MOST_PROBLEMS = 20;

/** Gathers a report while it is read, within bounds whatever the text holds. */
export class ReportBuilder {
  readonly counts = { passed: 0, failed: 0, skipped: 0, todo: 0, flaky: 0, errors: 0 };
  readonly cases: TestCase[] = [];
  readonly problems: ReportProblem[] = [];
  readonly suites = new Set<string>();
  durationMicros: number | null = null;

  /** Lists a test and counts it. */
  add(test: TestCase): void {
    this.counts[test.outcome === 'error' ? 'errors' : test.outcome]++;
    this.list(test);
  }

  /** Lists a test whose count is taken from elsewhere. */
  list(test: TestCase): void {
    if (this.cases.length < MOST_CASES) this.cases.push(bounded(test));
  }

  problem(problem: ReportProblem['problem'], detail: string): void {
    if (this.problems.length >= MOST_PROBLEMS) return;
    const known = this.problems.some((one) => one.problem === problem && one.detail === detail);
    if (!known) this.problems.push({ problem, detail: detail.slice(0, NAME_CHARS) });
  }

  report(
    format: ReportFormat,
    facts: Partial<
      Pick<TestReport, 'runner' | 'counts' | 'suites' | 'filteredOut' | 'reruns'>
    > = {},
  ): TestReport {
    return {
      format,
      runner: null,
      suites: this.suites.size,
      counts: this.counts,
      durationMicros: this.durationMicros,
      problems: this.problems,
      cases: this.cases,
      ...facts,
    };
  }
}

/** A report of which nothing but its kind could be read. */
export function unreadable(format: ReportFormat, detail: string): TestReport {
  const builder = new ReportBuilder();
  builder.problem('malformed', detail);
  const counts = { ...builder.counts, passed: null, skipped: null };
  return builder.report(format, { counts });
}

/** How many tests ran or were to run; null where the report does not say. */
export function totalOf({ passed, failed, skipped, todo, flaky, errors }: TestCounts) {
  return passed === null ? null : passed + failed + (skipped ?? 0) + todo + flaky + errors;
}

/** Seconds as reports write them (`0.0012`, `1,234.5`) to microseconds; undefined if it is none. */
export function secondsToMicros(text: string | number | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  return micros(Number(typeof text === 'string' ? text.replaceAll(',', '') : text) * 1e6);
}

export function millisToMicros(ms: unknown): number | undefined {
  return typeof ms === 'number' ? micros(ms * 1_000) : undefined;
}

/** A time of `3.2 s`, `120ms`, `1 min`, `2m` as terminals show it. */
export function shownDuration(text: string): number | undefined {
  const match = /^\s*(\d+(?:\.\d+)?)\s*(ms|s|min|m|h|µs|us)\b/.exec(text);
  if (match === null) return undefined;
  return micros(Number(match[1]) * (UNITS[match[2] as string] ?? 1e6));
}

const UNITS: Readonly<Record<string, number>> = {
  µs: 1,
  us: 1,
  ms: 1e3,
  s: 1e6,
  min: 6e7,
  m: 6e7,
  h: 3.6e9,
};

/** Whole microseconds, if they are any and no more than a year. */
function micros(value: number): number | undefined {
  return value >= 0 && value < 3.2e13 ? Math.round(value) : undefined;
}

/** A count as written; digits beyond what a run can have are no count. */
export function countOf(text: string | undefined): number {
  return text === undefined || text.length > 9 ? 0 : Number(text);
}

function bounded(test: TestCase): TestCase {
  const kept = { ...test, name: cutAt(test.name.trim() || '(no name)', NAME_CHARS) };
  if (kept.suite !== undefined) kept.suite = cutAt(kept.suite, NAME_CHARS);
  if (kept.file !== undefined) kept.file = cutAt(kept.file, NAME_CHARS);
  if (kept.message !== undefined) kept.message = cutAt(kept.message.trim(), MESSAGE_CHARS);
  if (kept.message === '') delete kept.message;
  return kept;
}

/** Without half a surrogate pair at the end, which no entry can hold. */
export function cutAt(text: string, most: number): string {
  const kept = text.length <= most ? text : `${text.slice(0, most - 1)}…`;
  return kept.toWellFormed();
}
