import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Actor } from '../core/entries/header.ts';
import { EXIT, ProofError } from '../core/errors.ts';
import type { Seq } from '../core/names.ts';
import { nestingIn } from '../features/record/nesting.ts';
import { type RunRequest, type RunResult, runCommand } from '../features/record/run-command.ts';
import { currentTask } from '../features/tasks/chosen-task.ts';
import { taskError } from '../features/tasks/task-error.ts';
import {
  type OwnValue,
  ownValuesFromDotenv,
  ownValuesFromEnvironment,
  ownValuesFromNetrc,
} from '../ledger/mask/own-values.ts';
import type { Ledger } from '../ledger/store/ledger.ts';
import { createLedger, openForReading, openLedger } from '../ledger/store/open.ts';
import type { LedgerReader } from '../ledger/store/reader.ts';
import type { RootClaim } from '../ledger/verify/roots.ts';
import { actorFromSigns } from '../platform/actor-signs.ts';
import { type Anchored, type AnchorRequest, anchorCheckpoint } from '../platform/git/anchor.ts';
import { readHead } from '../platform/git/head.ts';
import { findRepository } from '../platform/git/repository.ts';
import { resolveExecutable } from '../platform/process/executable.ts';
import { exitLike } from '../platform/process/exit-like.ts';
import { runChild } from '../platform/process/run-child.ts';
import { secretFiles } from '../platform/secret-files.ts';
import { anchoredRoots } from './context-anchors.ts';
import { findPlaces, type Places } from './context-places.ts';
import { VERSION } from './version.ts';
import { ViewStore } from './view-store.ts';

/**
 * Everything an operation gets: where it works, who works, the ledger, the clock. All wiring of
 * the machine is here; nothing is opened before it is asked for.
 */
export interface Context {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly places: Places;
  readonly actor: Actor;
  readonly version: string;
  now(): Date;
  /** The ledger for reading. */
  reader(): LedgerReader;
  /** The ledger for appending, recovered. */
  ledger(): Promise<Ledger>;
  initLedger(): Promise<Ledger>;
  views(): ViewStore;
  /** Leaf index of the task at hand, or null. */
  task(named?: string): Seq | null;
  /** The same where a task is needed. */
  requireTask(named?: string): Seq;
  gitPlace(cwd: string): GitPlaceHere | null;
  run(request: RunRequest): Promise<RunResult>;
  /** Puts a signed root onto the checkpoint branch of the repository, and pushes it. */
  anchor(checkpoint: AnchorRequest): Promise<Anchored>;
  /** Signed roots of this ledger found on checkpoint branches, local and remote. */
  anchoredRoots(): Promise<RootClaim[]>;
  /** `text`, or standard input where it is `-`. */
  textOrInput(text: string): Promise<string>;
  /** An existing directory, resolved against the current one. */
  directory(path: string): string;
  /** Writes bytes as the whole answer: nothing else is printed then. */
  writeBytes(pieces: Iterable<Uint8Array>): Promise<void>;
  /** Waits; false once the process is asked to end. */
  pause(ms: number): Promise<boolean>;
  /** Something for the person at the terminal, beside the answer. */
  say(text: string): void;
  /** Trouble that does not end the operation. */
  warn(error: ProofError): void;
  /** Lets this process end as a command ended, once all is written. */
  endLike(exit: RunResult['exit']): void;
  /** Progress of long work, for people. */
  progress(text: string): void;
  close(): void;
}

interface GitPlaceHere {
  worktree: string;
  head: string | null;
  branch: string | null;
}

export interface ContextOptions {
  cwd: string;
  env: Readonly<Record<string, string | undefined>>;
  ledgerDir?: string | undefined;
  terminal: Terminal;
}

/** The person's side of the process; the command line has one, a test another. */
export interface Terminal {
  progress(text: string): void;
  say(text: string): void;
  warn(error: ProofError): void;
  endLike(exit: RunResult['exit']): void;
  readInput(): Promise<string>;
  /** Writes bytes as the whole answer. */
  writeBytes(pieces: Iterable<Uint8Array>): Promise<void>;
  pause(ms: number): Promise<boolean>;
}

