import { failurePlace } from './failure-place.ts';
import { PytestNames } from './pytest-names.ts';
import {
  countOf,
  ReportBuilder,
  secondsToMicros,
  type TestCase,
  type TestReport,
} from './test-report.ts';
import { MessageLines, textLines } from './text-lines.ts';

/** Reads what pytest prints: the sections of its failures, its short summary and the last line. */
export function readPytest(text: string): TestReport {
  const reading = new PytestReading();
  for (const line of textLines(text)) reading.line(line);
  return reading.end();
}

type Section = 'failures' | 'summary' | null;

class PytestReading {
  readonly #builder = new ReportBuilder();
  readonly #names = new PytestNames();
  readonly #message = new MessageLines();
  #section: Section = null;
  #heading: string | null = null;
  #sessions = 0;
  #ends = 0;
  #selected: number | null = null;
  #filteredOut = 0;
  #reruns = 0;

  line(line: string): void {
    const last = LAST.exec(line);
    if (last !== null) this.#end(last[1] as string, last[2]);
    else if (/^=+ test session starts =+$/.test(line)) this.#sessions++;
    else if (/^=+ (?:FAILURES|ERRORS) =+$/.test(line)) this.#open('failures');
    else if (/^=+ short test summary info =+$/.test(line)) this.#open('summary');
    else if (/^=+ [a-z].* =+$/.test(line)) this.#open(null);
    else if (/^!+ .* !+$/.test(line)) {
      this.#open(null);
      this.#builder.problem('bailed-out', line.replaceAll('!', '').trim());
    } else if (this.#section === 'failures') this.#failureLine(line);
    else this.#otherLine(line);
  }

  end(): TestReport {
    this.#open(null);
    const cut = this.#ends < this.#sessions;
    if (cut) this.#builder.problem('cut', 'it ends before its last line');
    for (const test of this.#names.tests()) this.#builder.list(test);
    for (const { file = '' } of this.#builder.cases) this.#builder.suites.add(file);
    const { counts } = this.#builder;
    const flaky = this.#builder.cases.filter(({ outcome }) => outcome === 'flaky').length;
    counts.flaky = Math.min(flaky, counts.passed);
    counts.passed -= counts.flaky;
    return this.#builder.report('pytest', {
      runner: 'pytest',
      ...(cut && this.#ends === 0 ? { counts: this.#listedOnly() } : {}),
      ...(this.#filteredOut === 0 ? {} : { filteredOut: this.#filteredOut }),
      ...(this.#reruns === 0 ? {} : { reruns: this.#reruns }),
    });
  }

  #open(section: Section): void {
    this.#closeHeading();
    this.#section = section;
  }

  #failureLine(line: string): void {
    const heading = /^_{3,} (.+?) _{3,}$/.exec(line) ?? /^_ (.+?) _$/.exec(line);
    if (heading === null) {
      this.#message.add(line);
      return;
    }
    this.#closeHeading();
    this.#heading = heading[1] as string;
  }

  #closeHeading(): void {
    const message = this.#message.take();
    if (this.#heading !== null) {
      // pytest marks what went wrong with an E, and ends with the place.
      const said = message.split('\n').filter((line) => /^E\s/.test(line));
      const text = said.map((line) => line.replace(/^E\s{1,3}/, '')).join('\n');
      this.#names.explain(this.#heading, text || message, failurePlace(message));
    }
    this.#heading = null;
  }

  #otherLine(line: string): void {
    const collected = COLLECTED.exec(line);
    if (collected !== null) {
      this.#selected = (this.#selected ?? 0) + countOf(collected[1]) - countOf(collected[2]);
      return;
    }
    if (this.#section === 'summary') {
      const short = /^(FAILED|ERROR) (\S.*)$/.exec(line);
      if (short !== null) this.#names.failed(short[1] as string, short[2] as string);
      return;
    }
    const verbose = VERBOSE.exec(line);
    if (verbose !== null) this.#names.saw(verbose[1] as string, verbose[2] as string);
    const worker = WORKER.exec(line);
    if (worker !== null) this.#names.saw(worker[2] as string, worker[1] as string);
  }

  #end(said: string, seconds: string | undefined): void {
    this.#open(null);
    this.#ends++;
    const of = (word: string) => countOf(new RegExp(`(\\d{1,9}) ${word}`).exec(said)?.[1]);
    const [passed, failed, xfailed] = [of('passed'), of('failed'), of('xfailed')];
    const [xpassed, skipped, errors] = [of('xpassed'), of('skipped'), of('errors?\\b')];
    const { counts } = this.#builder;
    // One that was marked to fail and did not has passed.
    counts.passed += passed + xpassed;
    counts.failed += failed;
    counts.skipped += skipped;
    counts.todo += xfailed;
    counts.errors += errors;
    this.#filteredOut += of('deselected');
    this.#reruns += of('rerun');
    const micros = secondsToMicros(seconds) ?? 0;
    this.#builder.durationMicros = (this.#builder.durationMicros ?? 0) + micros;
    const ran = passed + xpassed + failed + skipped + xfailed + errors;
    if (this.#selected !== null && ran < this.#selected) {
      this.#builder.problem('plan-not-met', `${this.#selected} tests collected, ${ran} ran`);
    }
    this.#selected = null;
  }

  /** Without the last line nothing is counted but what was named. */
  #listedOnly() {
    const of = (wanted: TestCase['outcome']) =>
      this.#builder.cases.filter(({ outcome }) => outcome === wanted).length;
    const { counts } = this.#builder;
    return { ...counts, passed: null, skipped: null, failed: of('failed'), errors: of('error') };
  }
}

const WORD =
  '(?:passed|failed|skipped|deselected|xfailed|xpassed|warnings?|errors?|rerun|subtests passed)';
const LAST = new RegExp(
  `^=* ?((?:no tests ran|\\d{1,9} ${WORD}(?:, \\d{1,9} ${WORD})*)) in ([\\d.]{1,12})s(?: \\([\\d:, days]+\\))? ?=*$`,
);
const COLLECTED = /^(?:collecting \.\.\. )?collected (\d{1,9}) items?(?:.* (\d{1,9}) deselected)?/;
const OUTCOME = 'PASSED|FAILED|SKIPPED|XFAIL|XPASS|ERROR|RERUN';
const VERBOSE = new RegExp(`^(\\S.{0,2000}?) (${OUTCOME})(?: \\(.*\\))? *(?:\\[ *\\d+%\\])?$`);
const WORKER = new RegExp(`^\\[gw\\d+\\] \\[ *\\d+%\\] (${OUTCOME}) (\\S.*?) *$`);
