import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Actor } from '../core/entries/header.ts';
import { EXIT, ProofError } from '../core/errors.ts';
import type { Seq } from '../core/names.ts';
import { nestingIn } from '../features/record/nesting.ts';
import type { RunResult } from '../features/record/run-command.ts';
import type { RunRequest } from '../features/record/run-request.ts';
import type { ShellRequest, ShellResult } from '../features/record/shell/run-shell.ts';
import { currentTask } from '../features/tasks/chosen-task.ts';
import { taskError } from '../features/tasks/task-error.ts';
import type { Workspace } from '../features/workspace/workspace.ts';
import type { Policy } from '../judge/boundary/policy.ts';
import { ledgerExists } from '../ledger/store/database.ts';
import type { Ledger } from '../ledger/store/ledger.ts';
import { type LedgerReader, openForReading } from '../ledger/store/reader.ts';
import { actorFromSigns } from '../platform/actor-signs.ts';
import type { ReverseNames } from '../platform/dns/reverse-names.ts';
import type { Anchored, AnchorRequest } from '../platform/git/anchor.ts';
import type { Repository } from '../platform/git/repository.ts';
import type { SandboxState } from '../platform/sandbox/probe.ts';
import type { AnchoredRoots } from './context-anchors.ts';
import type { EvidenceHere } from './context-evidence.ts';
import { type GitPlaceHere, gitPlace } from './context-git.ts';
import { findPlaces, homeOf, type Places } from './context-places.ts';
import type { Holding } from './context-run.ts';
import type { Terminal } from './terminal.ts';
import { VERSION } from './version.ts';
import { ViewStore } from './view-store.ts';

/**
 * Everything an operation gets: where it works, who works, the ledger, the person at the terminal.
 * All wiring of the machine is in the files named context-*; nothing is opened or loaded before it
 * is asked for.
 */
export interface Context extends Omit<Terminal, 'readInput'> {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly places: Places;
  readonly actor: Actor;
  readonly version: string;
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
  /** `holding`: the policy it is to be held by. */
  run(request: RunRequest, holding?: Holding | null): Promise<RunResult>;
  /** Whether this machine can hold a command, and if not what to do. */
  sandbox(): Promise<SandboxState>;
  /** The workspace here, to be looked at, compared and put back. Close it after use. */
  workspace(): Promise<Workspace>;
  /** Puts on record what changed since the last look, and makes the first look if there was none. */
  lookAtWorkspace(task: Seq | null): Promise<void>;
  /** What of the machine evidence is gathered with: files, a browser, the network. */
  evidence(): Promise<EvidenceHere>;
  /** Runs an interactive shell; the ledger must open. */
  shell(request: ShellRequest): Promise<ShellResult>;
  /** The task that work in this directory belongs to where none is named, or null. */
  taskIn(directory: string): Seq | null;
  /** Puts a signed root onto the checkpoint branch of the repository, and pushes it. */
  anchor(checkpoint: AnchorRequest): Promise<Anchored>;
  /** Signed roots of this ledger found on checkpoint branches, local and remote. */
  anchoredRoots(ledgerId: string): Promise<AnchoredRoots>;
  /** What reverse DNS says of addresses; they leave this machine. */
  reverseNames(addresses: readonly string[], told: (done: number) => void): Promise<ReverseNames[]>;
  /** `text`, or standard input where it is `-`. */
  textOrInput(text: string): Promise<string>;
  /** An existing directory, resolved against the current one. */
  directory(path: string): string;
  close(): void;
}

export interface ContextOptions {
  cwd: string;
  env: Readonly<Record<string, string | undefined>>;
  ledgerDir?: string | undefined;
  terminal: Terminal;
}

