import type { Reporter, TestModule, TestSuite } from 'vitest/node';
import { missingIn } from '../test/skips.ts';

/**
 * Ends a run with the tests skipped because a program is missing, by name, and with the one line
 * that .ci/run and others read: `N passed, N failed, N skipped`.
 */
export default class LastLine implements Reporter {
  onInit(): void {
    // At exit, because vitest itself may still have something to print after the run.
    process.on('exit', () => process.stdout.write(this.#text));
  }

  #text = '';

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    const count = { passed: 0, failed: 0, skipped: 0, pending: 0 };
    const needs: { test: string; programs: string[] }[] = [];
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        count[state] += 1;
        const programs = state === 'skipped' ? missingIn(test.fullName) : [];
        if (programs.length > 0) needs.push({ test: test.fullName, programs });
      }
    }
    // A file that does not load, or a hook that throws, fails no test but fails the run.
    const broken = modules.flatMap((module) => [module, ...module.children.allSuites()]);
    count.failed += broken.filter(
      (suite: TestModule | TestSuite) => suite.errors().length > 0,
    ).length;
    count.failed += unhandled.length;

    const buildError = process.env.PROOF_BUILD_ERROR;
    if (buildError) {
      count.failed += 1;
      process.exitCode = 1;
    }
    const skipped = count.skipped + count.pending;
    this.#text = [
      ...(buildError
        ? [`\nThe build failed, so dist/ may be older than src/:\n${buildError}`]
        : []),
      ...listMissing(needs),
      `\n${count.passed} passed, ${count.failed} failed, ${skipped} skipped\n`,
    ].join('\n');
  }
}

function listMissing(needs: readonly { test: string; programs: string[] }[]): string[] {
  if (needs.length === 0) return [];
  const programs = [...new Set(needs.flatMap((need) => need.programs))].sort();
  return [
    `\nSkipped for lack of ${programs.join(', ')} ("npm run setup:debian" installs what is missing):`,
    ...needs.map((need) => `  ${need.test}`),
  ];
}
