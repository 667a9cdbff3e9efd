import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { settledScreen } from '../../views/settled-screen.ts';
import { mayHoldReport } from './may-hold-report.ts';
import { readReport } from './read-reports.ts';
import { recogniseReport } from './recognise.ts';
import {
  MESSAGE_CHARS,
  REPORT_FORMATS,
  type ReportFormat,
  type TestReport,
} from './test-report.ts';

const FOLDER = join(import.meta.dirname, '../../../test/fixtures/test-reports');
const fixtures = readdirSync(FOLDER)
  .filter((name) => /\.(?:txt|json|ndjson|xml|tap)$/.test(name) && !/expected/.test(name))
  .map((name) => ({ name, text: readFileSync(join(FOLDER, name), 'utf8') }));

/** Figures or marks of passed tests in a text: no report may claim more than they come to. */
const PASSED: Readonly<Record<ReportFormat, RegExp>> = {
  junit: /(<testcase)/g,
  tap: /(\bok \d)/g,
  ctrf: /("passed")/g,
  'jest-json': /("passed")/g,
  'mocha-json': /("title")/g,
  'playwright-json': /("expected"|"flaky")/g,
  'go-json': /("pass"|^--- PASS)/gm,
  'libtest-json': /("ok")/g,
  vitest: /(\d+) (?:passed|expected fail)/g,
  jest: /(\d+) passed/g,
  mocha: /(\d+) passing/g,
  node: /pass (\d+)/g,
  playwright: /(\d+) (?:passed|flaky)/g,
  pytest: /(\d+) x?passed/g,
  unittest: /Ran (\d+)/g,
  go: /(--- PASS)/g,
  cargo: /(\d+) passed/g,
  nextest: /(\d+) passed|(PASS )/g,
};

function mostPassed(format: ReportFormat, text: string): number {
  return [...text.matchAll(PASSED[format])].reduce((sum, [, figure = '1']) => {
    return sum + (/^\d+$/.test(figure) ? Number(figure) : 1);
  }, 0);
}

function check(format: ReportFormat, text: string): TestReport {
  const report = readReport(format, text);
  const { passed, flaky, ...others } = report.counts;
  for (const count of [passed ?? 0, flaky, ...Object.values(others)]) {
    expect(Number.isSafeInteger(count ?? 0) && (count ?? 0) >= 0).toBe(true);
  }
  expect((passed ?? 0) + flaky, format).toBeLessThanOrEqual(mostPassed(format, text));
  const wrong = report.cases.find(
    ({ message = '', name, durationMicros = 0, line = 1, attempts = 2 }) =>
      message.length > MESSAGE_CHARS ||
      !(name.isWellFormed() && message.isWellFormed() && name !== '') ||
      ![durationMicros, line, attempts].every((one) => Number.isSafeInteger(one) && one >= 0),
  );
  expect(wrong).toBeUndefined();
  return report;
}

/** Pieces of reports and of nothing, to be put anywhere into a text. */
const NOISE = [
  ...['<testsuite tests="9">', '</testsuite>', '<testcase name="x"/>', '<failure>', ']]>', '&x;'],
  ...['<!--', '<![CDATA[', '1..99', 'ok 1', 'not ok 2 - x {', '}', '  ---', '  ...', 'Bail out!'],
  ...[
    '    ok 1',
    '# Subtest: x',
    '{',
    '[[',
    '"',
    '\\',
    '\u0000',
    '\ud800',
    '\u001b[9A',
    '\r',
    '\n',
  ],
  ...[
    '999999999999 passed',
    ' Tests  9 passed (9)',
    '  9 passing',
    'Ran 9 tests in 0.1s',
    '=== RUN',
  ],
  ...['--- FAIL: x (0.00s)', 'FAIL\tpkg', 'running 9 tests', '---- x stdout ----', '__proto__'],
  ...['== 9 passed in 0.1s ==', 'ℹ pass 9', '✖ failing tests:', '● x', ' FAIL  x', '⎯⎯⎯⎯⎯'],
];

const mutations = fc.record({
  fixture: fc.nat(fixtures.length - 1),
  edits: fc.array(
    fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      length: fc.nat(400),
      kind: fc.constantFrom('cut', 'drop', 'twice', 'noise', 'digit'),
      noise: fc.oneof(fc.constantFrom(...NOISE), fc.string({ unit: 'binary', maxLength: 20 })),
    }),
    { minLength: 1, maxLength: 6 },
  ),
  other: fc.constantFrom(...REPORT_FORMATS),
});
type Edit = { at: number; length: number; kind: string; noise: string };

