import { readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { COMMAND, newUser } from './user.ts';

const FIXTURES = join(import.meta.dirname, '..', 'fixtures', 'test-reports');
const fixture = (name: string) => readFileSync(join(FIXTURES, name), 'utf8');

function atWork() {
  const user = newUser();
  user.proof('init');
  user.proof('task', 'start', 'Fix adding');
  const write = (name: string, text: string) => writeFileSync(join(user.repository, name), text);
  /** What the run says of itself. */
  const run = (...command: string[]) => {
    const lines = user
      .proof('run', '--json', '--', ...command)
      .stderr.trim()
      .split('\n');
    return JSON.parse(lines.at(-1) ?? '') as { entry: string; tests: Tests[] };
  };
  const show = (entry: string) => JSON.parse(user.proof('show', entry, '--json').stdout) as Shown;
  return { user, write, run, show };
}

interface Tests {
  entry: string;
  format: string;
  runner: string | null;
  counts: Record<string, number | null>;
  complete: boolean;
  failures: { name: string; file?: string; line?: number; message?: string }[];
}
interface Shown {
  kind: string;
  task: string | null;
  provenance: string;
  refs: { rel: string; entry: string }[];
  body: { sources: unknown[]; alsoIn?: unknown[]; listed: number };
}

const ONE_OF_EACH = `
import { test } from 'node:test';
test('adds', () => {});
test('subtracts größer 日本語', () => {});
test('divides', () => { throw new Error('by zero'); });
test.skip('later', () => {});
`;

test('a run of tests becomes an entry on its command: in the line, the log, in full and as JSON', async () => {
  const { user, write, run, show } = atWork();
  write('calc.test.mjs', ONE_OF_EACH);
  const { entry, tests } = run('node', '--test');
  expect(tests).toMatchObject([
    {
      runner: 'node',
      counts: { passed: 2, failed: 1, skipped: 1, todo: 0, flaky: 0, errors: 0 },
      complete: true,
      failures: [{ name: 'divides', line: 5 }],
    },
  ]);
  const report = tests[0]?.entry ?? '';
  expect(show(report)).toMatchObject({
    kind: 'test.report',
    task: 'T1',
    provenance: 'observed',
    refs: [{ rel: 'on', entry }],
    body: { sources: [{ from: 'output', name: 'stdout' }] },
  });
  expect(user.proof('log').stdout).toMatch(
    /\ttest\.report\t.*divides\t2 passed, 1 failed, 1 skipped\t/,
  );
  expect(user.proof('show', report).stdout).toMatch(
    /result {3}✗ 2 passed, 1 failed, 1 skipped\n[\s\S]*\n {2}✗ .*divides .*calc\.test\.mjs:5\n/,
  );
  expect(user.proof('verify').code).toBe(0);

  const { shown, code } = await user.proofOnTerminal(['run', '--', 'node', '--test']);
  expect(code).toBe(1);
  expect(shown).toMatch(/E\d+ tests 2 passed, 1 failed, 1 skipped \(node\): .*divides/);
});

test('a report in a file and the summary beside it are one run; the file itself is kept', () => {
  const { user, write, run, show } = atWork();
  write('calc.test.mjs', ONE_OF_EACH);
  const { tests } = run(
    ...['node', '--test', '--test-reporter=spec', '--test-reporter-destination=stdout'],
    ...['--test-reporter=junit', '--test-reporter-destination=junit.xml'],
  );
  expect(tests).toHaveLength(1);
  expect(show(tests[0]?.entry ?? '').body).toMatchObject({
    sources: [{ from: 'file', name: 'junit.xml' }],
    alsoIn: [{ format: 'node', source: { from: 'output', name: 'stdout' } }],
    listed: 4,
  });
  const kept = user.proof('show', tests[0]?.entry ?? '', '--output', 'report').stdout;
  expect(kept).toBe(readFileSync(join(user.repository, 'junit.xml'), 'utf8'));
  const cases = user.proof('show', tests[0]?.entry ?? '', '--output', 'cases').stdout;
  expect(cases.trim().split('\n')).toHaveLength(4);
});

test('no test ran is said, and not that all passed', () => {
  const { user, write, run } = atWork();
  write('empty.test.mjs', '');
  const { tests } = run('node', '--test');
  expect(tests).toMatchObject([{ counts: { passed: 0, failed: 0 } }]);
  expect(user.proof('show', tests[0]?.entry ?? '').stdout).toMatch(/result {3}✗ no tests ran/);
});

test('what only shows a report has run no tests', () => {
  const { write, run } = atWork();
  write('old.txt', fixture('vitest-good.txt'));
  expect(run('cat', 'old.txt').tests).toEqual([]);
  expect(run('cp', 'old.txt', 'report.txt').tests).toEqual([]);
  // A program may have run them; what it wrote is what it wrote.
  expect(run('sh', '-c', 'cat old.txt').tests).toHaveLength(1);
});

test('a run inside a run: the tests stand on the inner one', () => {
  const { user, write, run, show } = atWork();
  write('calc.test.mjs', ONE_OF_EACH);
  const { tests } = run(process.execPath, COMMAND, 'run', '--', 'node', '--test');
  expect(tests).toEqual([]);
  const rows = user
    .proof('log', '--json')
    .stdout.trim()
    .split('\n')
    .map((row) => JSON.parse(row));
  const reports = rows.filter(({ kind }) => kind === 'test.report');
  expect(reports).toHaveLength(1);
  const on = show(reports[0].name).refs[0]?.entry ?? '';
  expect(rows.find(({ name }) => name === on).title).toBe('node --test');
});

test('a report that is handed over is somebody’s word', () => {
  const { user, write, show } = atWork();
  write('junit.xml', fixture('pytest.junit.xml'));
  const { reports } = JSON.parse(user.proof('tests', 'junit.xml', '--json').stdout);
  expect(reports).toMatchObject([{ format: 'junit', runner: 'pytest', counts: { passed: 10 } }]);
  expect(show(reports[0].entry)).toMatchObject({
    provenance: 'reported',
    body: { sources: [{ from: 'given', name: 'junit.xml' }] },
  });
  expect(user.proof('tests', 'junit.xml').stdout).toMatch(
    /^E\d+ tests 10 passed, 5 failed, 2 errors, .*\(pytest\): /,
  );
  user.proof('run', '--', 'true');
  const on = user.proof('tests', 'junit.xml', '--on', 'E4', '--json');
  expect(JSON.parse(on.stdout)).toMatchObject({ on: 'E4', task: 'T1' });
});

test('files of one runner are one report, and not those of two', () => {
  const { user, write } = atWork();
  write('TEST-a.xml', fixture('surefire.junit.xml'));
  write('TEST-b.xml', fixture('surefire.junit.xml'));
  write('jest.json', fixture('jest.json'));
  const { reports } = JSON.parse(
    user.proof('tests', '--json', 'TEST-a.xml', 'TEST-b.xml', 'jest.json').stdout,
  );
  expect(reports).toMatchObject([
    { runner: 'jest', counts: { failed: 2 } },
    { runner: 'surefire', suites: 2, counts: { passed: 2, failed: 2, flaky: 2 } },
  ]);
});

test('what is no report is refused with a reason, and nothing is recorded', () => {
  const { user, write } = atWork();
  write('notes.txt', 'nothing of the kind\n');
  write('broken.json', '{"numTotalTests": 3, "testResults": [');
  write('large.xml', '<testsuite>');
  truncateSync(join(user.repository, 'large.xml'), 65 * 1024 * 1024);
  for (const [words, code, exit] of [
    [['no-such.xml'], 'tests.no-file', 2],
    [['.'], 'tests.no-file', 2],
    [['notes.txt'], 'tests.no-report', 1],
    [['broken.json'], 'tests.unreadable', 1],
    [['notes.txt', '--format', 'ctrf'], 'tests.unreadable', 1],
    [['large.xml'], 'tests.too-large', 1],
    [['notes.txt', '--on', 'E99'], 'entry.not-found', 1],
  ] as const) {
    const said = user.proof('tests', '--json', ...words);
    expect([said.code, JSON.parse(said.stderr).error.code]).toEqual([exit, code]);
  }
  expect(user.proof('log', '--json').stdout.trim().split('\n')).toHaveLength(1);
});

test('a secret in a report is in none of what is kept of it', () => {
  const { user, write, run } = atWork();
  const secret = `ghp_${'aB3'.repeat(12)}`;
  const escaped = [...secret].map((char) => `&#${char.charCodeAt(0)};`).join('');
  write(
    'write.mjs',
    `import { writeFileSync } from 'node:fs';
    writeFileSync('junit.xml', '<testsuite tests="2"><testcase name="${secret}"><failure message="${escaped}">token ${secret}</failure></testcase><testcase name="b"/></testsuite>');`,
  );
  const { tests } = run('node', 'write.mjs');
  expect(tests).toMatchObject([{ counts: { passed: 1, failed: 1 } }]);
  expect(tests[0]?.failures[0]?.name).toContain('REDACTED');
  const ledger = join(user.repository, '.git', 'proof');
  const blobs = readdirSync(join(ledger, 'blobs'), { recursive: true, encoding: 'utf8' }).filter(
    (path) => /^[0-9a-f]{2}\/[0-9a-f]{62}$/.test(path),
  );
  const kept = [
    readFileSync(join(ledger, 'ledger.db'), 'latin1'),
    ...blobs.map((path) =>
      zstdDecompressSync(readFileSync(join(ledger, 'blobs', path))).toString(),
    ),
    user.proof('log', '--json').stdout,
    user.proof('show', tests[0]?.entry ?? '', '--json').stdout,
  ];
  // The script itself was written by the user; its own lines stand in no blob.
  for (const text of kept) expect(text.includes(secret)).toBe(false);
});
