import { failurePlace } from './failure-place.ts';
import {
  countOf,
  ReportBuilder,
  shownDuration,
  type TestCase,
  type TestReport,
} from './test-report.ts';
import { MessageLines, textLines } from './text-lines.ts';

/** Reads what vitest prints: its summary, the failures above it, and tests it had to try again. */
export function readVitest(text: string): TestReport {
  const reading = new VitestReading();
  for (const line of textLines(text)) reading.line(line);
  return reading.end();
}

class VitestReading {
  readonly #builder = new ReportBuilder();
  readonly #message = new MessageLines();
  readonly #listed = new Set<string>();
  /** Names over one message: vitest shows an error once for all tests that failed by it. */
  #failing: TestCase[] = [];
  #inMessage = false;
  readonly #retried = new Map<string, number>();
  #suites = 0;
  #starts = 0;
  #totals = 0;
  /** The duration is the last line of a summary. */
  #ends = 0;
  #none = false;

  line(line: string): void {
    const fail = /^ ?FAIL {2}(?:\|[^|]{1,100}\| )?(\S.*)$/.exec(line);
    const summary = /^ *(Test Files|Tests|Errors|Type Errors|Duration) {2}(\S.*)$/.exec(line);
    if (fail !== null) this.#fail(fail[1] as string);
    else if (summary !== null) this.#summary(summary[1] as string, summary[2] as string);
    else if (/^⎯{3,}/.test(line)) this.#endMessage();
    else if (/^ ?(?:RUN|DEV) {2}v\d/.test(line)) this.#start();
    else if (/^ ?RERUN {2}\S/.test(line)) this.#startAgain();
    else if (/^No test files found/.test(line)) this.#none = true;
    else if (this.#failing.length > 0) {
      this.#inMessage = true;
      this.#message.add(line);
    } else this.#tree(line);
  }

  end(): TestReport {
    this.#endMessage();
    const { counts } = this.#builder;
    for (const [name, attempts] of this.#retried) {
      if (counts.passed === 0) break;
      counts.passed--;
      counts.flaky++;
      this.#builder.list({ name, outcome: 'flaky', attempts });
    }
    const cut = this.#ends < Math.max(1, this.#starts, this.#totals) && !this.#none;
    if (cut) {
      this.#builder.problem('cut', 'it ends before its summary');
      // Without a summary only what was named is known.
      if (this.#totals === 0) {
        counts.failed = this.#builder.cases.filter(({ outcome }) => outcome === 'failed').length;
      }
    }
    const reruns = [...this.#retried.values()].reduce((sum, attempts) => sum + attempts - 1, 0);
    return this.#builder.report('vitest', {
      runner: 'vitest',
      suites: this.#suites,
      ...(cut && this.#totals === 0 ? { counts: { ...counts, passed: null, skipped: null } } : {}),
      ...(reruns === 0 ? {} : { reruns }),
    });
  }

  /** In watch mode the last run counts. */
  #startAgain(): void {
    this.#endMessage();
    const nothing = { passed: 0, failed: 0, skipped: 0, todo: 0, flaky: 0, errors: 0 };
    Object.assign(this.#builder.counts, nothing);
    this.#builder.cases.length = 0;
    this.#builder.problems.length = 0;
    this.#builder.durationMicros = null;
    this.#listed.clear();
    this.#retried.clear();
    this.#suites = 0;
    this.#totals = 0;
    this.#ends = 0;
    this.#starts = 1;
  }

  /** Packages of a workspace run after each other, and add up. */
  #start(): void {
    this.#endMessage();
    this.#starts++;
  }

  #fail(said: string): void {
    if (this.#inMessage) this.#endMessage();
    const [name = '', ...path] = said.split(' > ');
    // A file that does not load is repeated in brackets.
    const file = name.replace(/ \[ .* \]$/, '');
    this.#failing.push(
      path.length === 0
        ? { name: file, file, outcome: 'error' }
        : { name: path.join(' > '), suite: file, file, outcome: 'failed' },
    );
  }

  #endMessage(): void {
    const message = this.#message.take();
    const place = failurePlace(message.replace(/^.*❯ /gm, ''));
    for (const test of this.#failing) {
      const key = `${test.file}\n${test.name}`;
      if (this.#listed.has(key)) continue;
      this.#listed.add(key);
      const own = place !== null && test.file?.endsWith(place.file) ? { line: place.line } : {};
      this.#builder.list({ ...test, ...own, ...(message === '' ? {} : { message }) });
      if (test.outcome === 'error') this.#builder.counts.errors++;
    }
    this.#failing = [];
    this.#inMessage = false;
  }

  #summary(label: string, said: string): void {
    this.#endMessage();
    const of = (word: string) => countOf(new RegExp(`(\\d{1,9}) ${word}`).exec(said)?.[1]);
    const { counts } = this.#builder;
    if (label === 'Duration') {
      this.#ends++;
      this.#builder.durationMicros =
        (this.#builder.durationMicros ?? 0) + (shownDuration(said) ?? 0);
    } else if (label === 'Test Files') this.#suites += this.#total(said, 'test files');
    else if (label === 'Tests') {
      this.#totals++;
      if (!/no tests|\(\d{1,9}\)$/.test(said))
        this.#builder.problem('cut', 'its totals are cut off');
      this.#total(said, 'tests');
      counts.passed += of('passed') + of('expected fail');
      counts.failed += of('failed');
      counts.skipped += of('skipped');
      counts.todo += of('todo');
    } else counts.errors += of('errors?');
  }

  /** The total in parentheses. While it runs vitest shows the same lines, with more to come. */
  #total(said: string, what: string): number {
    const total = countOf(/\((\d{1,9})\)/.exec(said)?.[1]);
    const counted = [...said.matchAll(/(\d{1,9}) [a-z]/g)].reduce(
      (sum, [, n]) => sum + countOf(n),
      0,
    );
    if (counted !== total) {
      this.#builder.problem('plan-not-met', `${total} ${what}, ${counted} of them counted`);
    }
    return total;
  }

  /** ` ✓ flaky one 1ms (retry x1)`: only some reporters show it. */
  #tree(line: string): void {
    const retried = /^ +[✓√] (.{1,1000}?)(?: \d+m?s)? \(retry x(\d{1,3})\)$/.exec(line);
    if (retried === null || this.#retried.size >= MOST_RETRIED) return;
    this.#retried.set(retried[1] as string, countOf(retried[2]) + 1);
  }
}

const MOST_RETRIED = 10_000;