function edited(text: string, { at, length, kind, noise }: Edit): string {
  const from = Math.floor(at * text.length);
  const before = text.slice(0, from);
  const piece = text.slice(from, from + length);
  const after = text.slice(from + length);
  if (kind === 'cut') return before;
  if (kind === 'drop') return before + after;
  if (kind === 'twice') return before + piece + piece + after;
  if (kind === 'digit') return before + piece.replace(/\d/g, '7') + after;
  return `${before}${length % 2 === 0 ? '\n' : ''}${noise}${piece}${after}`;
}

test('whatever is done to a report, it is read, and never for more than it says', () => {
  fc.assert(
    fc.property(mutations, ({ fixture, edits, other }) => {
      const text = edits.reduce(edited, fixtures[fixture]?.text ?? '');
      const shown = settledScreen(text, { columns: 100, rows: 30 });
      mayHoldReport(text);
      for (const format of new Set([...recogniseReport(shown), other])) check(format, shown);
    }),
    { numRuns: 1_000 },
  );
}, 120_000);

const CUTS = 150;

test('a report that is cut anywhere never looks whole with tests missing', () => {
  const misled: string[] = [];
  for (const { name, text } of fixtures) {
    const shown = settledScreen(text, { columns: 100, rows: 30 });
    const [format = 'tap'] = recogniseReport(shown);
    const whole = readReport(format, shown);
    const figures = ({ counts: { failed, errors, ...others } }: TestReport) =>
      JSON.stringify([failed + errors, others]);
    for (let i = 1; i < CUTS; i++) {
      const end = Math.floor((shown.length * i) / CUTS);
      // Half a line of TAP is a line of TAP; what it says of the others stays true.
      const part = shown.slice(0, format === 'tap' ? shown.lastIndexOf('\n', end) + 1 : end);
      if (!recogniseReport(part).includes(format)) continue;
      const report = check(format, part);
      const same = figures(report) === figures(whole);
      // Several runs in one output: what was there before the cut was whole. Text alone shows no more.
      if (['cargo', 'go', 'go-json', 'libtest-json'].includes(format)) continue;
      if (!same && report.problems.length === 0) misled.push(`${name} at ${part.slice(-60)}`);
    }
  }
  expect(misled).toEqual([]);
});

