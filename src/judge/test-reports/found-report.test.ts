import { expect, test } from 'vitest';
import { type FoundReport, runsOf } from './found-report.ts';
import { onlyShows } from './printing-programs.ts';
import { ReportBuilder, type ReportFormat, type TestCounts } from './test-report.ts';

function found(
  format: ReportFormat,
  counts: Partial<TestCounts>,
  from: 'output' | 'file' = 'file',
  more: { name?: string; runner?: string | null; listed?: number; whole?: boolean } = {},
): FoundReport {
  const { name = format, runner = 'vitest', listed = 0, whole = true } = more;
  const builder = new ReportBuilder();
  for (let i = 0; i < listed; i++) builder.list({ name: `t${i}`, outcome: 'passed' });
  if (!whole) builder.problem('cut', 'x');
  const report = builder.report(format, { runner, counts: { ...builder.counts, ...counts } });
  return { report, sources: [{ from, name, bytes: 1 }], alsoIn: [] };
}

const shape = (runs: readonly FoundReport[]) =>
  runs.map(({ report, sources, alsoIn }) => [
    report.format,
    report.counts.passed,
    sources.map(({ name }) => name),
    alsoIn.map(({ format }) => format),
  ]);

test.each([
  [
    'the file and the screen tell of one run',
    [
      found('vitest', { passed: 2, failed: 1 }, 'output'),
      found('junit', { passed: 2, failed: 1 }, 'file', { listed: 3 }),
    ],
    [['junit', 2, ['junit'], ['vitest']]],
  ],
  [
    'what one calls an error and the other a failure',
    [found('vitest', { passed: 1, errors: 1 }), found('junit', { passed: 1, failed: 1 })],
    [['vitest', 1, ['vitest'], ['junit']]],
  ],
  [
    'figures that differ are two',
    [found('vitest', { passed: 2 }, 'output'), found('junit', { passed: 3 })],
    [
      ['junit', 3, ['junit'], []],
      ['vitest', 2, ['vitest'], []],
    ],
  ],
  [
    'runners that differ are two',
    [found('vitest', { passed: 2 }), found('junit', { passed: 2 }, 'file', { runner: 'pytest' })],
    [
      ['vitest', 2, ['vitest'], []],
      ['junit', 2, ['junit'], []],
    ],
  ],
  [
    'files of one format add up, and then agree',
    [
      found('vitest', { passed: 5 }, 'output'),
      found('junit', { passed: 2 }, 'file', { name: 'a', listed: 2 }),
      found('junit', { passed: 3 }, 'file', { name: 'b', listed: 3 }),
    ],
    [['junit', 5, ['a', 'b'], ['vitest']]],
  ],
  [
    'not counted agrees with any count',
    [
      found('go', { passed: null, skipped: null, failed: 1 }, 'output', { runner: 'go test' }),
      found('junit', { passed: 7, failed: 1 }, 'file', { runner: 'go test', listed: 8 }),
    ],
    [['junit', 7, ['junit'], ['go']]],
  ],
  [
    'a whole one before one that is cut',
    [
      found('junit', { passed: 2 }, 'file', { listed: 2, whole: false }),
      found('vitest', { passed: 2 }, 'output'),
    ],
    [['vitest', 2, ['vitest'], ['junit']]],
  ],
] as const)('%s', (_name, reports, expected) => {
  expect(shape(runsOf(reports))).toEqual(expected);
});

test.each([
  ['cat report.txt', true],
  ['/usr/bin/grep -r passed .', true],
  ['git --no-pager log', true],
  ['git -C x show', false],
  ['git commit -m x', false],
  ['npm install', true],
  ['npm test', false],
  ['npm run install-and-test', false],
  ['gh run view 1 --log', true],
  ['vitest run', false],
  ['sh -c cat', false],
  ['', false],
])('%s only shows: %s', (line, shows) => {
  expect(onlyShows(line.split(' '))).toBe(shows);
});
