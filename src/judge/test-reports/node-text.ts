import { failurePlace } from './failure-place.ts';
import { countOf, ReportBuilder, type TestCase, type TestReport } from './test-report.ts';
import { MessageLines, textLines } from './text-lines.ts';

/** Reads what `node --test` prints with its `spec` reporter: the totals, and the failures below. */
export function readNode(text: string): TestReport {
  const reading = new NodeReading();
  for (const line of textLines(text)) reading.line(line);
  return reading.end();
}

class NodeReading {
  readonly #builder = new ReportBuilder();
  readonly #message = new MessageLines();
  #failing: TestCase | null = null;
  #inFailures = false;
  #place: { file: string; line: number } | null = null;
  #suites = 0;
  #totals = 0;
  /** The duration is the last of the totals. */
  #ends = 0;
  /** Files in which no test was found; Node counts each as a test that passed. */
  #files = 0;
  #counted = 0;

  line(line: string): void {
    const total =
      /^ℹ (tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) ([\d.]{1,20})$/.exec(line);
    const place = this.#inFailures ? /^test at (.+):(\d{1,7}):\d+$/.exec(line) : null;
    if (total !== null) this.#total(total[1] as string, total[2] as string);
    else if (line === '✖ failing tests:') this.#inFailures = true;
    else if (place !== null) {
      this.#close();
      this.#place = { file: place[1] as string, line: countOf(place[2]) };
    } else if (this.#inFailures) this.#failureLine(line);
    else if (/^✔ \S+\.[cm]?[jt]sx? \([\d.]+ms\)$/.test(line)) this.#files++;
  }

  end(): TestReport {
    this.#close();
    const { counts } = this.#builder;
    // A file that broke stands among the failures as if it were a test.
    counts.failed = Math.max(0, counts.failed - counts.errors);
    counts.passed = Math.max(0, counts.passed - this.#files);
    const listed = this.#builder.cases.length;
    // Newer versions leave out tests that failed by their subtests alone.
    if (listed > this.#counted || (listed === 0 && this.#counted > 0)) {
      const detail = `it counts ${this.#counted} failures and lists ${listed}`;
      this.#builder.problem('counts-differ', detail);
    }
    if (this.#totals === 0) this.#builder.problem('cut', 'it has no totals');
    else if (this.#ends < this.#totals) this.#builder.problem('cut', 'its totals are cut off');
    return this.#builder.report('node', { runner: 'node', suites: this.#suites + this.#files });
  }

  #total(word: string, value: string): void {
    this.#close();
    this.#inFailures = false;
    const { counts } = this.#builder;
    const count = /^\d{1,9}$/.test(value) ? Number(value) : 0;
    if (word === 'tests') this.#totals++;
    else if (word === 'suites') this.#suites += count;
    else if (word === 'pass') counts.passed += count;
    else if (word === 'fail' || word === 'cancelled') {
      counts.failed += count;
      this.#counted += count;
    } else if (word === 'skipped') counts.skipped += count;
    else if (word === 'todo') counts.todo += count;
    else {
      this.#ends++;
      const micros = Math.round(Math.min(Number(value) || 0, 1e10) * 1_000);
      this.#builder.durationMicros = (this.#builder.durationMicros ?? 0) + micros;
    }
  }

  #failureLine(line: string): void {
    const heading =
      this.#place === null ? null : /^([✖⚠]) (.+?)(?: \([\d.]+ms\))?(?: # .*)?$/.exec(line);
    if (heading === null) {
      if (this.#failing !== null) this.#message.add(line);
      return;
    }
    const { file, line: at } = this.#place as { file: string; line: number };
    this.#place = null;
    // What is marked as to do is shown here, but counted there.
    if (heading[1] === '⚠') return;
    const name = heading[2] as string;
    const whole = /^\S+\.[cm]?[jt]sx?$/.test(name);
    this.#failing = { name, file, line: at, outcome: whole ? 'error' : 'failed' };
  }

  #close(): void {
    if (this.#failing === null) return;
    const message = this.#message.take();
    const place = failurePlace(message);
    const own = place?.file.endsWith(this.#failing.file ?? '') ? place.line : null;
    this.#builder.list({
      ...this.#failing,
      ...(own === null ? {} : { line: own }),
      ...(message === '' ? {} : { message }),
    });
    if (this.#failing.outcome === 'error') this.#builder.counts.errors++;
    this.#failing = null;
  }
}
