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

/** Reads a CTRF report (ctrf.io): one JSON shape that reporters for many runners write. */
export function readCtrf(text: string): TestReport {
  const results = asObject(objectIn(text)?.results);
  if (results === null) return unreadable('ctrf', 'no JSON object with "results" could be read');
  const builder = new ReportBuilder();
  let reruns = 0;
  for (const one of asList(results.tests)) {
    const test = asObject(one);
    if (test === null) continue;
    const found = testCase(test);
    reruns += (found.attempts ?? 1) - 1;
    const suite = found.file ?? found.suite;
    if (suite !== undefined) builder.suites.add(suite);
    builder.add(found);
  }
  const summary = asObject(results.summary) ?? {};
  compare(builder, summary);
  const [start, stop] = [summary.start, summary.stop];
  if (typeof start === 'number' && typeof stop === 'number') {
    builder.durationMicros = millisToMicros(stop - start) ?? null;
  }
  const runner = asText(asObject(results.tool)?.name);
  return builder.report('ctrf', {
    runner: runner === '' ? null : runner.slice(0, 100),
    ...(reruns === 0 ? {} : { reruns }),
  });
}

function testCase(test: JsonObject): TestCase {
  const outcome = outcomeOf(test);
  const message = [asText(test.message), asText(test.trace)].filter(Boolean).join('\n');
  const place = failurePlace(asText(test.trace)) ?? failurePlace(message);
  const file = asText(test.filePath) || place?.file;
  const suites = Array.isArray(test.suite)
    ? test.suite.map(asText).join(' > ')
    : asText(test.suite);
  const line = place !== null && file?.endsWith(place.file) ? place.line : asCount(test.line);
  const durationMicros = millisToMicros(test.duration);
  const retries = asCount(test.retries) ?? 0;
  return {
    name: asText(test.name),
    outcome,
    ...(suites === '' ? {} : { suite: suites }),
    ...(file === undefined ? {} : { file }),
    ...(line == null || line === 0 ? {} : { line }),
    ...(durationMicros === undefined ? {} : { durationMicros }),
    ...(retries === 0 ? {} : { attempts: retries + 1 }),
    ...(message === '' || outcome === 'passed' ? {} : { message }),
  };
}

function outcomeOf(test: JsonObject): TestOutcome {
  const raw = asText(test.rawStatus);
  switch (test.status) {
    case 'passed':
      return test.flaky === true ? 'flaky' : 'passed';
    case 'failed':
      return 'failed';
    case 'skipped':
      return 'skipped';
    case 'pending':
      return raw === 'todo' ? 'todo' : 'skipped';
    default:
      // `other` is what the reporter could not place: only a word it knows makes it harmless.
      return raw === 'todo' ? 'todo' : /^(?:skipped|disabled)$/.test(raw) ? 'skipped' : 'error';
  }
}

function compare(builder: ReportBuilder, summary: JsonObject): void {
  const { passed, failed, errors, flaky } = builder.counts;
  const said = [asCount(summary.tests), asCount(summary.passed), asCount(summary.failed)] as const;
  const listed = [builder.cases.length, passed + flaky, failed + errors] as const;
  for (const [i, name] of ['tests', 'passed', 'failed'].entries()) {
    const count = said[i];
    if (count != null && count !== listed[i]) {
      const detail = `its summary says ${count} ${name} and it lists ${listed[i]}`;
      if (builder.cases.length < MOST_CASES) builder.problem('counts-differ', detail);
    }
  }
}
