import { randomBytes } from 'node:crypto';
import { arch, release, type } from 'node:os';
import { basename } from 'node:path';
import type { Body, Draft } from '../../core/entries/kinds.ts';
import type { Seq } from '../../core/names.ts';
import { compileMaskRules, type MaskRules } from '../../ledger/mask/mask-rules.ts';
import { ownValuesFromEnvironment } from '../../ledger/mask/own-values.ts';
import { maskText } from '../../ledger/mask/text-mask.ts';
import { type Pending, Spool } from '../../ledger/spool.ts';
import { maskWords } from '../../ledger/store/draft-mask.ts';
import type { Ledger } from '../../ledger/store/ledger.ts';
import { processStart } from '../../ledger/store/recover.ts';
import { type ExecutableFacts, executableFacts } from './executable-facts.ts';
import type { ChildOutcome, Machine, Resolved } from './machine.ts';
import { NESTING, nestingFor, nestingIn } from './nesting.ts';
import { type CommandFacts, Recorder } from './recorder.ts';

export interface RunRequest {
  argv: readonly string[];
  cwd: string;
  env: Readonly<Record<string, string>>;
  task: Seq | null;
  actor: Draft['actor'];
  timeoutMs?: number;
  /** Bytes kept of each stream. */
  bound: number;
  /** Said about the command, as a note on its entry. */
  note?: string;
  version: string;
}

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
  const pending = pendingRun(request, run, opened.ledger);
  const resolved = machine.resolveExecutable(request.argv[0] ?? '', request.cwd, request.env.PATH);
  if (opened.ledger === null) {
    const outcome = await start(machine, request, resolved, nestingFor(run, null, null), null);
    const gapNoted = spool?.put(unrecorded(pending, outcome, opened.trouble)) ?? false;
    return { ...passOn(outcome), seq: null, trouble: opened.trouble, gapNoted };
  }
  const { ledger } = opened;
  spool?.put(pending);
  const recorder = new Recorder(ledger, request.bound);
  // Hashing a large program the first time takes longer than most commands: it goes on meanwhile.
  const executable = resolved.found ? executableFacts(resolved.path, `${ledger.dir}/cache`) : null;
  const nesting = nestingFor(run, ledger.id(), request.task);
  const outcome = await start(machine, request, resolved, nesting, recorder);
  try {
    const seq = await recorder.finish({
      task: request.task,
      actor: request.actor,
      sizeBefore: pending.size,
      openAfterExit: outcome.openAfterExit,
      ...(request.note === undefined ? {} : { note: request.note }),
      body: bodyOf(machine, request, run, resolved, await executable, outcome),
    });
    spool?.remove(run);
    const trouble = outcome.sinkFailed ?? recorder.trouble;
    return { ...passOn(outcome), seq, trouble, gapNoted: false };
  } catch (trouble) {
    recorder.abandon();
    const gapNoted = spool?.put(unrecorded(pending, outcome, trouble)) ?? false;
    return { ...passOn(outcome), seq: null, trouble, gapNoted };
  }
}

async function start(
  machine: Machine,
  request: RunRequest,
  resolved: Resolved,
  nesting: string,
  recorder: Recorder | null,
): Promise<ChildOutcome> {
  if (!resolved.found) return notStarted(request, resolved.reason);
  const env = { ...request.env, [NESTING]: nesting };
  const { argv, cwd, timeoutMs } = request;
  const child = { argv, cwd, env, executable: resolved.path };
  try {
    return await machine.runChild(
      timeoutMs === undefined ? child : { ...child, timeoutMs },
      recorder?.sink ?? (() => {}),
    );
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

function exitFields({ exit }: ChildOutcome) {
  return 'signal' in exit ? { code: null, signal: exit.signal } : { code: exit.code, signal: null };
}

function passOn({ exit, durationMicros, timedOut }: ChildOutcome) {
  return { exit, durationMicros, timedOut };
}

/** The note that is left on disk while the command runs; masked like all that reaches a disk. */
function pendingRun(request: RunRequest, run: string, ledger: Ledger | null): Pending {
  // Without the ledger its key and the secrets of this place are not known: then the least is kept,
  // and masked with what is.
  const rules = ledger?.rules ?? passingRules(request.env);
  const masked = (text: string) => maskText(rules, text).text.toWellFormed();
  const words =
    ledger === null ? [basename(request.argv[0] ?? '')] : request.argv.slice(0, MOST_WORDS);
  return {
    run,
    pid: process.pid,
    pidStart: processStart(process.pid),
    task: request.task,
    size: ledger?.size() ?? 0,
    gap: {
      what: 'command',
      why: 'the recorder ended before the command was recorded',
      from: new Date().toISOString(),
      run,
      // The cut may leave half a surrogate pair, which no entry can hold.
      argv: maskWords(rules, words).map((word) => word.slice(0, MOST_WORD).toWellFormed()),
      cwd: masked(request.cwd),
    },
  };
}

function passingRules(env: RunRequest['env']): MaskRules {
  return compileMaskRules({ hmacKey: randomBytes(32), ownValues: ownValuesFromEnvironment(env) });
}

const MOST_WORDS = 100;
const MOST_WORD = 200;

function unrecorded(pending: Pending, outcome: ChildOutcome, trouble: unknown): Pending {
  const why = `the record could not be written: ${(trouble as Error).message}`;
  const to = outcome.endedAt.toISOString();
  // Nobody is working on it any more: the next append turns it into a gap.
  return {
    ...pending,
    pid: 0,
    pidStart: null,
    gap: { ...pending.gap, why, to, exit: exitFields(outcome) },
  };
}
