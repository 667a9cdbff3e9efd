import * as z from 'zod/mini';
import { commandText } from '../../core/command-text.ts';
import { EXIT, ProofError } from '../../core/errors.ts';
import { humanDuration, plural } from '../../core/human-units.ts';
import { entryName, type Seq } from '../../core/names.ts';
import { cut, visibleLine } from '../../core/visible-text.ts';
import type { RunResult } from '../../features/record/run-command.ts';
import { RECORDED_BYTES } from '../config.ts';
import type { Context } from '../context.ts';
import { defineOp } from '../define-op.ts';
import { parseDuration } from '../duration.ts';
import { isDueToLook } from '../over-budget.ts';
import { testsJson, toTestsJson } from '../tests-json.ts';
import { testsOfRun } from '../tests-of-run.ts';

export default defineOp({
  name: 'run',
  summary: 'run a command and record it; its output and exit code stay as they are',
  details:
    'Recorded are the arguments, the program and its hash, both streams with their times, exit code or signal, duration, CPU and memory, the git head, what changed in the workspace, what its tests came to, and names of the environment. Secrets are struck out before anything reaches the disk. If recording fails the command still runs. Standard output is the command’s own: --json prints the record’s facts on standard error when it has ended.',
  effect: 'execute',
  input: z.object({
    command: z
      .array(z.string())
      .check(z.minLength(1))
      .check(z.describe('the command and its arguments')),
    task: z.optional(z.string()).check(z.describe('T3; without it the one chosen here')),
    note: z.optional(z.string().check(z.minLength(1))).check(z.describe('a note on the entry')),
    cwd: z.optional(z.string()).check(z.describe('run it in this directory')),
    timeout: z.optional(z.string()).check(z.describe('end it after this long: 30s, 5m, 1h')),
  }),
  output: () =>
    z.object({
      entry: z.nullable(z.string()).check(z.describe('null if it could not be recorded')),
      exit: z.object({ code: z.nullable(z.int()), signal: z.nullable(z.string()) }),
      durationMicros: z.int(),
      trouble: z.nullable(z.string()).check(z.describe('why it was not recorded, or not wholly')),
      changed: z
        .array(z.object({ path: z.string(), change: z.string() }))
        .check(z.describe('what it changed in the workspace; proof diff shows more')),
      tests: z.array(testsJson()).check(z.describe('what its tests came to, a report each')),
    }),
  examples: [
    { type: 'proof run -- npm test', does: 'exits as npm test does' },
    { type: 'proof run --note "after the fix" -- pytest -q', does: 'with a note on it' },
    { type: 'proof run --timeout 5m -- make release', does: 'ended after five minutes' },
  ],
  cli: { rest: 'command', short: { task: 't' } },
  async run(context, { command, task, note, cwd, timeout }) {
    const timeoutMs = timeout === undefined ? null : parseDuration(timeout);
    // Opened first, so that the task is read from it: one database, not two. Why it does not open,
    // `context.run` says, after the command ran.
    await context.ledger().catch(() => {});
    const request = {
      argv: command,
      cwd: cwd === undefined ? context.cwd : context.directory(cwd),
      env: definedOnly(context.env),
      task: taskOrNull(context, task),
      actor: context.actor,
      ...(timeoutMs === null ? {} : { timeoutMs }),
      bound: RECORDED_BYTES,
      ...(note === undefined ? {} : { note }),
      version: context.version,
    };
    const result = await context.run(request);
    if (result.trouble !== null) context.warn(unrecorded(result));
    else if (result.seq !== null)
      context.say(
        summary(command, result.seq, result) + (request.task === null ? ' · outside tasks' : ''),
      );
    if (result.unwatched !== null) context.warn(unwatched(result));
    const tests = await testsOfRun(context, result);
    if (result.seq !== null) await keepRoom(context, result.seq);
    const exit =
      'signal' in result.exit
        ? { code: null, signal: result.exit.signal }
        : { code: result.exit.code, signal: null };
    context.endLike(result.exit);
    return {
      entry: result.seq === null ? null : entryName(result.seq),
      exit,
      durationMicros: Math.round(result.durationMicros),
      trouble: result.trouble === null ? null : (result.trouble as Error).message,
      changed: result.changed.slice(0, MOST_NAMED).map(({ path, change }) => ({ path, change })),
      tests: tests.map(toTestsJson),
    };
  },
});

/** A program that wants more asks proof diff --json. */
const MOST_NAMED = 1_000;

/** Only after a run that wrote much, or when there was too much before: the prompt is waiting. */
async function keepRoom(context: Context, seq: Seq): Promise<void> {
  const { entry } = context.reader().entry(seq);
  const written = (entry?.blobs ?? []).reduce((sum, { size }) => sum + size, 0);
  if (written < MUCH && !isDueToLook(context.places.ledgerDir)) return;
  const { keepWithinBudget } = await import('../disk-budget.ts');
  await keepWithinBudget(context);
}

const MUCH = 1_000_000;

/**
 * A wrong --task is a wrong call, and nothing is run. A PROOF_TASK that names nothing here was
 * exported for another place: it must not stop anybody's command.
 */
function taskOrNull(context: Context, named: string | undefined): Seq | null {
  try {
    return context.task(named);
  } catch (error) {
    if (
      named !== undefined &&
      error instanceof ProofError &&
      /^(task|name|entry)\./.test(error.code)
    ) {
      throw error;
    }
    if (error instanceof ProofError && error.code.startsWith('task.')) context.warn(error);
    return null;
  }
}

function summary(
  command: readonly string[],
  seq: Seq,
  { exit, durationMicros, timedOut, changed }: RunResult,
): string {
  const how = 'signal' in exit ? `killed by ${exit.signal}` : `exit ${exit.code}`;
  const ended = timedOut ? `timed out, ${how}` : how;
  const text = cut(visibleLine(commandText(command)), 60);
  const files = changed.length === 0 ? '' : ` · changed ${plural(changed.length, 'file')}`;
  return `${entryName(seq)} ${text} → ${ended} · ${humanDuration(durationMicros)}${files}`;
}

function unrecorded({ trouble, gapNoted, seq }: RunResult): ProofError {
  const cause = trouble instanceof ProofError ? trouble : null;
  const after = gapNoted ? 'It will show as a gap.' : 'Nothing of it is kept.';
  return new ProofError({
    code: cause?.code ?? 'run.unrecorded',
    message:
      seq === null
        ? `The command ran, but was not recorded. ${after}`
        : `The command ran and is recorded as ${entryName(seq)}, but not all of its output.`,
    why: cause === null ? (trouble as Error).message : `${cause.message}: ${cause.why}`,
    remedy: cause?.remedy ?? 'proof doctor',
    exit: EXIT.failed,
    cause: trouble,
  });
}

function unwatched({ unwatched: cause }: RunResult): ProofError {
  return new ProofError({
    code: 'run.unwatched',
    message: 'The command is recorded, but not what it changed',
    why: (cause as Error).message,
    remedy: 'proof doctor',
    exit: EXIT.failed,
    cause,
  });
}

function definedOnly(env: Context['env']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
}
