import * as z from 'zod/mini';
import { commandText } from '../../core/command-text.ts';
import { leftBehind, sandbox } from '../../core/entries/sandbox-part.ts';
import { EXIT, ProofError } from '../../core/errors.ts';
import { humanDuration, plural } from '../../core/human-units.ts';
import { entryName, type Seq } from '../../core/names.ts';
import { cut, visibleLine } from '../../core/visible-text.ts';
import { nestingIn } from '../../features/record/nesting.ts';
import type { RunResult } from '../../features/record/run-command.ts';
import { RECORDED_BYTES } from '../config.ts';
import type { Context } from '../context.ts';
import { defineOp } from '../define-op.ts';
import { parseDuration } from '../duration.ts';
import { isDueToLook } from '../over-budget.ts';
import { gateOf, type RunGate, recordDecision, recordRefusedHosts } from '../run-gate.ts';
import { boundaryRemarks } from '../sandbox-block.ts';
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
    enforce: z
      ._default(z.boolean(), true)
      .check(z.describe('--no-enforce: without the sandbox that proof.yaml asks for; for a human')),
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
      held: z.enum(['enforced', 'observed', 'matched', 'none']),
      sandbox: z
        .nullable(sandbox())
        .check(z.describe('the walls it ran in, and what they saw; null: none')),
      leftBehind: z.array(leftBehind()).check(z.describe('processes that outlived it')),
      refused: z
        .nullable(z.object({ code: z.string(), why: z.string() }))
        .check(z.describe('why the boundary did not let it start; its entry is the decision')),
    }),
  examples: [
    { type: 'proof run -- npm test', does: 'exits as npm test does' },
    { type: 'proof run --note "after the fix" -- pytest -q', does: 'with a note on it' },
    { type: 'proof run --timeout 5m -- make release', does: 'ended after five minutes' },
    { type: 'proof run --no-enforce -- sudo true', does: 'without the sandbox, and recorded so' },
  ],
  cli: { rest: 'command', short: { task: 't' } },
  async run(context, { command, task, note, cwd, timeout, enforce }) {
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
    const gate = await gateOf(context, request.task, command);
    const refused = gate === null ? null : (gate.refused ?? unenforceable(context, gate, enforce));
    if (gate !== null && refused !== null)
      return refusedRun(context, { ...gate, refused }, command, request.task, refused);
    const holding = gate === null ? null : { ...gate, enforce };
    const result = await context.run(request, holding);
    const held = result.held;
    if (gate !== null && result.seq !== null) {
      const place = { task: request.task, on: result.seq, held };
      await recordDecision(context, gate, command, place);
      await recordRefusedHosts(context, gate.policy, result.seen.refusedHosts, place);
    }
    const within = withinSandbox(context, result.trouble);
    if (within) context.remark('recorded as a part of the sandboxed command around it');
    else if (result.trouble !== null) context.warn(unrecorded(result));
    else if (result.seq !== null)
      context.say(
        summary(command, result.seq, result) + (request.task === null ? ' · outside tasks' : ''),
      );
    if (result.unwatched !== null) context.warn(unwatched(result));
    const tests = await testsOfRun(context, result);
    if (result.seq !== null) await keepRoom(context, result.seq);
    for (const text of within ? [] : boundaryRemarks(result.seen)) context.remark(text);
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
      held,
      sandbox: result.seen.facts.sandbox ?? null,
      leftBehind: result.seen.facts.leftBehind ?? [],
      refused: null,
    };
  },
});

/** Not started: what was asked or denied is recorded, and said, and the exit code is 126. */
async function refusedRun(
  context: Context,
  gate: RunGate,
  command: readonly string[],
  task: Seq | null,
  refused: ProofError,
) {
  const place = { task, on: null, held: 'matched' } as const;
  const seq = await recordDecision(context, gate, command, place).catch(() => null);
  context.warn(refused);
  context.endLike({ code: NOT_STARTED });
  return {
    entry: seq === null ? null : entryName(seq),
    exit: { code: NOT_STARTED, signal: null },
    durationMicros: 0,
    trouble: null,
    changed: [],
    tests: [],
    held: place.held,
    sandbox: null,
    leftBehind: [],
    refused: { code: refused.code, why: refused.why },
  };
}

/** As a shell ends a command that may not be executed. */
const NOT_STARTED = 126;

/** The ledger is hidden inside a sandbox: what runs there is part of the command around it. */
function withinSandbox({ env }: Context, trouble: unknown): boolean {
  const hidden = trouble instanceof ProofError && trouble.code === 'ledger.not-found';
  return hidden && nestingIn(env) !== null;
}

/** To go without the sandbox is a human's to say. */
function unenforceable(
  { actor }: Context,
  { policy }: RunGate,
  enforce: boolean,
): ProofError | null {
  if (enforce || policy.mode !== 'enforce' || actor.kind === 'human') return null;
  return new ProofError({
    code: 'run.unenforced-by-agent',
    message: 'Not run: only a human runs a command without the sandbox',
    why: `proof.yaml says mode: enforce, and ${visibleLine(actor.name)} is no human`,
    remedy: 'run it without --no-enforce, or have a human run it',
  });
}

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
