import { expect, test } from 'vitest';
import { testReport } from '../../core/entries/test-report-kind.ts';
import { ReportBuilder, type TestCase } from '../../judge/test-reports/test-report.ts';
import { reportBody } from './test-report-body.ts';

function bodyOf(cases: readonly TestCase[], mask = (text: string) => text) {
  const builder = new ReportBuilder();
  for (const one of cases) builder.add(one);
  const report = builder.report('junit', { runner: 'pytest' });
  const source = { from: 'file' as const, name: '/project/out.xml', bytes: 1 };
  const body = reportBody({ report, sources: [source], alsoIn: [] }, { root: '/project', mask });
  expect(testReport().safeParse(body).success).toBe(true);
  return body;
}

test('an entry has room for it, whatever the failures hold', () => {
  const awkward = '"\\\u0001😀\n'.repeat(2_000);
  const cases = [...Array(500).keys()].map((i) => ({
    name: `${i}${awkward}`,
    suite: awkward,
    file: awkward,
    outcome: 'failed' as const,
    message: awkward,
  }));
  const body = bodyOf(cases);
  expect(Buffer.byteLength(JSON.stringify(body))).toBeLessThan(60 * 1024);
  expect(body.failures.length).toBeGreaterThan(5);
  expect(body.failures.length + body.moreFailures).toBe(500);
  expect(JSON.stringify(body).isWellFormed()).toBe(true);
});

test('text is masked before it is cut: no half of a secret stays', () => {
  const secret = 's3cret'.repeat(10);
  const message = `${'x'.repeat(980)}${secret}`;
  const body = bodyOf([{ name: 'a', outcome: 'failed', message }], (text) =>
    text.replaceAll(secret, '[REDACTED]'),
  );
  expect(body.failures[0]?.message).toBe(`${'x'.repeat(980)}[REDACTED]`);
});

test('paths are those from where the command ran', () => {
  const body = bodyOf([
    { name: 'a', suite: '/project/t/a.js', file: '/project/t/a.js', outcome: 'failed' },
    { name: 'b', suite: './t/b.js', file: '/projector/b.js', outcome: 'error' },
  ]);
  expect(body.sources[0]?.name).toBe('out.xml');
  expect(body.failures).toMatchObject([
    { suite: 't/a.js', file: 't/a.js' },
    { suite: 't/b.js', file: '/projector/b.js' },
  ]);
});
