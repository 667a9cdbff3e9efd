import { expect, test } from 'vitest';
import { readTap } from './tap.ts';

test.each([
  ['points and a plan', '1..2\nok 1 - a\nnot ok 2 - b\n', { passed: 1, failed: 1 }, []],
  ['plan at the end', 'ok 1\nok 2\n1..2\n', { passed: 2 }, []],
  [
    'directives, in any case',
    '1..3\nok 1 a # skip why\nnot ok 2 b # TODO later\nok 3 # Skipped: x\n',
    { skipped: 2, todo: 1 },
    [],
  ],
  ['a hash in a name', '1..2\nok 1 - a \\# SKIP\nok 2 - C# is no directive\n', { passed: 2 }, []],
  ['all skipped', '1..0 # SKIP no database\n', { skipped: 1 }, []],
  ['nothing to run', 'TAP version 13\n1..0\n', {}, []],
  ['fewer than planned', '1..3\nok 1\nok 2\n', { passed: 2 }, ['plan-not-met']],
  ['more than planned', '1..1\nok 1\nok 2\n', { passed: 2 }, ['plan-not-met']],
  ['no plan', 'TAP version 13\nok 1\n', { passed: 1 }, ['cut']],
  ['bailed out', '1..2\nok 1\nBail out! no disk\n', { passed: 1 }, ['bailed-out', 'plan-not-met']],
  [
    'what tests print',
    'hello\n1..1\n{\n}\nok computer\nok\nok 1\n  ok 2 steps\n',
    { passed: 2 },
    ['plan-not-met'],
  ],
  [
    'a subtest counts by what is in it',
    '# Subtest: s\n    ok 1 - a\n    not ok 2 - b\n    1..2\nnot ok 1 - s\n1..1\n',
    { passed: 1, failed: 1 },
    [],
  ],
  [
    'a subtest that fails without a failing test',
    '    ok 1 - a\n    1..1\nnot ok 1 - s\n1..1\n',
    { passed: 1, errors: 1 },
    [],
  ],
  [
    'braces that are never closed',
    '1..1\nnot ok 1 - s {\n    1..2\n    ok 1 - a\n',
    { passed: 1, errors: 1 },
    ['plan-not-met'],
  ],
  [
    'two documents',
    'TAP version 13\n1..1\nok 1\nTAP version 13\n1..2\nok 1\nok 2\n',
    { passed: 3 },
    [],
  ],
  [
    'a summary that says otherwise',
    '1..1\nok 1\n# tests 1\n# pass 1\n# fail 1\n',
    { passed: 1 },
    ['counts-differ'],
  ],
  ['carriage returns', 'TAP version 14\r\n1..1\r\nok 1 - a\r\n', { passed: 1 }, []],
] as const)('%s', (_name, text, counts, problems) => {
  const report = readTap(text);
  const nothing = { passed: 0, failed: 0, skipped: 0, todo: 0, flaky: 0, errors: 0 };
  expect(report.counts).toEqual({ ...nothing, ...counts });
  expect(report.problems.map(({ problem }) => problem)).toEqual(problems);
});

test('diagnostics that are never closed end where the next test begins', () => {
  const text = '1..2\nnot ok 1 - a\n  ---\n  message: "first\nsecond"\nok 2 - b\n';
  const { cases, counts } = readTap(text);
  expect(counts).toMatchObject({ passed: 1, failed: 1 });
  expect(cases[0]).toMatchObject({ name: 'a', message: 'first' });
});
