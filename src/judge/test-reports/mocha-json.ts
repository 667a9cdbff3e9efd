import { failurePlace } from './failure-place.ts';
import { asCount, asList, asObject, asText, type JsonObject, objectIn } from './json-in-text.ts';
import {
  MOST_CASES,
  millisToMicros,
  ReportBuilder,
  type TestCase,
  type TestReport,
  unreadable,
} from './test-report.ts';

/** Reads what mocha's `json` reporter writes. */
export function readMochaJson(text: string): TestReport {
  const root = objectIn(text);
  const stats = asObject(root?.stats);
  if (root === null || stats === null) {
    return unreadable('mocha-json', 'no JSON object with "stats" could be read');
  }
  const builder = new ReportBuilder();
  const pending = new Set(asList(root.pending).map(keyOf));
  const listed = new Set<string>();
  let reruns = 0;
  for (const one of asList(root.tests)) {
    const test = asObject(one) ?? {};
    const found = testCase(test, pending.has(keyOf(one)));
    reruns += (found.attempts ?? 1) - 1;
    listed.add(keyOf(one));
    builder.suites.add(found.file ?? '');
    builder.add(found);
  }
  // A hook that failed is no test: it stands among the failures only.
  for (const one of asList(root.failures)) {
    const failure = asObject(one) ?? {};
    if (!listed.has(keyOf(one))) builder.add({ ...testCase(failure, false), outcome: 'error' });
  }
  compare(builder, stats);
  builder.durationMicros = millisToMicros(stats.duration) ?? null;
  return builder.report('mocha-json', {
    runner: 'mocha',
    suites: asCount(stats.suites) ?? builder.suites.size,
    ...(reruns === 0 ? {} : { reruns }),
  });
}

function keyOf(test: unknown): string {
  const { fullTitle, file } = asObject(test) ?? {};
  return `${asText(file)}\n${asText(fullTitle)}`;
}

function testCase(test: JsonObject, pending: boolean): TestCase {
  const error = asObject(test.err) ?? {};
  const message = asText(error.stack) || asText(error.message);
  const failed = Object.keys(error).length > 0;
  const retries = asCount(test.currentRetry) ?? 0;
  const place = message === '' ? null : failurePlace(message);
  const file = asText(test.file);
  const line =
    place !== null && (file === '' || file.endsWith(place.file)) ? place.line : undefined;
  const durationMicros = millisToMicros(test.duration);
  return {
    name: asText(test.fullTitle),
    outcome: failed ? 'failed' : pending ? 'skipped' : retries > 0 ? 'flaky' : 'passed',
    ...(file === '' ? {} : { file }),
    ...(line === undefined ? {} : { line }),
    ...(durationMicros === undefined ? {} : { durationMicros }),
    ...(retries > 0 ? { attempts: retries + 1 } : {}),
    ...(failed && message !== '' ? { message } : {}),
  };
}

function compare(builder: ReportBuilder, stats: JsonObject): void {
  const { passed, failed, flaky, errors } = builder.counts;
  const pairs = [
    ['passes', passed + flaky],
    ['failures', failed + errors],
  ] as const;
  for (const [name, listed] of pairs) {
    const said = asCount(stats[name]);
    if (said !== null && said !== listed && builder.cases.length < MOST_CASES) {
      builder.problem('counts-differ', `it counts ${said} ${name} and lists ${listed}`);
    }
  }
}
