import type { TestCase } from './test-report.ts';

/** Tests that pytest named somewhere in its output, under the ids it uses in each place. */
export class PytestNames {
  readonly #tests = new Map<string, TestCase>();
  readonly #explained = new Map<string, { message: string; place: Place | null }>();

  /** A line of `-v`: a node id and how it came out. One that was run again appears again. */
  saw(id: string, word: string): void {
    if (!id.includes('::')) return;
    const before = this.#tests.get(id);
    if (word === 'RERUN') {
      const attempts = (before?.attempts ?? 1) + 1;
      this.#put({ ...named(id), outcome: 'failed', attempts });
      return;
    }
    const outcome = OUTCOMES[word] ?? 'passed';
    if (before?.attempts === undefined) this.#put({ ...named(id), outcome });
    else this.#put({ id, ...before, outcome: outcome === 'passed' ? 'flaky' : outcome });
  }

  /** A line of the short summary: `test_a.py::test_x - AssertionError: …`. */
  failed(word: string, line: string): void {
    const end = endOfId(line);
    const id = line.slice(0, end);
    const message = line.slice(end).replace(/^ - /, '');
    const attempts = this.#tests.get(id)?.attempts;
    this.#put({
      ...named(id),
      outcome: word === 'ERROR' ? 'error' : 'failed',
      ...(attempts === undefined ? {} : { attempts }),
      ...(message === '' ? {} : { message }),
    });
  }

  /** The section of a failure, under a heading that is no node id: `TestA.test_x`. */
  explain(heading: string, message: string, place: Place | null): void {
    const name = heading.replace(/^ERROR (?:at (?:setup|teardown) of|collecting) /, '');
    if (!this.#explained.has(name) && this.#explained.size < MOST) {
      this.#explained.set(name, { message, place });
    }
  }

  tests(): TestCase[] {
    const used = new Set<string>();
    const tests = [...this.#tests.entries()].map(([id, test]) => {
      const heading = id.includes('::') ? partsOf(id).slice(1).join('.') : id;
      const found = this.#explained.get(heading);
      if (found === undefined || (test.outcome !== 'failed' && test.outcome !== 'error'))
        return test;
      used.add(heading);
      return { ...test, ...withPlace(test, found) };
    });
    // With -r or --tb options the short summary may be missing.
    for (const [heading, found] of this.#explained) {
      if (used.has(heading)) continue;
      if (this.#tests.size > 0 && tests.some(({ name }) => name.endsWith(heading))) continue;
      const test: TestCase = { name: heading, outcome: 'failed' };
      tests.push({ ...test, ...withPlace(test, found) });
    }
    return tests;
  }

  #put(test: TestCase & { id: string }): void {
    const { id, ...rest } = test;
    if (this.#tests.size < MOST || this.#tests.has(id)) this.#tests.set(id, rest as TestCase);
  }
}

type Place = { file: string; line: number };

const MOST = 200_000;
const OUTCOMES: Readonly<Record<string, TestCase['outcome']>> = {
  PASSED: 'passed',
  XPASS: 'passed',
  FAILED: 'failed',
  SKIPPED: 'skipped',
  XFAIL: 'todo',
  ERROR: 'error',
};

function withPlace(test: TestCase, { message, place }: { message: string; place: Place | null }) {
  const own = place !== null && (test.file === undefined || test.file.endsWith(place.file));
  return {
    ...(message === '' ? {} : { message }),
    ...(place === null ? {} : own ? place : test.file === undefined ? place : {}),
  };
}

/** `test_a.py::TestA::test_x[a - b]` in its parts. */
function named(id: string): { id: string; name: string; file?: string } {
  const [file = '', ...parts] = partsOf(id);
  return parts.length === 0
    ? { id, name: id, file }
    : { id, name: parts.join(' > '), ...(file === '' ? {} : { file }) };
}

/** Parameters stand in brackets, and may hold any text. */
function partsOf(id: string): string[] {
  const bracket = id.indexOf('[');
  if (bracket < 0) return id.split('::');
  const parts = id.slice(0, bracket).split('::');
  parts.push(`${parts.pop() ?? ''}${id.slice(bracket)}`);
  return parts;
}

/** A parameter may hold the ` - ` that parts the id from its message. */
function endOfId(line: string): number {
  const dash = line.indexOf(' - ');
  const bracket = line.indexOf('[');
  if (bracket < 0 || (dash >= 0 && dash < bracket)) return dash < 0 ? line.length : dash;
  const closed = line.indexOf('] - ', bracket);
  return closed < 0 ? line.length : closed + 1;
}
