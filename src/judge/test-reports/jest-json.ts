import { failurePlace } from './failure-place.ts';
import { asCount, asList, asObject, asText, type JsonObject, objectIn } from './json-in-text.ts';
import {
  MOST_CASES,
  millisToMicros,
  ReportBuilder,
  type TestCase,
  type TestOutcome,
  type TestReport,
  unreadable,
} from './test-report.ts';

/** Reads what `jest --json` and vitest's `json` reporter write: the same shape, with small differences. */
export function readJestJson(text: string): TestReport {
  const root = objectIn(text);
  if (root === null || !Array.isArray(root.testResults)) {
    return unreadable('jest-json', 'no JSON object with "testResults" could be read');
  }
  const builder = new ReportBuilder();
  let reruns = 0;
  let latest = 0;
  for (const one of root.testResults) {
    const file = asObject(one);
    if (file === null) continue;
    const name = asText(file.name);
    builder.suites.add(name);
    if (typeof file.endTime === 'number') latest = Math.max(latest, file.endTime);
    const tests = asList(file.assertionResults);
    for (const test of tests) {
      const found = testCase(asObject(test) ?? {}, name);
      reruns += (found.attempts ?? 1) - 1;
      builder.add(found);
    }
    // A file that could not be loaded fails without a test in it.
    const message = asText(file.message);
    const broken = tests.length === 0 && file.status === 'failed';
    if (broken) builder.add({ name: name, file: name, outcome: 'error', message });
  }
  compare(builder, root);
  if (typeof root.startTime === 'number' && latest > 0) {
    builder.durationMicros = millisToMicros(latest - root.startTime) ?? null;
  }
  if (root.wasInterrupted === true) builder.problem('cut', 'the run was interrupted');
  return builder.report('jest-json', {
    runner: 'numRuntimeErrorTestSuites' in root ? 'jest' : 'vitest',
    ...(reruns === 0 ? {} : { reruns }),
  });
}

function testCase(test: JsonObject, file: string): TestCase {
  const titles = [...asList(test.ancestorTitles), test.title].map(asText);
  const invocations = asCount(test.invocations) ?? 1;
  const retries = asList(test.retryReasons).length;
  const attempts = Math.max(invocations, retries + 1);
  const outcome = outcomeOf(asText(test.status), attempts);
  const message = asList(test.failureMessages).slice(0, 10).map(asText).join('\n');
  const place = message === '' ? null : failurePlace(message);
  const own = asCount(asObject(test.location)?.line);
  const line = place !== null && file.endsWith(place.file) ? place.line : own;
  const durationMicros = millisToMicros(test.duration);
  return {
    name: titles.filter((title) => title !== '').join(' > '),
    outcome,
    ...(file === '' ? {} : { file, suite: file }),
    ...(line == null || line === 0 ? {} : { line }),
    ...(durationMicros === undefined ? {} : { durationMicros }),
    ...(attempts > 1 ? { attempts } : {}),
    ...(message === '' ? {} : { message }),
  };
}

function outcomeOf(status: string, attempts: number): TestOutcome {
  switch (status) {
    case 'passed':
      return attempts > 1 ? 'flaky' : 'passed';
    case 'failed':
      return 'failed';
    case 'todo':
      return 'todo';
    case 'pending':
    case 'skipped':
    case 'disabled':
      return 'skipped';
    default:
      return 'error';
  }
}

function compare(builder: ReportBuilder, root: JsonObject): void {
  const { passed, failed, flaky } = builder.counts;
  const total = builder.cases.filter(({ outcome }) => outcome !== 'error').length;
  const pairs = [
    ['tests', asCount(root.numTotalTests), total],
    ['passed', asCount(root.numPassedTests), passed + flaky],
    ['failed', asCount(root.numFailedTests), failed],
  ] as const;
  for (const [name, said, listed] of pairs) {
    if (said !== null && said !== listed && builder.cases.length < MOST_CASES) {
      builder.problem('counts-differ', `it counts ${said} ${name} and lists ${listed}`);
    }
  }
}
