import type { ReportSource } from '../../core/entries/test-report-kind.ts';
import { type TestCounts, type TestReport, totalOf } from './test-report.ts';

/** A report with the places it was found in. */
export interface FoundReport {
  report: TestReport;
  sources: ReportSource[];
  /** Other reports with the same figures: the same run, told again. */
  alsoIn: { format: string; source: ReportSource }[];
}

/**
 * The runs that the reports of one command tell of. Files of one format and runner are one run:
 * many programs write a file for each class. A report in another format with the same figures, such
 * as the summary on the screen beside the file, is the same run told again.
 */
export function runsOf(found: readonly FoundReport[]): FoundReport[] {
  const merged: FoundReport[] = [];
  for (const one of found) {
    const same = merged.find(
      ({ report }) => report.format === one.report.format && report.runner === one.report.runner,
    );
    if (same === undefined) merged.push({ ...one, sources: [...one.sources], alsoIn: [] });
    else {
      same.report = mergeReports(same.report, one.report, one.sources[0]?.name ?? '');
      same.sources.push(...one.sources);
    }
  }
  const runs: FoundReport[] = [];
  for (const one of merged.sort(byWorth)) {
    const same = runs.find(({ report }) => isSameRun(report, one.report));
    const source = one.sources[0];
    if (same === undefined || source === undefined) runs.push(one);
    else same.alsoIn.push({ format: one.report.format, source });
  }
  return runs;
}

/** Both as one, in the order given. */
export function mergeReports(a: TestReport, b: TestReport, nameOfB: string): TestReport {
  const problems = b.problems.map(({ problem, detail }) => ({
    problem,
    detail: nameOfB === '' ? detail : `${nameOfB}: ${detail}`,
  }));
  return {
    ...a,
    suites: a.suites + b.suites,
    counts: {
      passed: sum(a.counts.passed, b.counts.passed),
      failed: a.counts.failed + b.counts.failed,
      skipped: sum(a.counts.skipped, b.counts.skipped),
      todo: a.counts.todo + b.counts.todo,
      flaky: a.counts.flaky + b.counts.flaky,
      errors: a.counts.errors + b.counts.errors,
    },
    ...optional('filteredOut', (a.filteredOut ?? 0) + (b.filteredOut ?? 0)),
    ...optional('reruns', (a.reruns ?? 0) + (b.reruns ?? 0)),
    durationMicros:
      a.durationMicros === null && b.durationMicros === null
        ? null
        : (a.durationMicros ?? 0) + (b.durationMicros ?? 0),
    problems: [...a.problems, ...problems].slice(0, MOST_PROBLEMS),
    cases: a.cases.concat(b.cases),
  };
}

const MOST_PROBLEMS = 20;

function sum(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a + b;
}

function optional<K extends string>(name: K, value: number): { [key in K]?: number } {
  return value === 0 ? {} : ({ [name]: value } as { [key in K]?: number });
}

/** Whole ones first, then those that list more, then files before what was on the screen. */
function byWorth(a: FoundReport, b: FoundReport): number {
  const broken = Number(a.report.problems.length > 0) - Number(b.report.problems.length > 0);
  if (broken !== 0) return broken;
  const listed = b.report.cases.length - a.report.cases.length;
  if (listed !== 0) return listed;
  return Number(a.sources[0]?.from === 'output') - Number(b.sources[0]?.from === 'output');
}

/**
 * Runners sort what is neither passed nor failed differently, so failures and errors are one figure
 * here, skipped and to do another, and a flaky test may stand among those that passed.
 */
function isSameRun(a: TestReport, b: TestReport): boolean {
  if (a.runner !== null && b.runner !== null && a.runner !== b.runner) return false;
  if (totalOf(a.counts) === null && totalOf(b.counts) === null) return false;
  const [x, y] = [figures(a.counts), figures(b.counts)];
  return x.every((figure, i) => figure === null || y[i] === null || figure === y[i]);
}

function figures({ passed, failed, skipped, todo, flaky, errors }: TestCounts) {
  return [
    passed === null ? null : passed + flaky,
    failed + errors,
    skipped === null ? null : skipped + todo,
  ];
}
