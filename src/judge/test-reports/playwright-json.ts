import { asCount, asList, asObject, asText, type JsonObject, objectIn } from './json-in-text.ts';
import {
  MOST_CASES,
  millisToMicros,
  ReportBuilder,
  type TestCase,
  type TestReport,
  unreadable,
} from './test-report.ts';

/** Reads what Playwright's `json` reporter writes: suites in suites, specs, and a test a project. */
export function readPlaywrightJson(text: string): TestReport {
  const root = objectIn(text);
  const stats = asObject(root?.stats);
  if (root === null || stats === null) {
    return unreadable('playwright-json', 'no JSON object with "stats" could be read');
  }
  const builder = new ReportBuilder();
  readSuites(builder, asList(root.suites));
  for (const one of asList(root.errors)) {
    const message = asText(asObject(one)?.message);
    builder.add({
      name: message.split('\n')[0] || 'error outside tests',
      outcome: 'error',
      message,
    });
  }
  const { passed, failed, flaky } = builder.counts;
  for (const [name, listed] of [
    ['expected', passed],
    ['unexpected', failed],
    ['flaky', flaky],
  ] as const) {
    const said = asCount(stats[name]);
    if (said !== null && said !== listed && builder.cases.length < MOST_CASES) {
      builder.problem('counts-differ', `it counts ${said} ${name} and lists ${listed}`);
    }
  }
  builder.durationMicros = millisToMicros(stats.duration) ?? null;
  const reruns = builder.cases.reduce((sum, { attempts = 1 }) => sum + attempts - 1, 0);
  return builder.report('playwright-json', {
    runner: 'playwright',
    ...(reruns === 0 ? {} : { reruns }),
  });
}

/** Describe blocks stand in each other: on a list of our own, as they may be nested without end. */
function readSuites(builder: ReportBuilder, roots: readonly unknown[]): void {
  const open = roots.map((suite) => ({ suite, path: '', top: true })).reverse();
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const suite = asObject(next.suite) ?? {};
    const file = asText(suite.file);
    if (next.top) builder.suites.add(file);
    const path = next.top
      ? ''
      : `${next.path}${asText(suite.title).slice(0, 200)} > `.slice(-1_000);
    for (const one of asList(suite.specs)) readSpec(builder, asObject(one) ?? {}, path);
    const inner = asList(suite.suites).map((one) => ({ suite: one, path, top: false }));
    for (const one of inner.reverse()) open.push(one);
  }
}

function readSpec(builder: ReportBuilder, spec: JsonObject, path: string): void {
  const file = asText(spec.file);
  for (const one of asList(spec.tests)) {
    const test = asObject(one) ?? {};
    const results = asList(test.results).map((result) => asObject(result) ?? {});
    const failed = results.findLast((result) => asObject(result.error) !== null);
    const error = asObject(failed?.error) ?? {};
    const outcome = outcomeOf(test);
    const line = asCount(asObject(error.location)?.line) ?? asCount(spec.line);
    const message = asText(error.stack) || asText(error.message);
    const project = asText(test.projectName);
    const times = results.map(({ duration }) => millisToMicros(duration) ?? 0);
    builder.add({
      name: `${path}${asText(spec.title)}`,
      outcome,
      durationMicros: times.reduce((sum, time) => sum + time, 0),
      ...(file === '' ? {} : { file }),
      ...(project === '' ? {} : { suite: project }),
      ...(line === null || line === 0 ? {} : { line }),
      ...(results.length > 1 ? { attempts: results.length } : {}),
      ...(message === '' || outcome === 'passed' ? {} : { message }),
    });
  }
}

/** `expected` may be a failure that the test announced: as Playwright does, it counts as passed. */
function outcomeOf({ status }: JsonObject): TestCase['outcome'] {
  switch (status) {
    case 'expected':
      return 'passed';
    case 'unexpected':
      return 'failed';
    case 'flaky':
      return 'flaky';
    case 'skipped':
      return 'skipped';
    default:
      return 'error';
  }
}