export function createContext(options: ContextOptions): Context {
  const { cwd, env, terminal } = options;
  let places: Places | undefined;
  let actor: Actor | undefined;
  let reader: LedgerReader | undefined;
  let opening: Promise<Ledger> | undefined;
  let ledger: Ledger | undefined;
  let views: ViewStore | undefined;

  /** Where a directory belongs; outside of this ledger's workspace, to where this process works. */
  const placesIn = (directory: string): Places => {
    const there = findPlaces(directory, env, options.ledgerDir);
    return there.ledgerDir === context.places.ledgerDir ? there : context.places;
  };
  const opened = async (way: 'openForAppending' | 'makeLedger') => {
    const module = await import('./context-ledger.ts');
    ledger = await module[way](context);
    return ledger;
  };
  const context: Context = {
    ...terminal,
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
    reader() {
      if (ledger !== undefined) return ledger;
      reader ??= openForReading(context.places.ledgerDir);
      return reader;
    },
    ledger() {
      opening ??= opened('openForAppending');
      return opening;
    },
    initLedger() {
      opening = opened('makeLedger');
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
        nested: nestingIn(env),
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
    async run(request, holding = null) {
      const { runHere } = await import('./context-run.ts');
      // Where no ledger is, nothing may be left behind: it would litter any directory.
      const { ledgerDir } = context.places;
      const noteDir = ledgerExists(ledgerDir) ? ledgerDir : null;
      const { workspacePlace } = await import('./context-workspace.ts');
      const judged = holding === null ? {} : await judgedChanges(context, holding.policy);
      const workspace = workspacePlace(context.places, context.progress, judged);
      const held =
        holding === null ? null : { places: context.places, holding, remark: terminal.remark };
      return runHere(noteDir, () => context.ledger(), request, workspace, held);
    },
    async sandbox() {
      const { sandboxState } = await import('./context-sandbox.ts');
      return sandboxState(context.places, env);
    },
    async workspace() {
      const { workspaceHere } = await import('./context-workspace.ts');
      return workspaceHere(context.places, await context.ledger(), context.progress);
    },
    async lookAtWorkspace(task) {
      const { lookNow } = await import('./context-workspace.ts');
      await lookNow(context, task);
    },
    evidence: () => import('./context-evidence.ts'),
    async shell(request) {
      const { runShellHere } = await import('./context-run.ts');
      const { workspacePlace } = await import('./context-workspace.ts');
      // Progress would be written over what is on the shell's screen.
      const workspaceAt = (cwd: string) => workspacePlace(placesIn(cwd), () => {});
      return runShellHere(await context.ledger(), request, workspaceAt);
    },
    taskIn(directory) {
      return currentTask(context.reader(), {
        variable: env.PROOF_TASK,
        nested: nestingIn(env),
        worktree: placesIn(directory).root,
      });
    },
    async anchor(request) {
      const { anchorCheckpoint } = await import('./context-anchors.ts');
      return anchorCheckpoint(repositoryOf(context.places), request);
    },
    async anchoredRoots(ledgerId) {
      const { repository } = context.places;
      if (repository === null) return { roots: [], unseen: [] };
      const { anchoredRoots } = await import('./context-anchors.ts');
      return anchoredRoots(repository, ledgerId);
    },
    async reverseNames(addresses, told) {
      const { reverseNames } = await import('../platform/dns/reverse-names.ts');
      return reverseNames(addresses, told);
    },
    async textOrInput(text) {
      return text === '-' ? (await terminal.readInput()).trimEnd() : text;
    },
    directory: (path) => existingDirectory(resolve(cwd, path)),
    close() {
      views?.close();
      reader?.close();
      ledger?.close();
    },
  };
  return context;
}

async function judgedChanges({ places, env }: Context, policy: Policy) {
  const { judgedBy } = await import('./judged-changes.ts');
  return judgedBy(policy, { root: places.root, home: homeOf(env) });
}

function repositoryOf({ repository }: Places): Repository {
  if (repository !== null) return repository;
  throw new ProofError({
    code: 'anchor.no-repository',
    message: 'There is no git repository here to anchor in',
    why: 'the signed root is committed to a branch of its own and pushed with it',
    remedy: 'proof ledger checkpoint > FILE, and keep that file elsewhere',
  });
}

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
