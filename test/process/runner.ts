/**
 * The smallest program around `runChild`: `runner.ts COMMAND…`. The sink's bytes go to the files
 * `$RUNNER_RECORD.stdout`, `.stderr` and `.terminal`, the outcome to `.json`; RUNNER_OPTIONS is JSON.
 */
import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Enclosure } from '../../src/platform/process/child.ts';
import { resolveExecutable } from '../../src/platform/process/executable.ts';
import { exitLike } from '../../src/platform/process/exit-like.ts';
import { runChild, type StreamName } from '../../src/platform/process/run-child.ts';
import { encloseWith } from '../../src/platform/sandbox/enclosure.ts';
import { findPrograms } from '../../src/platform/sandbox/programs.ts';
import { syscallFilter } from '../../src/platform/sandbox/syscall-filter.ts';

interface RunnerOptions {
  timeoutMs?: number;
  graceMs?: number;
  sinkDelayMs?: number;
  sinkThrowsAfter?: number;
  /** Replaces the child's environment. */
  env?: Record<string, string>;
  /** Inside walls that shut nothing out: whatever else a run must be, it must be there as well. */
  enclosed?: boolean;
  /** Runs the command this often, one after the other, and reports the last outcome. */
  repeat?: number;
}

function wallsOfAir(): Enclosure {
  const found = findPrograms();
  if (!('programs' in found)) throw new Error(`${found.missing} is missing`);
  const words = ['--dev-bind', '/', '/', '--proc', '/proc', '--unshare-pid', '--die-with-parent'];
  const { programs } = found;
  const chdir = ['--chdir', process.cwd()];
  return encloseWith({
    programs,
    words: [...words, ...chdir],
    filter: syscallFilter(process.arch, false),
    proxy: null,
    environment: {},
  });
}

const record = process.env.RUNNER_RECORD;
const options: RunnerOptions = JSON.parse(process.env.RUNNER_OPTIONS ?? '{}');
const {
  RUNNER_RECORD: _,
  RUNNER_OPTIONS: __,
  RUNNER_ENCLOSED: ___,
  ...own
} = process.env as Record<string, string>;
const argv = process.argv.slice(2);
const env = options.env ?? own;

const found = resolveExecutable(argv[0] ?? '', process.cwd(), env.PATH);
if (!found.found) process.exit(found.reason === 'not-found' ? 127 : 126);

const files = new Map<StreamName, number>();
let calls = 0;
let last = 0;
const once = () =>
  runChild(
    {
      argv,
      executable: found.path,
      cwd: process.cwd(),
      env,
      ...(options.timeoutMs !== undefined && { timeoutMs: options.timeoutMs }),
      ...(options.graceMs !== undefined && { graceMs: options.graceMs }),
      ...((options.enclosed ?? process.env.RUNNER_ENCLOSED !== undefined) && {
        enclosure: wallsOfAir(),
      }),
      onStart: (pid) => record && writeFileSync(`${record}.pid`, String(pid)),
    },
    (stream, bytes, atMicros) => {
      if (!record) return;
      if (atMicros < last && !options.repeat) throw new Error('time went backwards');
      last = atMicros;
      calls += 1;
      if (options.sinkThrowsAfter !== undefined && calls > options.sinkThrowsAfter) {
        throw new Error('the sink is broken');
      }
      let file = files.get(stream);
      if (file === undefined) {
        file = openSync(`${record}.${stream}`, 'w');
        files.set(stream, file);
      }
      writeSync(file, bytes);
      if (options.sinkDelayMs) return sleep(options.sinkDelayMs);
    },
  );
let outcome = await once();
for (let turn = 1; turn < (options.repeat ?? 1); turn++) outcome = await once();
for (const file of files.values()) closeSync(file);
if (record) {
  const { sinkFailed, ...rest } = outcome;
  const own = { peakRss: process.resourceUsage().maxRSS * 1024, calls };
  writeFileSync(
    `${record}.json`,
    JSON.stringify({ ...rest, own, ...(sinkFailed ? { sinkFailed: String(sinkFailed) } : {}) }),
  );
}
exitLike(outcome.exit);
