import { failurePlace } from './failure-place.ts';
import type { DeclaredSuite } from './junit-agreement.ts';
import { secondsToMicros, type TestCase } from './test-report.ts';

export type Attributes = Readonly<Record<string, string>>;

/** A `testcase` while it is open: its attributes, and what its elements said of the result. */
export interface OpenCase {
  attributes: Attributes;
  results: { kind: string; type: string; message: string }[];
  text: string;
}

/** Elements that say how a test came out; without one it passed. */
export const RESULTS = new Set([
  'failure',
  'error',
  'skipped',
  'flakyFailure',
  'flakyError',
  'rerunFailure',
  'rerunError',
]);

/** What a `testcase` element says, once it is closed. */
export function testCase({ attributes, results, text }: OpenCase, suite?: DeclaredSuite): TestCase {
  const of = (...kinds: string[]) => results.filter(({ kind }) => kinds.includes(kind));
  const name = (attributes.name ?? '').trim();
  const failed = of('failure', 'error')[0];
  const skipped = of('skipped')[0];
  const again = of('flakyFailure', 'flakyError', 'rerunFailure', 'rerunError').length;
  const message = messageOf(failed?.message ?? skipped?.message ?? results[0]?.message ?? '', text);
  const outcome = outcomeOf(attributes, { failed: failed?.kind, skipped: skipped?.type, again });
  const group = suiteName(attributes.classname, name, suite);
  const test: TestCase = { name, outcome };
  if (group !== undefined) test.suite = group;
  const place = outcome === 'passed' ? null : failurePlace(text === '' ? message : text);
  const file = attributes.file ?? suite?.file ?? place?.file;
  const line = attributes.file === undefined ? place?.line : lineIn(attributes, place);
  if (file !== undefined) test.file = file;
  if (line !== undefined && line > 0) test.line = line;
  const durationMicros = secondsToMicros(attributes.time);
  if (durationMicros !== undefined) test.durationMicros = durationMicros;
  if (again > 0) test.attempts = again + 1;
  if (message !== '' && outcome !== 'passed') test.message = message;
  return test;
}

function outcomeOf(
  { status, result }: Attributes,
  found: { failed: string | undefined; skipped: string | undefined; again: number },
): TestCase['outcome'] {
  if (found.skipped === 'todo' || found.skipped === 'pytest.xfail') return 'todo';
  if (found.failed !== undefined) return found.failed === 'error' ? 'error' : 'failed';
  if (found.skipped !== undefined) return 'skipped';
  // GoogleTest and others say it with an attribute.
  if (/^(?:notrun|disabled|skipped|ignored)$/i.test(status ?? '') || result === 'suppressed') {
    return 'skipped';
  }
  return found.again > 0 ? 'flaky' : 'passed';
}

/** The class or file a test belongs to, unless it only repeats the test's own name. */
function suiteName(classname: string | undefined, name: string, suite?: DeclaredSuite) {
  const own = classname?.trim();
  if (own !== undefined && own !== '' && own !== name && own !== 'test') return own;
  return suite === undefined || ['', 'undefined', name].includes(suite.name)
    ? undefined
    : suite.name;
}

/** The failing line where it is in the test's own file, else the line of the test. */
function lineIn(attributes: Attributes, place: { file: string; line: number } | null) {
  if (place !== null && (attributes.file ?? '').endsWith(place.file.replace(/^\.?\//, ''))) {
    return place.line;
  }
  const line = numberOf(attributes.line);
  return line;
}

/** The attribute is the first line; the element's text mostly begins with it and goes on. */
function messageOf(attribute: string, text: string): string {
  const body = text.trim();
  if (attribute === '' || body.includes(attribute)) return body;
  return body === '' ? attribute : `${attribute}\n${body}`;
}

/** A count as an attribute holds it; undefined if it is none. */
export function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
