import { failurePlace } from './failure-place.ts';
import {
  countOf,
  ReportBuilder,
  secondsToMicros,
  type TestCase,
  type TestReport,
} from './test-report.ts';
import { MessageLines, textLines } from './text-lines.ts';

/** Reads what `cargo test` prints: a block for each test binary, doc tests among them. */
export function readCargo(text: string): TestReport {
  const reading = new CargoReading();
  for (const line of textLines(text)) reading.line(line);
  return reading.end();
}

/** One binary's tests, from `running 5 tests` to `test result:`. */
interface Block {
  announced: number;
  cases: Map<string, TestCase>;
  /** It ended without a result. */
  died: boolean;
}

/** A test binary as Cargo names it when it starts it. */
interface Binary {
  name: string;
  /** File name of the program; of doc tests there is none. */
  program: string;
}

class CargoReading {
  readonly #builder = new ReportBuilder();
  readonly #message = new MessageLines();
  readonly #blocks: Block[] = [];
  readonly #binaries: Binary[] = [];
  /** How a program ended, by its file name. */
  readonly #deaths = new Map<string, string>();
  #block: Block | null = null;
  #failing: TestCase | null = null;
  #filteredOut = 0;

  line(line: string): void {
    const running = /^running (\d{1,9}) tests?$/.exec(line);
    const result = RESULT.exec(line);
    if (running !== null) this.#open(countOf(running[1]));
    else if (result !== null) this.#close(result);
    else if (this.#failing !== null && !SECTION_END.test(line)) this.#message.add(line);
    else if (this.#block !== null && this.#inBlock(line, this.#block)) return;
    else this.#outside(line);
  }

  end(): TestReport {
    this.#abandon();
    // Binaries are named on standard error, their tests on standard output: in the same order.
    const known = this.#binaries.length === this.#blocks.length;
    for (const [i, block] of this.#blocks.entries()) {
      this.#list(block, known ? this.#binaries[i] : undefined);
    }
    return this.#builder.report('cargo', {
      runner: 'cargo test',
      suites: this.#blocks.length,
      ...(this.#filteredOut === 0 ? {} : { filteredOut: this.#filteredOut }),
    });
  }

  #open(announced: number): void {
    this.#abandon();
    this.#block = { announced, cases: new Map(), died: false };
    this.#blocks.push(this.#block);
  }

  #inBlock(line: string, block: Block): boolean {
    const listed = CASE.exec(line) ?? QUIET_FAILURE.exec(line);
    if (listed !== null) {
      const outcome = OUTCOMES[listed[2] as string];
      const name = (listed[1] as string).replace(/ - should panic$/, '');
      if (outcome !== undefined) this.#case(block, name, outcome);
      return true;
    }
    const section = /^---- (.+?) stdout ----$/.exec(line);
    if (section === null) {
      if (SECTION_END.test(line)) this.#endMessage();
      return false;
    }
    this.#endMessage();
    this.#failing = this.#case(block, section[1] as string, 'failed');
    return true;
  }

  #outside(line: string): void {
    const binary = BINARY.exec(line);
    if (binary !== null && this.#binaries.length < MOST_LISTED) {
      const [, name, program = '', documented] = binary;
      this.#binaries.push({ name: name ?? `doc-tests ${documented}`, program: fileName(program) });
    }
    const died = /^ {2}(process didn't exit successfully: `(.{1,1000})` \(.*)$/.exec(line);
    if (died !== null) {
      this.#deaths.set(fileName((died[2] as string).split(' ')[0] as string), died[1] as string);
    }
  }

  #case(block: Block, name: string, outcome: TestCase['outcome']): TestCase {
    const known = block.cases.get(name);
    if (known !== undefined) return known;
    const test: TestCase = { name, outcome };
    if (block.cases.size < MOST_LISTED) block.cases.set(name, test);
    return test;
  }

  #endMessage(): void {
    if (this.#failing === null) return;
    const message = this.#message.take();
    // Lines of a doc test are counted from its own beginning; its name has the place.
    const documented = /^(\S+) - .*\(line (\d{1,7})\)$/.exec(this.#failing.name);
    const place =
      documented === null
        ? failurePlace(message.replace(/^note: .*$/m, ''))
        : { file: documented[1] as string, line: countOf(documented[2]) };
    if (message !== '') this.#failing.message = message;
    if (place !== null) Object.assign(this.#failing, place);
    this.#failing = null;
  }

  #close(result: RegExpExecArray): void {
    this.#endMessage();
    const [, passed, failed, ignored, filtered, seconds] = result;
    const { counts } = this.#builder;
    counts.passed += countOf(passed);
    counts.failed += countOf(failed);
    counts.skipped += countOf(ignored);
    this.#filteredOut += countOf(filtered);
    const micros = secondsToMicros(seconds) ?? 0;
    this.#builder.durationMicros = (this.#builder.durationMicros ?? 0) + micros;
    const cases = [...(this.#block?.cases.values() ?? [])];
    const listed = cases.filter(({ outcome }) => outcome === 'failed').length;
    if (this.#block !== null && listed !== countOf(failed)) {
      const detail = `a result says ${countOf(failed)} failed and ${listed} are listed`;
      this.#builder.problem('counts-differ', detail);
    }
    this.#block = null;
  }

  /** A block without a result: its process died, and what it had passed so far is not counted. */
  #abandon(): void {
    this.#endMessage();
    if (this.#block === null) return;
    this.#block.died = true;
    this.#block = null;
  }

  #list({ announced, cases, died }: Block, binary: Binary | undefined): void {
    const suite = binary === undefined ? {} : { suite: binary.name };
    if (!died) {
      for (const test of cases.values()) this.#builder.list({ ...test, ...suite });
      return;
    }
    this.#builder.problem('cut', `a binary of ${announced} tests ended without a result`);
    const name = binary?.name ?? 'a test binary';
    const message = this.#deaths.get(binary?.program ?? '') ?? 'it ended without a result';
    this.#builder.add({ name, outcome: 'error', message });
    for (const test of cases.values()) {
      if (test.outcome === 'failed') this.#builder.add({ ...test, ...suite });
    }
  }
}

function fileName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}

const BINARY = /^ {3,}(?:Running (?:unittests )?(\S+)(?: \((\S+)\))?|Doc-tests (\S+))$/;
const RESULT =
  /^test result: (?:ok|FAILED)\. (\d{1,9}) passed; (\d{1,9}) failed; (\d{1,9}) ignored; \d{1,9} measured; (\d{1,9}) filtered out(?:; finished in ([\d.]{1,12})s)?/;
const CASE = /^test (.{1,2000}?) \.\.\. (ok|FAILED|ignored)(?:, .*| <[\d.]+s>)?$/;
const QUIET_FAILURE = /^(\S.{0,2000}?) --- (FAILED)$/;
const SECTION_END = /^(?:failures:|---- .+ stdout ----)$/;
const OUTCOMES: Readonly<Record<string, TestCase['outcome']>> = {
  ok: 'passed',
  FAILED: 'failed',
  ignored: 'skipped',
};
const MOST_LISTED = 100_000;
