import { randomBytes } from 'node:crypto';
import { arch, release, type } from 'node:os';
import type { FileChange } from '../../core/entries/change-kind.ts';
import type { Body } from '../../core/entries/kinds.ts';
import type { Seq } from '../../core/names.ts';
import { Spool } from '../../ledger/spool.ts';
import type { Ledger } from '../../ledger/store/ledger.ts';
import { type BoundedRun, boundedRun, type Seen } from './bounded-run.ts';
import { type ExecutableFacts, executableFacts } from './executable-facts.ts';
import { exitFields } from './exit-fields.ts';
import type { ChildOutcome, Machine, OutputSink, Resolved, RunBoundary } from './machine.ts';
import { NESTING, nestingFor, nestingIn } from './nesting.ts';
import { pendingRun, unrecorded } from './pending-note.ts';
import { type CommandFacts, Recorder } from './recorder.ts';
import type { RunRequest } from './run-request.ts';
import { WatchedRun } from './watched-run.ts';

export interface RunResult {
  /** How this process is to end, so that nobody can tell the command was recorded. */
  exit: ChildOutcome['exit'];
  /** The entry; null where nothing could be recorded. */
  seq: Seq | null;
  durationMicros: number;
  timedOut: boolean;
  /** Why it was not recorded, or not wholly. */
  trouble: unknown;
  /** The missing record will show as a gap. */
  gapNoted: boolean;
  /** What it changed in the workspace. */
  changed: readonly FileChange[];
  /** Why nobody saw what it changed. */
  unwatched: unknown;
  /** Which layer of its boundary held, and what that saw. */
  held: RunBoundary['held'];
  seen: Seen;
}

/**
 * Runs a command and records it. Recording never changes the work: whatever fails here, the
 * command runs, its bytes reach the user, and its exit is passed on. What could not be recorded
 * is said, and becomes a `gap` as soon as anything can be written.
 *
 * @param ledgerDir where a note about the run can be left even if the ledger does not open.
 * @param open opens the ledger; it may fail, and then the command runs unrecorded.
 */
export async function runCommand(
  machine: Machine,
  ledgerDir: string | null,
  open: () => Promise<Ledger>,
  request: RunRequest,
): Promise<RunResult> {
  const run = randomBytes(8).toString('hex');
  const spool = ledgerDir === null ? null : new Spool(ledgerDir);
  const opened = await open().then(
    (ledger) => ({ ledger, trouble: null }),
    (trouble: unknown) => ({ ledger: null, trouble }),
  );
  const root = machine.workspace?.root ?? null;
  const pending = pendingRun(request, run, opened.ledger, root);
  const resolved = machine.resolveExecutable(request.argv[0] ?? '', request.cwd, request.env.PATH);
  const bounded = boundedRun(request);
  if (opened.ledger === null) {
    const nesting = nestingFor(run, null, null);
    const outcome = await start(machine, request, resolved, nesting, null, bounded);
    const seen = bounded.seen(outcome);
    const gapNoted = spool?.put(unrecorded(pending, outcome, opened.trouble)) ?? false;
    const passed = { ...passOn(outcome), ...UNSEEN, held: bounded.held(UNSEEN), seen };
    return { ...passed, seq: null, trouble: opened.trouble, gapNoted };
  }
  const { ledger } = opened;
  spool?.put(pending);
  const recorder = new Recorder(ledger, request.bound);
  // Hashing a large program the first time takes longer than most commands: it goes on meanwhile.
  const executable = resolved.found ? executableFacts(resolved.path, `${ledger.dir}/cache`) : null;
  const nesting = nestingFor(run, ledger.id(), request.task);
  const watched = new WatchedRun(machine.workspace, ledger, spool, request, run);
  await watched.before();
  const running = start(machine, request, resolved, nesting, recorder, bounded);
  watched.meanwhile();
  const outcome = await running;
  const seen = bounded.seen(outcome);
  try {
    const { seq, changed } = await watched.finish(async (observed, unwatched) => {
      const command = bodyOf(machine, request, run, resolved, await executable, outcome);
      const body = { ...command, ...seen.facts };
      const facts = {
        task: request.task,
        actor: request.actor,
        sizeBefore: pending.size,
        openAfterExit: outcome.openAfterExit,
        ...(request.note === undefined ? {} : { note: request.note }),
        held: bounded.held(unwatched),
        files: bounded.files(),
        body: unwatched === null ? body : { ...body, unwatched },
      };
      return recorder.finish(facts, observed);
    });
    spool?.remove(run);
    const trouble = outcome.sinkFailed ?? recorder.trouble;
    return {
      ...passOn(outcome),
      seq,
      trouble,
      gapNoted: false,
      changed,
      unwatched: watched.failure,
      held: bounded.held(watched.failure),
      seen,
    };
  } catch (trouble) {
    recorder.abandon();
    const gapNoted = spool?.put(unrecorded(pending, outcome, trouble)) ?? false;
    const held = bounded.held(UNSEEN);
    return { ...passOn(outcome), ...UNSEEN, held, seen, seq: null, trouble, gapNoted };
  }
}

