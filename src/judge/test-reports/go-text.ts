import { GoPackages } from './go-packages.ts';
import { secondsToMicros, type TestReport } from './test-report.ts';
import { textLines } from './text-lines.ts';

/**
 * Reads what plain `go test` prints. Without `-v` it names failures only: how many tests passed is
 * then not known, and not guessed.
 */
export function readGo(text: string): TestReport {
  const reading = new GoReading();
  for (const line of textLines(text)) reading.line(line);
  return reading.end();
}

interface Told {
  name: string;
  output: string;
  result: 'pass' | 'fail' | 'skip' | null;
  micros: number | undefined;
}

class GoReading {
  readonly #packages = new GoPackages();
  /** Tests are told first, their package last. */
  #told = new Map<string, Told>();
  #current: Told | null = null;
  #verbose = false;
  #failed = false;

  line(line: string): void {
    const step = /^=== (RUN|CONT|NAME)\s+(\S.*)$/.exec(line);
    const end = /^ *--- (PASS|FAIL|SKIP): (\S+) \(([\d.]{1,12})s\)$/.exec(line);
    if (step !== null) {
      this.#verbose = true;
      this.#current = this.#test(step[2] as string);
    } else if (end !== null) {
      const test = this.#test(end[2] as string);
      test.result = (end[1] as string).toLowerCase() as 'pass' | 'fail' | 'skip';
      test.micros = secondsToMicros(end[3]);
      this.#failed ||= test.result === 'fail';
      this.#current = test;
    } else if (/^(?:ok|FAIL|\?)\s*\t/.test(line)) this.#package(line);
    else if (this.#current !== null && !/^(?:PASS|FAIL|exit status \d+)$/.test(line)) {
      if (this.#current.output.length < MOST_OUTPUT) this.#current.output += `${line}\n`;
    }
  }

  end(): TestReport {
    if (this.#told.size > 0) this.#package('FAIL\t(unknown package)');
    // A package that passed in silence may hold any number of tests; one without tests none.
    const known = this.#verbose || (this.#packages.silent() === 0 && !this.#failed);
    return this.#packages.report('go', known ? 'all' : 'failures');
  }

  #package(line: string): void {
    const name = /\t(\S+)/.exec(line)?.[1] ?? '';
    for (const test of this.#told.values()) {
      this.#packages.started(name, test.name);
      this.#packages.output(name, test.name, test.output);
      if (test.result !== null) this.#packages.ended(name, test.name, test.result, test.micros);
    }
    this.#told = new Map();
    this.#current = null;
    this.#packages.packageLine(line);
  }

  #test(name: string): Told {
    let test = this.#told.get(name);
    if (test === undefined) {
      test = { name, output: '', result: null, micros: undefined };
      this.#told.set(name, test);
    }
    return test;
  }
}

const MOST_OUTPUT = 16 * 1024;
