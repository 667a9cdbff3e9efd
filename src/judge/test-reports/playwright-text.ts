import {
  countOf,
  ReportBuilder,
  shownDuration,
  type TestCase,
  type TestReport,
} from './test-report.ts';
import { MessageLines, textLines } from './text-lines.ts';

/** Reads what Playwright's `list`, `line` and `dot` reporters print at the end, with the failures. */
export function readPlaywright(text: string): TestReport {
  const builder = new ReportBuilder();
  const message = new MessageLines();
  const messages = new Map<string, string>();
  const { counts } = builder;
  let group: TestCase['outcome'] | null = null;
  let heading: string | null = null;
  let planned = 0;
  let ended = 0;
  const close = () => {
    const said = message.take();
    if (heading !== null && messages.size < MOST) messages.set(heading, said);
    heading = null;
  };
  for (const line of textLines(text)) {
    const running = /^Running (\d{1,9}) tests? using \d+ workers?/.exec(line);
    const total = TOTAL.exec(line);
    const failure = /^ {2}\d{1,9}\) (\S.*?)(?: ─*)?$/.exec(line);
    const named = group === null ? null : /^ {4}(\S.*?:\d+:\d+ › .*?)(?: ─*)?$/.exec(line);
    if (running !== null) planned += countOf(running[1]);
    else if (total !== null) {
      close();
      const count = countOf(total[1]);
      group = GROUPS[total[2] as string] ?? null;
      if (total[2] === 'passed') {
        ended++;
        counts.passed += count;
        const time = shownDuration(total[3] ?? '') ?? 0;
        builder.durationMicros = (builder.durationMicros ?? 0) + time;
      } else if (total[2] === 'skipped' || total[2] === 'did not run') counts.skipped += count;
      else if (total[2] === 'flaky') counts.flaky += count;
      else if (total[2] === 'failed') counts.failed += count;
      else counts.errors += count;
      if (total[2] === 'did not run') builder.problem('plan-not-met', `${count} tests did not run`);
    } else if (named !== null && group !== null) {
      builder.list(testCase(named[1] as string, group, messages));
    } else if (failure !== null) {
      close();
      heading = failure[1] as string;
    } else if (heading !== null) message.add(line);
  }
  close();
  for (const { file = '' } of builder.cases) builder.suites.add(file);
  const sum = counts.passed + counts.skipped + counts.flaky + counts.failed + counts.errors;
  if (ended === 0 && sum === 0 && planned > 0) builder.problem('cut', 'it has no totals');
  else if (sum < planned)
    builder.problem('plan-not-met', `${planned} tests planned, ${sum} counted`);
  return builder.report('playwright', { runner: 'playwright' });
}

/** `[chromium] › a.spec.ts:5:3 › calc › adds`. */
function testCase(
  said: string,
  outcome: TestCase['outcome'],
  messages: ReadonlyMap<string, string>,
) {
  const [, project, file = '', line, path = ''] =
    /^(?:\[(.{1,100}?)\] › )?(\S+?):(\d{1,7}):\d+ › (.*)$/.exec(said) ?? [];
  const message = messages.get(said) ?? '';
  const test: TestCase = { name: path.split(' › ').join(' > ') || said, outcome };
  if (project !== undefined) test.suite = project;
  if (file !== '') test.file = file;
  if (countOf(line) > 0) test.line = countOf(line);
  if (message !== '') test.message = message;
  return test;
}

const MOST = 10_000;
const TOTAL =
  /^ {2}(\d{1,9}) (failed|flaky|skipped|passed|interrupted|did not run|errors? was not a part of any test|errors? were not a part of any test)(?: \((.{1,20})\))?$/;
const GROUPS: Readonly<Record<string, TestCase['outcome']>> = {
  failed: 'failed',
  interrupted: 'error',
  flaky: 'flaky',
};
