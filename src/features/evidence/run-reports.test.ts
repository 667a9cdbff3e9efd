import { expect, test } from 'vitest';
import type { RecordedStream } from './recorded-streams.ts';
import { reportCandidates } from './report-candidates.ts';
import { reportsOf } from './run-reports.ts';

const JUNIT = '<testsuite name="pytest" tests="1"><testcase name="a"/></testsuite>';
const VITEST = ' Test Files  1 passed (1)\n      Tests  2 passed (2)\n   Duration  1ms\n';

function stream(name: string, text: string, gaps = false): RecordedStream {
  const bytes = Buffer.from(text);
  return { name, size: bytes.length, gaps, read: (from, to) => bytes.subarray(from, to) };
}

async function found(
  output: readonly RecordedStream[],
  files: Readonly<Record<string, string>> = {},
  argv = ['make', 'test'],
) {
  const writtenFiles = Object.entries(files).map(([path, text]) => ({ path, size: text.length }));
  const asked: string[] = [];
  const reader = {
    read(path: string, most: number) {
      asked.push(path);
      const bytes = Buffer.from(files[path] ?? '');
      return { bytes: bytes.subarray(0, most), size: bytes.length, modified: new Date(0) };
    },
  };
  const { runs } = await reportsOf({ argv }, { output, writtenFiles }, reader, (text) => text);
  return {
    asked,
    runs: runs.map(({ report, sources }) => ({
      format: report.format,
      passed: report.counts.passed,
      from: sources.map(({ name }) => name),
      problems: report.problems.map(({ problem }) => problem),
    })),
  };
}

test('reports of two runners in one output', async () => {
  const { runs } = await found([stream('stdout', `${VITEST}\nRan 3 tests in 0.1s\n\nOK\n`)]);
  expect(runs).toEqual([
    { format: 'vitest', passed: 2, from: ['stdout'], problems: [] },
    { format: 'unittest', passed: 3, from: ['stdout'], problems: [] },
  ]);
});

test('what vitest writes to its other stream is read with it', async () => {
  const failed = ' FAIL  a.test.ts > adds\nError: no\n';
  const { runs } = await found([
    stream('stdout', VITEST.replace('2 passed (2)', '1 failed | 1 passed (2)')),
    stream('stderr', failed),
  ]);
  expect(runs).toEqual([{ format: 'vitest', passed: 1, from: ['stdout', 'stderr'], problems: [] }]);
});

test('a gap in what is recorded is a problem of the report', async () => {
  const { runs } = await found([stream('stdout', VITEST, true)]);
  expect(runs[0]?.problems).toEqual(['cut']);
});

test('signs in the middle of a long output are not looked for, those at its end are', async () => {
  const long = 'nothing of the kind\n'.repeat(40_000);
  expect((await found([stream('stdout', `${long}${VITEST}${long}`)])).runs).toEqual([]);
  expect((await found([stream('stdout', `${long}${VITEST}`)])).runs).toHaveLength(1);
});

test('files by their names, the same report under two names once', async () => {
  const files = {
    'out/junit.xml': JUNIT,
    'out/copy-of-junit.xml': JUNIT,
    'src/a.ts': JUNIT,
    'node_modules/x/junit.xml': JUNIT,
    'test/fixtures/junit.xml': JUNIT,
    'data.json': '{"a": "long enough"}',
  };
  const { runs, asked } = await found([], files);
  expect(runs).toEqual([{ format: 'junit', passed: 1, from: ['out/junit.xml'], problems: [] }]);
  expect(new Set(asked)).toEqual(new Set(['out/junit.xml', 'out/copy-of-junit.xml', 'data.json']));
});

test('a file that looks like a report and cannot be read is kept as that', async () => {
  const { runs } = await found([], { 'vitest.json': '{"numTotalTests": 3, "testRes' });
  expect(runs).toEqual([
    { format: 'jest-json', passed: null, from: ['vitest.json'], problems: ['malformed'] },
  ]);
});

test('programs that only show are not asked', async () => {
  const { runs, asked } = await found([stream('stdout', VITEST)], { 'junit.xml': JUNIT }, ['cat']);
  expect([runs, asked]).toEqual([[], []]);
});

test('few of many files are looked into', () => {
  const many = [...Array(5_000).keys()];
  const files = [
    ...many.map((i) => ({ path: `notes-${i}.txt`, size: 100 })),
    ...many.map((i) => ({ path: `TEST-${i}.xml`, size: 100 })),
  ];
  const candidates = reportCandidates(files).map(({ path }) => path);
  expect(candidates).toHaveLength(520);
  expect(candidates[0]).toBe('TEST-0.xml');
});
