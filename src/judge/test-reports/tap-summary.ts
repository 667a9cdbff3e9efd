import type { TestCounts } from './test-report.ts';

/** The comments with which producers of TAP close: `# tests 15`, `# pass 6`, `# duration_ms 250`. */
export class TapSummary {
  readonly #said = new Map<string, number>();
  #files = 0;
  #node = false;

  /** True if the comment is one of a summary; several documents add up. */
  take(comment: string): boolean {
    const [, word, value] = /^([a-z_]{3,12})\s+(\d{1,9}(?:\.\d+)?)$/.exec(comment) ?? [];
    if (word === undefined || !WORDS.has(word)) return false;
    this.#said.set(word, (this.#said.get(word) ?? 0) + Number(value));
    return true;
  }

  /** `type` of a point's diagnostics: only Node's runner writes it. */
  seen(type: string | undefined): void {
    if (type === 'test' || type === 'suite') this.#node = true;
  }

  /** A point that stands for a file in which no test was found. */
  fileWithoutTests(): void {
    this.#files++;
  }

  /** Only Node counts what it cancelled. */
  get isFromNode(): boolean {
    return this.#node || this.#said.has('cancelled');
  }

  against({ passed, failed, errors }: TestCounts) {
    const failing = this.#said.get('fail');
    const listed = failed + errors;
    const failingSaid = (failing ?? 0) + (this.#said.get('cancelled') ?? 0);
    const passing = this.#said.get('pass');
    const milliseconds = this.#said.get('duration_ms');
    const problem =
      failing !== undefined && failingSaid !== listed
        ? `its summary says ${failingSaid} failed and it lists ${listed}`
        : passing !== undefined && passing - this.#files < (passed ?? 0)
          ? `its summary says ${passing - this.#files} passed and it lists ${passed}`
          : null;
    return {
      problem,
      runner: this.isFromNode ? 'node' : null,
      durationMicros: milliseconds === undefined ? null : Math.round(milliseconds * 1_000),
    };
  }
}

const WORDS = new Set([
  'tests',
  'suites',
  'pass',
  'fail',
  'cancelled',
  'skipped',
  'skip',
  'todo',
  'duration_ms',
]);
