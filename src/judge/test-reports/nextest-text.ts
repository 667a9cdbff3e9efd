import { countOf, ReportBuilder, secondsToMicros, type TestReport } from './test-report.ts';
import { textLines } from './text-lines.ts';

/**
 * Reads what `cargo nextest run` prints. A try that failed is named at once, and again in the
 * summary where it counts: what comes after the summary decides.
 */
export function readNextest(text: string): TestReport {
  const builder = new ReportBuilder();
  const failed = new Map<string, string>();
  let summaries = 0;
  let reruns = 0;
  let starting = 0;
  let suites = 0;
  for (const line of textLines(text)) {
    const summary = SUMMARY.exec(line);
    const started = STARTING.exec(line);
    const status = STATUS.exec(line);
    if (started !== null) {
      starting++;
      suites += countOf(started[1]);
    } else if (summary !== null) {
      summaries++;
      failed.clear();
      readSummary(builder, summary);
    } else if (status !== null) {
      const [, word = '', attempt, seconds, binary = '', name = ''] = status;
      const test = { suite: binary, name, ...timed(seconds) };
      if (/^TRY \d+ (?!PASS)/.test(word)) reruns++;
      if (word.startsWith('FLAKY')) {
        if (summaries > 0) builder.list({ ...test, outcome: 'flaky', attempts: countOf(attempt) });
      } else if (word === 'PASS' && summaries === 0) builder.list({ ...test, outcome: 'passed' });
      else if (!/(?:PASS|SLOW|SKIP|LEAK|START|RETRY)$/.test(word))
        failed.set(`${binary} ${name}`, word);
    } else if (/^warning: \d+\/\d+ tests? (?:was|were) not run/.test(line)) {
      builder.problem('bailed-out', line.slice('warning: '.length));
    }
  }
  for (const [test, word] of failed) {
    const at = test.indexOf(' ');
    const message = /FAIL$/.test(word) ? {} : { message: word };
    builder.list({
      suite: test.slice(0, at),
      name: test.slice(at + 1),
      outcome: 'failed',
      ...message,
    });
  }
  if (summaries < Math.max(1, starting)) {
    builder.problem('cut', 'it ends before its summary');
    // What failed before the end failed; what passed is known only of those that are named.
    for (const { outcome } of builder.cases)
      builder.counts[outcome === 'failed' ? 'failed' : 'passed']++;
  }
  return builder.report('nextest', {
    runner: 'nextest',
    suites,
    ...(reruns === 0 ? {} : { reruns }),
  });
}

function timed(seconds: string | undefined) {
  const durationMicros = secondsToMicros(seconds);
  return durationMicros === undefined ? {} : { durationMicros };
}

/** `5 tests run: 4 passed (1 slow, 2 flaky), 1 failed, 3 skipped`; `3/5 tests run` if cancelled. */
function readSummary(
  builder: ReportBuilder,
  [, seconds, ran, planned, rest = '']: RegExpExecArray,
) {
  const of = (word: RegExp) => countOf(word.exec(rest)?.[1]);
  const flaky = of(/(\d{1,9}) flaky/);
  const { counts } = builder;
  counts.passed += of(/(\d{1,9}) passed/) - flaky;
  counts.flaky += flaky;
  counts.failed += of(/(\d{1,9}) failed/) + of(/(\d{1,9}) timed out/);
  counts.errors += of(/(\d{1,9}) exec failed/);
  counts.skipped += of(/(\d{1,9}) skipped/);
  builder.durationMicros = (builder.durationMicros ?? 0) + (secondsToMicros(seconds) ?? 0);
  const counted = of(/(\d{1,9}) passed/) + of(/(\d{1,9}) (?:exec )?failed/);
  if (!/\d skipped$/.test(rest)) builder.problem('cut', 'its summary is cut off');
  else if (counted + of(/(\d{1,9}) timed out/) > countOf(ran)) {
    builder.problem('counts-differ', `${ran} tests ran, and it counts more`);
  }
  if (planned !== undefined && planned !== ran) {
    builder.problem('plan-not-met', `${planned} tests were to run, ${ran} ran`);
  }
}

const SUMMARY = /^ *Summary \[ *([\d.]{1,12})s\] (\d{1,9})(?:\/(\d{1,9}))? tests? run: (.*)$/;
const STARTING = /^ *Starting \d{1,9} tests? across (\d{1,9}) binar/;
const STATUS =
  /^ {1,12}([A-Z][A-Z0-9 ]{2,14}?(?: (\d{1,3})\/\d{1,3})?) \[ *([\d.]{1,12})s\] (?:\([^)]{1,20}\) )?(\S+) (\S.*)$/;
