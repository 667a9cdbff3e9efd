import { Parser } from 'htmlparser2';
import { agreement, type DeclaredSuite } from './junit-agreement.ts';
import { type Attributes, numberOf, type OpenCase, RESULTS, testCase } from './junit-case.ts';
import {
  cutAt,
  ReportBuilder,
  secondsToMicros,
  type TestCase,
  type TestReport,
} from './test-report.ts';

/**
 * Reads JUnit XML, as the many programs write it that agree on `testsuite` and `testcase` and little
 * else. The parser knows the five entities of XML and no others: nothing is expanded, nothing is
 * fetched, what a DOCTYPE says is passed over.
 */
export function readJunit(text: string): TestReport {
  const reading = new JunitReading();
  const parser = new Parser(
    {
      onopentag: (name, attributes) => reading.open(name, attributes),
      ontext: (piece) => reading.text(piece),
      oncomment: (comment) => reading.comment(comment),
      // The parser calls `<a/>` implied too.
      onclosetag: (name, implied) =>
        reading.close(name, implied && (reading.ending || text[parser.endIndex - 1] !== '/')),
    },
    { xmlMode: true },
  );
  try {
    parser.write(text);
    reading.ending = true;
    parser.end();
  } catch (error) {
    if (!(error instanceof TooDeep)) throw error;
    reading.builder.problem('malformed', `elements nested deeper than ${DEEPEST}`);
  }
  return reading.report();
}

/** Reports nest suites by describe blocks; the parser itself takes longer the deeper it is. */
const DEEPEST = 200;
class TooDeep extends Error {}

class JunitReading {
  readonly builder = new ReportBuilder();
  ending = false;
  readonly #open: DeclaredSuite[] = [];
  readonly #roots: DeclaredSuite[] = [];
  /** In a go or nextest report one test may stand there several times: its re-runs. */
  readonly #attempts = new Map<string, TestCase>();
  #depth = 0;
  #case: OpenCase | null = null;
  #collecting = false;
  #suites = 0;
  #reruns = 0;
  #runner: string | null = null;
  #commentMicros: number | undefined;

