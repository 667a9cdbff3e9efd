import type { Body } from '../core/entries/kinds.ts';
import { humanCount } from '../core/human-units.ts';
import type { Title } from './title.ts';

/** What a line about a test report is made of. */
export type TitledReport = Pick<
  Body<'test.report'>,
  'format' | 'runner' | 'suites' | 'counts' | 'complete' | 'problems' | 'failures' | 'moreFailures'
> &
  Pick<Partial<Body<'test.report'>>, 'filteredOut'>;

/** A test report in the timeline: whose it is and what failed, then what it came to. */
export function testReportTitle({ body }: { body: TitledReport }): Title {
  const named = namedFailures(body);
  const runner = body.runner ?? body.format;
  return {
    title: named === '' ? runner : `${runner}: ${named}`,
    result: [reportCounts(body), incompleteText(body)].filter((part) => part !== '').join(' · '),
    tone: reportTone(body),
  };
}

/** The same as a sentence: `41 passed, 1 failed (vitest): src/a.test.ts > adds`. */
export function testReportSentence(body: TitledReport): string {
  const named = namedFailures(body);
  const counts = `${reportCounts(body)} (${body.runner ?? body.format})`;
  const incomplete = incompleteText(body);
  const said = named === '' ? counts : `${counts}: ${named}`;
  return incomplete === '' ? said : `${said} · ${incomplete}`;
}

function namedFailures({ failures, moreFailures }: TitledReport): string {
  const first = failures[0];
  if (first === undefined) return '';
  const others = failures.length + moreFailures - 1;
  return others > 0 ? `${testName(first)} and ${humanCount(others)} more` : testName(first);
}

/** A test with the file or class it belongs to, once. */
export function testName(test: {
  name: string;
  suite?: string | undefined;
  file?: string | undefined;
}) {
  const place = test.suite ?? test.file;
  return place === undefined || place === test.name ? test.name : `${place} > ${test.name}`;
}

/** What came of the tests, in figures; a run without tests says so. */
export function reportCounts({ counts, filteredOut = 0, suites }: TitledReport): string {
  const { passed, failed, skipped, todo, flaky, errors } = counts;
  const parts = [
    part(passed ?? 0, 'passed'),
    part(failed, 'failed'),
    part(errors, errors === 1 ? 'error' : 'errors'),
    part(flaky, 'flaky'),
    part(skipped ?? 0, 'skipped'),
    part(todo, 'todo'),
    part(filteredOut, 'filtered out'),
  ].filter((text) => text !== '');
  const ran = (passed ?? 0) + failed + flaky + errors;
  if (passed === null) {
    const why = isUnreadable(suites, counts) ? 'not readable' : 'passing tests not counted';
    return [...parts, why].join(', ');
  }
  if (ran > 0) return (passed === 0 ? ['0 passed', ...parts] : parts).join(', ');
  return ['no tests ran', ...parts].join(', ');
}

function part(count: number, word: string): string {
  return count === 0 ? '' : `${humanCount(count)} ${word}`;
}

/** Good only where something passed, nothing failed, and the report is whole. */
export function reportTone({ counts, complete }: TitledReport): 'good' | 'bad' | 'quiet' {
  const { passed, failed, errors } = counts;
  if (failed > 0 || errors > 0 || !complete || passed === 0) return 'bad';
  return passed === null ? 'quiet' : 'good';
}

function isUnreadable(suites: number, { failed, errors }: TitledReport['counts']): boolean {
  return suites === 0 && failed === 0 && errors === 0;
}

function incompleteText({ problems }: TitledReport): string {
  const names = [...new Set(problems.map(({ problem }) => WORDS[problem] ?? problem))];
  return names.join(', ');
}

const WORDS: Readonly<Record<string, string>> = {
  cut: 'cut off',
  'counts-differ': 'contradicts itself',
  'plan-not-met': 'plan not met',
  'bailed-out': 'bailed out',
  malformed: 'malformed',
  bounded: 'not read whole',
};
