import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { buildConstants } from './scripts/build.ts';

const minute = 60_000;

/** `npm test`, and with `--mode heavy` the marathons of test/heavy, one at a time. */
export default defineConfig(({ mode }) => {
  const heavy = mode === 'heavy';
  return {
    define: buildConstants(),
    test: {
      include: heavy ? ['test/heavy/**/*.test.ts'] : ['src/**/*.test.ts', 'test/**/*.test.ts'],
      exclude: heavy ? [] : ['test/heavy/**'],
      passWithNoTests: heavy,
      globalSetup: ['scripts/vitest-build.ts'],
      reporters: ['default', './scripts/vitest-last-line.ts'],
      testTimeout: heavy ? 10 * minute : minute,
      hookTimeout: heavy ? 10 * minute : minute,
      pool: 'forks',
      fileParallelism: !heavy,
      // Many tests wait for processes they started, so two at a time pay even on two cores.
      maxWorkers: heavy ? 1 : Math.max(2, availableParallelism() - 1),
    },
  };
});
