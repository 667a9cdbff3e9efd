import { build, isStale } from './build.ts';

/**
 * Vitest's global setup: tests that drive the command run the sources as they are now.
 *
 * A failing build does not stop tests that need no build, but the run fails in the end (see
 * vitest-last-line.ts): its tests of the command may have run an older one.
 */
export default async function buildIfStale(): Promise<void> {
  if (!isStale()) return;
  try {
    await build({ keepOld: true });
  } catch (error) {
    process.env.PROOF_BUILD_ERROR = error instanceof Error ? error.message : String(error);
  }
}
