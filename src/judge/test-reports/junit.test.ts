import { expect, test } from 'vitest';
import { readJunit } from './junit.ts';

const suite = (inside: string, attributes = '') =>
  `<testsuites><testsuite name="s" ${attributes}>${inside}</testsuite></testsuites>`;

test.each([
  [
    'a result of each kind',
    suite(
      '<testcase name="a"/><testcase name="b"><failure/></testcase><testcase name="c"><error/></testcase><testcase name="d"><skipped/></testcase>',
      'tests="4" failures="1" errors="1" skipped="1"',
    ),
    { passed: 1, failed: 1, errors: 1, skipped: 1 },
    [],
  ],
  [
    'an expected failure of pytest is to do',
    suite('<testcase name="a"><skipped type="pytest.xfail"/></testcase>'),
    { todo: 1 },
    [],
  ],
  [
    'to do, though it fails, as Node says it',
    suite('<testcase name="a"><skipped type="todo"/><failure/></testcase>'),
    { todo: 1 },
    [],
  ],
  [
    'not run, as GoogleTest says it',
    suite('<testcase name="a" status="notrun"/><testcase name="b" status="run"/>'),
    { skipped: 1, passed: 1 },
    [],
  ],
  ['flaky', suite('<testcase name="a"><flakyFailure/><flakyError/></testcase>'), { flaky: 1 }, []],
  [
    'run again, and failed again',
    suite('<testcase name="a"><failure/><rerunFailure/></testcase>'),
    { failed: 1 },
    [],
  ],
  ['no tests', '<testsuites/>', {}, []],
  [
    'more declared than listed',
    suite('<testcase name="a"/>', 'tests="3"'),
    { passed: 1 },
    ['counts-differ'],
  ],
  [
    'failures declared that are not listed count as errors',
    suite('<testcase name="a"/>', 'tests="1" failures="1"'),
    { passed: 0, errors: 1 },
    ['counts-differ'],
  ],
  [
    'passed beyond what is declared',
    suite('<testcase name="a"/><testcase name="b"/>', 'tests="1" failures="0"'),
    { passed: 1 },
    ['counts-differ'],
  ],
  [
    'skipped ones that are not listed, as by libtest',
    suite('<testcase name="a"/>', 'tests="2" failures="0" skipped="1"'),
    { passed: 1, skipped: 1 },
    [],
  ],
  [
    'counts of what stands in nested suites',
    '<testsuite tests="2"><testsuite tests="2"><testcase/><testcase/></testsuite></testsuite>',
    { passed: 2 },
    [],
  ],
  [
    'counts of direct children, as by Node',
    '<testsuite tests="1"><testsuite tests="2"><testcase/><testcase/></testsuite></testsuite>',
    { passed: 2 },
    [],
  ],
  [
    'cut in a test: it is not known to have passed',
    '<testsuite><testcase name="a"/><testcase name="b">',
    { passed: 1 },
    ['cut', 'cut'],
  ],
  ['cut in a tag', '<testsuite><testcase name="a"/><testca', { passed: 1 }, ['cut']],
  ['closed in the wrong order', '<testsuite><testcase name="a"></testsuite>', {}, ['malformed']],
  [
    'a digit too many',
    suite('<testcase name="a"/>', 'tests="99999999999999999999"'),
    { passed: 1 },
    [],
  ],
  [
    'negative figures',
    suite('<testcase name="a" time="-1"/>', 'tests="-1" failures="x"'),
    { passed: 1 },
    [],
  ],
  [
    'two documents',
    `${suite('<testcase name="a"/>')}\n${suite('<testcase name="b"/>')}`,
    { passed: 2 },
    [],
  ],
] as const)('%s', (_name, xml, counts, problems) => {
  const report = readJunit(xml);
  const nothing = { passed: 0, failed: 0, skipped: 0, todo: 0, flaky: 0, errors: 0 };
  expect(report.counts).toEqual({ ...nothing, ...counts });
  expect(report.problems.map(({ problem }) => problem)).toEqual(problems);
});

test('the same test twice is two tests: the one that passed does not make the other flaky', () => {
  const twice =
    '<testcase classname="c" name="a"><failure/></testcase><testcase classname="c" name="a"/>';
  expect(readJunit(suite(twice)).counts).toMatchObject({ passed: 1, failed: 1, flaky: 0 });
  const go = `<properties><property name="go.version" value="go1.22"/></properties>${twice}`;
  expect(readJunit(suite(go)).counts).toMatchObject({ passed: 0, failed: 0, flaky: 1 });
});

test('entities are the five of XML, and none is expanded', () => {
  const xml = `<!DOCTYPE a [<!ENTITY lol "lol"><!ENTITY x SYSTEM "file:///etc/passwd">]>
    <testsuite><testcase name="&lt;&amp;&quot;&apos;&gt; &#228; &lol; &x;"/></testsuite>`;
  expect(readJunit(xml).cases[0]?.name).toBe('<&"\'> ä &lol; &x;');
});

test('names, places, times and messages', () => {
  const xml = suite(
    `<testcase classname="pkg.C" name="adds" time="1,234.5" file="t/c.py" line="3">
      <failure message="first line"><![CDATA[first line
      t/c.py:17: AssertionError]]></failure></testcase>`,
  );
  expect(readJunit(xml).cases).toEqual([
    {
      name: 'adds',
      suite: 'pkg.C',
      outcome: 'failed',
      file: 't/c.py',
      line: 17,
      durationMicros: 1_234_500_000,
      message: 'first line\n      t/c.py:17: AssertionError',
    },
  ]);
});
