import { failurePlace } from './failure-place.ts';
import {
  countOf,
  ReportBuilder,
  shownDuration,
  type TestCase,
  type TestReport,
} from './test-report.ts';
import { MessageLines, textLines } from './text-lines.ts';

/** Reads what jest prints: its summary, and the failures it names with their messages. */
export function readJest(text: string): TestReport {
  const builder = new ReportBuilder();
  const message = new MessageLines();
  const listed = new Set<string>();
  let open: TestCase | null = null;
  let file = '';
  let suites = 0;
  let ends = 0;
  let none = false;
  const close = () => {
    const said = message.take();
    if (open === null) return;
    const key = `${open.file}\n${open.name}`;
    // With many failures jest repeats them all at the end.
    if (!listed.has(key)) {
      listed.add(key);
      const place = failurePlace(said);
      const own = place !== null && same(open.file, place.file) ? { line: place.line } : {};
      builder.list({ ...open, ...own, ...(said === '' ? {} : { message: said }) });
      if (open.outcome === 'error') builder.counts.errors++;
    }
    open = null;
  };
  for (const line of textLines(text)) {
    const heading = /^ ?(?:FAIL|PASS) {1,2}(?:.{1,100}? )?(\S+)(?: \([\d.]+ m?s\))?$/.exec(line);
    const failure = /^ {2}● (\S.*)$/.exec(line);
    const total = /^(Test Suites|Tests|Time): +(\S.*)$/.exec(line);
    if (heading !== null) {
      close();
      file = heading[1] as string;
    } else if (failure !== null) {
      close();
      open = failureOf(failure[1] as string, file);
    } else if (total !== null) {
      close();
      if (total[1] === 'Tests') ends++;
      suites += readTotal(builder, total[1] as string, total[2] as string);
    } else if (/^No tests found, exiting/.test(line)) none = true;
    else if (open !== null) message.add(line);
  }
  close();
  const cut = ends === 0 && !none;
  if (cut) {
    builder.problem('cut', 'it ends before its summary');
    builder.counts.failed += builder.cases.filter(({ outcome }) => outcome === 'failed').length;
  }
  const counts = cut ? { ...builder.counts, passed: null, skipped: null } : builder.counts;
  return builder.report('jest', { runner: 'jest', suites, counts });
}

function failureOf(said: string, file: string): TestCase | null {
  if (said === 'Console') return null;
  if (said === 'Test suite failed to run') return { name: file, file, outcome: 'error' };
  return { name: said.split(' › ').join(' > '), suite: file, file, outcome: 'failed' };
}

function same(file: string | undefined, found: string): boolean {
  return (file ?? '').replace(/^\.\//, '').endsWith(found.replace(/^\.\//, ''));
}

/** Adds a line of the summary; returns how many suites it speaks of. */
function readTotal(builder: ReportBuilder, label: string, said: string): number {
  const of = (word: string) => countOf(new RegExp(`(\\d{1,9}) ${word}`).exec(said)?.[1]);
  if (label === 'Time') {
    builder.durationMicros = (builder.durationMicros ?? 0) + (shownDuration(said) ?? 0);
  }
  if (label !== 'Tests') return label === 'Test Suites' ? of('total') : 0;
  const { counts } = builder;
  counts.passed += of('passed');
  counts.failed += of('failed');
  counts.skipped += of('skipped');
  counts.todo += of('todo');
  const total = of('total');
  const sum = of('passed') + of('failed') + of('skipped') + of('todo');
  if (total !== sum) builder.problem('counts-differ', `its counts make ${sum}, not ${total}`);
  return 0;
}
