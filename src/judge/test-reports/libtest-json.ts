import { failurePlace } from './failure-place.ts';
import { asCount, asText, type JsonObject, objectLines } from './json-in-text.ts';
import { ReportBuilder, secondsToMicros, type TestCase, type TestReport } from './test-report.ts';
import { textLines } from './text-lines.ts';

/** Reads libtest's JSON events: `cargo test -- --format json`, nextest's `libtest-json`. */
export function readLibtestJson(text: string): TestReport {
  const reading = new LibtestReading();
  for (const event of objectLines(textLines(text), () => {})) reading.event(event);
  return reading.end();
}

class LibtestReading {
  readonly #builder = new ReportBuilder();
  readonly #started = new Set<string>();
  #announced: number | null = null;
  #seen = 0;
  #suites = 0;
  #filteredOut = 0;
  #micros = 0;
  #nextest = false;

  event(event: JsonObject): void {
    if ('nextest' in event) this.#nextest = true;
    if (event.type === 'suite') this.#suite(event);
    else if (event.type === 'test') this.#test(event);
  }

  end(): TestReport {
    this.#closeSuite();
    const { flaky } = this.#builder.counts;
    this.#builder.durationMicros = this.#micros === 0 ? null : this.#micros;
    return this.#builder.report('libtest-json', {
      runner: this.#nextest ? 'nextest' : 'cargo test',
      suites: this.#suites,
      ...(this.#filteredOut === 0 ? {} : { filteredOut: this.#filteredOut }),
      ...(flaky === 0 ? {} : { reruns: flaky }),
    });
  }

  #suite(event: JsonObject): void {
    if (event.event === 'started') {
      this.#closeSuite();
      this.#suites++;
      this.#seen = 0;
      this.#announced = asCount(event.test_count) ?? 0;
      return;
    }
    this.#filteredOut += asCount(event.filtered_out) ?? 0;
    const time = typeof event.exec_time === 'number' ? secondsToMicros(event.exec_time) : undefined;
    this.#micros += time ?? 0;
    if (this.#announced !== null && this.#seen !== this.#announced) {
      const detail = `${this.#announced} tests announced, ${this.#seen} seen`;
      this.#builder.problem('plan-not-met', detail);
    }
    this.#announced = null;
  }

  /** A suite without an end died: a test that aborts takes the others of its binary with it. */
  #closeSuite(): void {
    if (this.#announced === null) return;
    const detail = `a suite of ${this.#announced} tests has no end`;
    this.#builder.problem('cut', detail);
    for (const name of this.#started) {
      this.#builder.add({ name, outcome: 'error', message: 'it was started and has no result' });
    }
    if (this.#started.size === 0) {
      this.#builder.add({ name: 'a test binary', outcome: 'error', message: detail });
    }
    this.#started.clear();
    this.#announced = null;
  }

  #test(event: JsonObject): void {
    const name = asText(event.name);
    if (event.event === 'started') {
      if (this.#started.size < MOST_STARTED) this.#started.add(name);
      return;
    }
    const outcome = OUTCOMES[asText(event.event)];
    if (outcome === undefined) return;
    this.#started.delete(name);
    this.#seen++;
    const said = [asText(event.message), asText(event.stdout)].filter((part) => part !== '');
    const message = said.join('\n').trim();
    const place = outcome === 'failed' ? failurePlace(message) : null;
    const time = typeof event.exec_time === 'number' ? secondsToMicros(event.exec_time) : undefined;
    // nextest puts the binary before the name.
    const [before, after] = name.split('$', 2);
    this.#builder.add({
      ...(after === undefined ? { name } : { suite: before as string, name: after }),
      outcome,
      ...(place ?? {}),
      ...(time === undefined ? {} : { durationMicros: time }),
      ...(message === '' || outcome === 'passed' ? {} : { message }),
    });
  }
}

const OUTCOMES: Readonly<Record<string, TestCase['outcome']>> = {
  ok: 'passed',
  failed: 'failed',
  timeout: 'failed',
  ignored: 'skipped',
};
const MOST_STARTED = 100_000;