const MIB = 1024 * 1024;
const bombs: readonly [name: string, format: ReportFormat, text: () => string][] = [
  ['deep XML', 'junit', () => '<testsuite>'.repeat(400_000)],
  ['an attribute of 8 MB', 'junit', () => `<testsuite name="${'x'.repeat(8 * MIB)}"><testcase/>`],
  [
    '400 000 attributes',
    'junit',
    () => `<testcase ${[...Array(400_000).keys()].map((i) => `a${i}="1"`).join(' ')}/>`,
  ],
  [
    'entities in entities',
    'junit',
    () =>
      `<!DOCTYPE x [<!ENTITY a "${'ha'.repeat(50)}">${[...Array(9).keys()]
        .map((i) => `<!ENTITY ${'abcdefghij'[i + 1]} "${`&${'abcdefghij'[i]};`.repeat(50)}">`)
        .join('')}]><testsuite><testcase name="&j;"/></testsuite>`,
  ],
  [
    '100 000 tests',
    'junit',
    () => `<testsuite>${'<testcase name="a"/>'.repeat(100_000)}</testsuite>`,
  ],
  ['open CDATA', 'junit', () => `<testsuite><testcase><failure><![CDATA[${']'.repeat(4 * MIB)}`],
  [
    'deep TAP',
    'tap',
    () => [...Array(3_000).keys()].map((i) => `${' '.repeat(4 * i)}ok 1 - x`).join('\n'),
  ],
  ['braces in TAP', 'tap', () => `${'ok 1 - x {\n'.repeat(200_000)}${'}\n'.repeat(200_000)}`],
  [
    'YAML without an end',
    'tap',
    () => `1..1\nnot ok 1\n  ---\n${'  a: |-\n    b\n'.repeat(300_000)}`,
  ],
  ['hashes', 'tap', () => `1..1\nok 1 ${' #'.repeat(4 * MIB)}`],
  ['deep JSON', 'jest-json', () => `{"numTotalTests":1,"testResults":${'['.repeat(MIB)}`],
  [
    'closed deep JSON',
    'playwright-json',
    () => `{"stats":{},"suites":${'['.repeat(200_000)}${']'.repeat(200_000)}}`,
  ],
  [
    'suites in suites',
    'playwright-json',
    () =>
      `{"stats":{},"suites":${'[{"title":"x","suites":'.repeat(100_000)}[]${'}]'.repeat(100_000)}}`,
  ],
  ['opening braces', 'ctrf', () => '{\n'.repeat(2 * MIB)],
  [
    '__proto__',
    'ctrf',
    () =>
      '{"results":{"tool":{"name":"x"},"tests":[{"__proto__":{"status":"passed"},"status":"failed"}]}}',
  ],
  ['one line of 8 MB', 'pytest', () => `1 passed${', 1 passed'.repeat(MIB)} in x`],
  ['underlines', 'pytest', () => `=== FAILURES ===\n${'_'.repeat(8 * MIB)} x`],
  ['brackets', 'pytest', () => `=== short test summary info ===\nFAILED ${'a['.repeat(4 * MIB)}`],
  [
    'a place in every word',
    'mocha',
    () => `  1 passing\n  1 failing\n\n  1) x:\n${'(a.b:1 '.repeat(MIB)}`,
  ],
  ['tests of one name', 'go', () => '--- FAIL: TestX (0.00s)\n'.repeat(300_000)],
  ['run lines', 'go', () => '=== RUN   TestX\n'.repeat(500_000)],
  [
    'events',
    'go-json',
    () => '{"Action":"output","Package":"p","Test":"T","Output":"x"}\n'.repeat(100_000),
  ],
  ['nested names', 'vitest', () => ` FAIL  ${'a > '.repeat(2 * MIB)}\n Tests  1 failed (1)\n`],
  ['failures', 'vitest', () => `${' FAIL  a.ts > b\n'.repeat(300_000)} Tests  1 failed (1)\n`],
  ['retries', 'vitest', () => `${' ✓ x (retry x1)\n'.repeat(300_000)} Tests  1 passed (1)\n`],
  ['pluses', 'cargo', () => `running 1 test\ntest ${' ...'.repeat(2 * MIB)}`],
  ['binaries', 'cargo', () => '     Running a (b)\nrunning 1 test\n'.repeat(200_000)],
  ['statuses', 'nextest', () => `${'        FAIL [   0.005s] a b\n'.repeat(200_000)}`],
  ['headings', 'unittest', () => `${'FAIL: a (b)\n'.repeat(300_000)}Ran 1 test in 0.1s\n`],
  ['parentheses', 'unittest', () => `FAIL: a ${'('.repeat(4 * MIB)}\nRan 1 test in 0.1s\n`],
  ['empty lines', 'jest', () => '\n'.repeat(8 * MIB)],
  ['bullets', 'jest', () => `${'  ● x\n'.repeat(500_000)}Tests: 1 failed, 1 total\n`],
  ['dashes', 'playwright', () => `  1) ${'─'.repeat(4 * MIB)} x\n  1 passed (1s)\n`],
  ['places', 'node', () => `✖ failing tests:\n${'test at a:1:1\n✖ x (1ms)\n'.repeat(200_000)}`],
];

describe('what is made to be slow is read in bounded time', () => {
  test.each(bombs)('%s', (_name, format, make) => {
    const text = make();
    const started = performance.now();
    mayHoldReport(text);
    recogniseReport(text);
    const report = check(format, text);
    expect(report.cases.length).toBeLessThanOrEqual(200_000);
    // Tens of times what it takes, on a machine that others use too.
    expect(performance.now() - started).toBeLessThan(20_000);
  });

  test('a screen drawn over and over', () => {
    const started = performance.now();
    settledScreen('\u001b[500A\u001b[500Cx\u001b[2K\r'.repeat(300_000), {
      columns: 500,
      rows: 500,
    });
    settledScreen(`${'x'.repeat(8 * MIB)}\u001b[1A`, {});
    settledScreen('\u001b[A\u001b[J\n'.repeat(1_000_000), {});
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});