export function createContext(options: ContextOptions): Context {
  const { cwd, env } = options;
  let places: Places | undefined;
  let actor: Actor | undefined;
  let reader: LedgerReader | undefined;
  let opening: Promise<Ledger> | undefined;
  let ledger: Ledger | undefined;
  let views: ViewStore | undefined;

  const placeOf = () => ({
    dir: context.places.ledgerDir,
    configDir: context.places.configDir,
    ownValues: ownValues(context.places.root, env),
    self: {
      kind: 'tool',
      name: 'prooflayer',
      host: context.actor.host,
      basis: 'asserted',
    } as const,
  });
  const context: Context = {
    cwd,
    env,
    version: VERSION,
    get places() {
      places ??= findPlaces(cwd, env, options.ledgerDir);
      return places;
    },
    get actor() {
      actor ??= actorFromSigns(env);
      return actor;
    },
    now: () => new Date(),
    reader() {
      if (ledger !== undefined) return ledger;
      reader ??= openForReading(context.places.ledgerDir);
      return reader;
    },
    ledger() {
      opening ??= openLedger(placeOf()).then((opened) => {
        ledger = opened;
        return opened;
      });
      return opening;
    },
    initLedger() {
      opening = createLedger(placeOf(), context.actor, `prooflayer/${VERSION}`).then((made) => {
        ledger = made;
        return made;
      });
      return opening;
    },
    views() {
      views ??= new ViewStore(context.reader());
      return views;
    },
    task(named) {
      return currentTask(context.reader(), {
        named,
        variable: env.PROOF_TASK,
        nested: nestingIn(env)?.task ?? null,
        worktree: context.places.root,
      });
    },
    requireTask(named) {
      const task = context.task(named);
      if (task !== null) return task;
      throw taskError(
        'task.none-chosen',
        'No task is chosen here',
        'neither --task nor PROOF_TASK names one, and none was chosen in this worktree',
        'proof task start "what you are about to do", or proof task use T1',
      );
    },
    gitPlace,
    run: (request) =>
      runCommand(
        { runChild, resolveExecutable, gitPlace },
        context.places.ledgerDir,
        () => context.ledger(),
        request,
      ),
    anchor(request) {
      const { repository } = context.places;
      if (repository === null) throw noRepository();
      return anchorCheckpoint(repository, request);
    },
    async anchoredRoots() {
      const { repository } = context.places;
      return repository === null ? [] : anchoredRoots(repository, context.reader().id());
    },
    async textOrInput(text) {
      return text === '-' ? (await options.terminal.readInput()).trimEnd() : text;
    },
    directory: (path) => existingDirectory(resolve(cwd, path)),
    ...options.terminal,
    close() {
      views?.close();
      reader?.close();
      ledger?.close();
    },
  };
  return context;
}

/** Ends this process the way a recorded command ended. */
export const endProcessLike: (exit: RunResult['exit']) => never = exitLike;

function existingDirectory(path: string): string {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return path;
  throw new ProofError({
    code: 'usage.no-directory',
    message: `${path} is not a directory`,
    why: 'the command cannot be run there',
    remedy: 'name an existing directory with --cwd',
    exit: EXIT.usage,
  });
}

function noRepository() {
  return new ProofError({
    code: 'anchor.no-repository',
    message: 'There is no git repository here to anchor in',
    why: 'the signed root is committed to a branch of its own and pushed with it',
    remedy: 'proof ledger checkpoint > FILE, and keep that file elsewhere',
  });
}

function gitPlace(cwd: string): GitPlaceHere | null {
  const repository = findRepository(cwd);
  return repository === null ? null : { worktree: repository.worktree, ...readHead(repository) };
}

function ownValues(root: string, env: Context['env']): OwnValue[] {
  const files = secretFiles(root, env.HOME);
  return [
    ...ownValuesFromEnvironment(env),
    ...files.dotenv.flatMap(ownValuesFromDotenv),
    ...files.netrc.flatMap(ownValuesFromNetrc),
  ];
}
