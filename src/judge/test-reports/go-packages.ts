import { goMessage } from './go-message.ts';
import {
  ReportBuilder,
  type ReportFormat,
  secondsToMicros,
  type TestCase,
  type TestReport,
} from './test-report.ts';

type GoResult = 'pass' | 'fail' | 'skip';

interface GoTest {
  suite: string;
  name: string;
  output: string;
  runs: number;
  /** In which run of its package it failed; null if it never did. */
  failedIn: number | null;
  result: GoResult | null;
  durationMicros: number | undefined;
}

interface GoPackage {
  /** How often it ended: gotestsum runs a package again for the tests that failed. */
  runs: number;
  failedTests: number;
  result: GoResult | null;
  why: string;
  listed: number;
}

/** Go packages and their tests, as events or lines tell of them one by one. */
export class GoPackages {
  readonly #tests = new Map<string, GoTest>();
  readonly #packages = new Map<string, GoPackage>();
  #micros = 0;
  #runs = 0;

  started(suite: string, name: string): void {
    const test = this.#test(suite, name);
    test.runs++;
    test.result = null;
    test.output = '';
    this.#runs++;
  }

  output(suite: string, name: string, text: string): void {
    const test = this.#test(suite, name);
    if (test.output.length < MOST_OUTPUT) test.output += text.slice(0, MOST_OUTPUT);
  }

  ended(suite: string, name: string, result: GoResult, micros: number | undefined): void {
    const test = this.#test(suite, name);
    if (test.runs === 0) test.runs = 1;
    test.result = result;
    test.durationMicros = micros;
    const around = this.#package(suite);
    around.listed++;
    if (result === 'fail') {
      test.failedIn = around.runs;
    } else if (result === 'pass' && test.failedIn === around.runs) {
      // With -count the same run holds both, and fails by the one that failed.
      test.result = 'fail';
    }
    if (result === 'fail') {
      around.failedTests++;
    }
  }

  /** How a package ended; a failure that no test of it explains is an error of its own. */
  packageEnded(name: string, result: GoResult, micros: number | undefined, why = ''): void {
    const found = this.#package(name);
    found.result = result;
    found.runs++;
    if (why !== '') found.why = why;
    this.#micros += micros ?? 0;
  }

  /** `ok  pkg 0.01s`, `FAIL pkg [build failed]`, `?  pkg [no test files]`; true if it was one. */
  packageLine(line: string): boolean {
    const [, word, name, rest = ''] = /^(ok|FAIL|\?)\s*\t(\S+)(?:\s+(.*))?$/.exec(line) ?? [];
    if (word === undefined || name === undefined) return false;
    const found = this.#package(name);
    // Under -json an event says the same again.
    if (found.result !== null && word !== '?') return true;
    const [, seconds] = /^([\d.]{1,12})s\b/.exec(rest) ?? [];
    const why = /\[([^\]]{1,80})\]/.exec(rest)?.[1] ?? '';
    const result = word === 'ok' ? 'pass' : word === 'FAIL' ? 'fail' : 'skip';
    this.packageEnded(name, result, secondsToMicros(seconds), why);
    return true;
  }

  /** Packages that ran and passed without a word about their tests: there were some, or none. */
  silent(): number {
    const silent = [...this.#packages.values()].filter(
      ({ result, listed, why }) => result === 'pass' && listed === 0 && !NO_TESTS.test(why),
    );
    return silent.length;
  }

  report(format: ReportFormat, listed: 'all' | 'failures' = 'all'): TestReport {
    const builder = new ReportBuilder();
    for (const test of this.#tests.values()) builder.add(this.#case(builder, test));
    for (const [name, found] of this.#packages) {
      builder.suites.add(name);
      if (found.result === 'fail' && found.failedTests === 0) {
        const message = found.why === '' ? 'the package failed outside its tests' : found.why;
        builder.add({ name, suite: name, outcome: 'error', message });
      } else if (found.result === null) {
        builder.problem('cut', `${name} has no end`);
      }
    }
    builder.durationMicros = this.#micros === 0 ? null : this.#micros;
    const reruns = this.#runs - [...this.#tests.values()].filter(({ runs }) => runs > 0).length;
    const { counts } = builder;
    return builder.report(format, {
      runner: 'go test',
      ...(listed === 'all' ? {} : { counts: { ...counts, passed: null, skipped: null } }),
      ...(reruns > 0 ? { reruns } : {}),
    });
  }

  #case(builder: ReportBuilder, test: GoTest): TestCase {
    const { suite, name, result, runs, failedIn, durationMicros } = test;
    const common = {
      suite,
      name,
      ...(durationMicros === undefined ? {} : { durationMicros }),
      ...(runs > 1 ? { attempts: runs } : {}),
    };
    if (result === null) {
      builder.problem('cut', `${suite} ${name} has no result`);
      return {
        ...common,
        outcome: 'error',
        message: goMessage(test.output).message || 'it has no result',
      };
    }
    const again = failedIn !== null && result === 'pass';
    const outcome = again ? 'flaky' : OUTCOMES[result];
    const { message, place } = goMessage(test.output);
    const said = outcome === 'passed' || message === '' ? {} : { message };
    return {
      ...common,
      outcome,
      ...said,
      ...(place === null || outcome === 'passed' ? {} : place),
    };
  }

  #test(suite: string, name: string): GoTest {
    const key = `${suite}\n${name}`;
    let test = this.#tests.get(key);
    if (test === undefined) {
      this.#package(suite);
      const blank = {
        output: '',
        runs: 0,
        failedIn: null,
        result: null,
        durationMicros: undefined,
      };
      test = { suite, name, ...blank };
      this.#tests.set(key, test);
    }
    return test;
  }

  #package(name: string): GoPackage {
    let found = this.#packages.get(name);
    if (found === undefined) {
      found = { runs: 0, failedTests: 0, result: null, why: '', listed: 0 };
      this.#packages.set(name, found);
    }
    return found;
  }
}

const OUTCOMES = { pass: 'passed', fail: 'failed', skip: 'skipped' } as const;
const MOST_OUTPUT = 16 * 1024;
const NO_TESTS = /^no test/;