/** Of a command that is not recorded, nobody tells what it changed. */
const UNSEEN = { changed: [], unwatched: null };

async function start(
  machine: Machine,
  request: RunRequest,
  resolved: Resolved,
  nesting: string,
  recorder: Recorder | null,
  bounded: BoundedRun,
): Promise<ChildOutcome> {
  if (!resolved.found) return notStarted(request, resolved.reason);
  const env = { ...request.env, [NESTING]: nesting };
  const { argv, cwd, timeoutMs } = request;
  const mark = `${NESTING}=${nesting}`;
  const child = { argv, cwd, env, executable: resolved.path, mark };
  const sink: OutputSink = (stream, bytes, atMicros) => {
    bounded.sink(stream, bytes, atMicros);
    return recorder?.sink(stream, bytes, atMicros);
  };
  try {
    const outcome = await machine.runChild(
      timeoutMs === undefined ? child : { ...child, timeoutMs },
      sink,
    );
    if (outcome.refusal !== undefined)
      process.stderr.write(`proof: ${request.argv[0]}: ${outcome.refusal}\n`);
    return outcome;
  } catch (error) {
    // The kernel refused it: a text file without an interpreter, arguments too long, no memory.
    return notStarted(request, (error as Error).message);
  }
}

/** What a shell does with a command it cannot start: a line on standard error, 127 or 126. */
function notStarted(request: RunRequest, reason: string): ChildOutcome {
  const missing = reason === 'not-found';
  const said = missing
    ? 'command not found'
    : reason === 'not-executable'
      ? 'cannot be executed'
      : reason;
  process.stderr.write(`proof: ${request.argv[0]}: ${said}\n`);
  const now = new Date();
  return {
    mode: 'pipes',
    exit: { code: missing ? 127 : 126 },
    started: false,
    timedOut: false,
    startedAt: now,
    endedAt: now,
    durationMicros: 0,
    openAfterExit: [],
    usage: {
      cpuUserMicros: null,
      cpuSystemMicros: null,
      cpuSource: 'not started',
      peakRssBytes: null,
      peakRssSource: 'not started',
    },
  };
}

function bodyOf(
  machine: Machine,
  request: RunRequest,
  run: string,
  resolved: Resolved,
  executable: ExecutableFacts | null,
  outcome: ChildOutcome,
): CommandFacts['body'] {
  const place = machine.gitPlace(request.cwd);
  const parent = nestingIn(request.env)?.parent;
  return {
    run,
    ...(parent === undefined ? {} : { parent }),
    argv: request.argv,
    env: request.env,
    cwd: request.cwd,
    ...(place === null
      ? {}
      : { worktree: place.worktree, git: { head: place.head, branch: place.branch } }),
    executable,
    started: outcome.startedAt.toISOString(),
    ended: outcome.endedAt.toISOString(),
    durationMicros: Math.round(outcome.durationMicros),
    exit: { ...exitFields(outcome), how: howItEnded(resolved, outcome) },
    mode: outcome.mode,
    ...(outcome.size === undefined ? {} : { size: outcome.size }),
    ...(outcome.merged ? { merged: true as const } : {}),
    ...(outcome.bareLineFeeds ? { bareLineFeeds: true as const } : {}),
    ...(outcome.undelivered === undefined ? {} : { undelivered: outcome.undelivered }),
    usage: outcome.usage,
    tools: {
      prooflayer: request.version,
      node: process.versions.node,
      system: `${type()} ${release()} ${arch()}`,
    },
  };
}

function howItEnded(resolved: Resolved, outcome: ChildOutcome): Body<'command'>['exit']['how'] {
  if (!resolved.found) return resolved.reason;
  if (outcome.started === false) return 'not-executable';
  if (outcome.timedOut) return 'timed-out';
  return 'signal' in outcome.exit ? 'signalled' : 'exited';
}

function passOn({ exit, durationMicros, timedOut }: ChildOutcome) {
  return { exit, durationMicros, timedOut };
}