  open(name: string, attributes: Attributes): void {
    if (++this.#depth > DEEPEST) throw new TooDeep();
    if (name === 'testsuites' || name === 'testsuite') this.#openSuite(name, attributes);
    else if (name === 'testcase') this.#case = { attributes, results: [], text: '' };
    else if (this.#case !== null && RESULTS.has(name)) {
      this.#case.results.push({
        kind: name,
        type: attributes.type ?? '',
        message: attributes.message ?? '',
      });
      this.#collecting = true;
    } else if (name === 'property' && attributes.name === 'go.version') this.#runner = 'go test';
  }

  text(piece: string): void {
    if (!this.#collecting || this.#case === null || this.#case.text.length > MOST_TEXT) return;
    this.#case.text += piece.slice(0, MOST_TEXT);
  }

  /** Node ends its report with comments: `tests 15`, `duration_ms 250.1`. */
  comment(comment: string): void {
    const [, word, value] = /^\s*([a-z_]+) (\d[\d.]*)\s*$/.exec(comment.slice(0, 100)) ?? [];
    if (word === 'tests') this.#runner ??= 'node';
    if (word === 'duration_ms') this.#commentMicros = secondsToMicros(Number(value) / 1_000);
  }

  close(name: string, implied: boolean): void {
    this.#depth--;
    if (implied && this.ending) this.builder.problem('cut', `it ends inside <${cutAt(name, 40)}>`);
    else if (implied) this.builder.problem('malformed', `<${cutAt(name, 40)}> is not closed`);
    if (RESULTS.has(name)) this.#collecting = false;
    else if (name === 'testcase') this.#closeCase(implied);
    else if (name === 'testsuite' || name === 'testsuites') this.#closeSuite();
  }

  report(): TestReport {
    const times = this.#roots.map(({ micros }) => micros);
    const known = times.filter((time) => time !== undefined);
    this.builder.durationMicros =
      this.#commentMicros ??
      (known.length === 0 ? null : known.reduce((sum, time) => sum + time, 0));
    return this.builder.report('junit', {
      runner: this.#runner,
      suites: this.#suites,
      ...(this.#reruns === 0 ? {} : { reruns: this.#reruns }),
    });
  }

  #openSuite(tag: string, attributes: Attributes): void {
    this.#runner ??= runnerOf(tag, attributes);
    const suite: DeclaredSuite = {
      tag,
      name: attributes.name ?? '',
      file: attributes.file ?? attributes.filepath,
      tests: numberOf(attributes.tests),
      failing: failingOf(attributes),
      skipped: numberOf(attributes.skipped),
      micros: secondsToMicros(attributes.time),
      passedCases: 0,
      skippedCases: 0,
      cases: 0,
      failed: 0,
      children: 0,
      allCases: 0,
      allFailed: 0,
    };
    const around = this.#open.at(-1);
    if (around === undefined) this.#roots.push(suite);
    else around.children++;
    this.#open.push(suite);
  }

  #closeSuite(): void {
    const suite = this.#open.pop();
    if (suite === undefined) return;
    if (suite.tag === 'testsuite' && suite.children === 0) this.#suites++;
    suite.allCases += suite.cases;
    suite.allFailed += suite.failed;
    const { disagreement, passedTooMany, skippedUnlisted } = agreement(suite);
    if (disagreement !== null) this.builder.problem('counts-differ', disagreement);
    this.builder.counts.skipped += skippedUnlisted;
    this.builder.counts.passed -= Math.min(passedTooMany, this.builder.counts.passed);
    // Said to have failed, but not listed: gotestsum does so with packages that do not build.
    const unlisted = Math.max(0, (suite.failing ?? 0) - suite.allFailed);
    this.builder.counts.errors += unlisted;
    const around = this.#open.at(-1);
    if (around !== undefined) {
      around.allCases += suite.allCases;
      around.allFailed += suite.allFailed + unlisted;
    }
  }

  #closeCase(implied: boolean): void {
    const open = this.#case;
    this.#case = null;
    this.#collecting = false;
    // What is cut off may be its failure: it must not pass for that.
    if (open === null || implied) return;
    const suite = this.#open.at(-1);
    const test = testCase(open, suite);
    if (suite !== undefined) {
      suite.cases++;
      if (test.outcome === 'passed' || test.outcome === 'flaky') suite.passedCases++;
      if (test.outcome === 'skipped' || test.outcome === 'todo') suite.skippedCases++;
      if (open.results.some(({ kind }) => kind === 'failure' || kind === 'error')) suite.failed++;
    }
    if (test.attempts !== undefined) this.#reruns += test.attempts - 1;
    if (this.#runner !== 'go test') this.builder.add(test);
    else this.#addAttempt(test);
  }

  /** Test names are unique in a Go package: the same one again is a re-run by gotestsum. */
  #addAttempt(test: TestCase): void {
    const key = `${test.suite}\n${test.name}`;
    const before = this.#attempts.get(key);
    if (before === undefined) {
      this.builder.add(test);
      this.#attempts.set(key, this.builder.cases.at(-1) ?? test);
      return;
    }
    this.#reruns++;
    before.attempts = (before.attempts ?? 1) + 1;
    if (before.outcome === 'failed' && test.outcome === 'passed') {
      this.builder.counts.failed--;
      this.builder.counts.flaky++;
      before.outcome = 'flaky';
    }
  }
}

function runnerOf(tag: string, attributes: Attributes): string | null {
  const { name = '' } = attributes;
  if (/surefire-test-report/.test(attributes['xsi:noNamespaceSchemaLocation'] ?? ''))
    return 'surefire';
  if (tag === 'testsuites' && name === '' && attributes.id === '') return 'playwright';
  if (tag === 'testsuite' && name === 'test' && attributes.package === 'test') return 'cargo test';
  return RUNNERS[name] ?? null;
}

const RUNNERS: Readonly<Record<string, string>> = {
  'vitest tests': 'vitest',
  'jest tests': 'jest',
  pytest: 'pytest',
  'pytest tests': 'pytest',
  'Mocha Tests': 'mocha',
  'nextest-run': 'nextest',
};

function failingOf({ failures, errors }: Attributes): number | undefined {
  const [failed, broken] = [numberOf(failures), numberOf(errors)];
  return failed === undefined && broken === undefined ? undefined : (failed ?? 0) + (broken ?? 0);
}

const MOST_TEXT = 16 * 1024;
