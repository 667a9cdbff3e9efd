import { arch, release, type } from 'node:os';
import type { FileChange } from '../../../core/entries/change-kind.ts';
import type { ShellLine } from '../../../core/entries/command-kind.ts';
import type { Body, Draft } from '../../../core/entries/kinds.ts';
import type { Seq } from '../../../core/names.ts';
import { cut } from '../../../core/visible-text.ts';
import { maskText } from '../../../ledger/mask/text-mask.ts';
import type { Pending, Spool } from '../../../ledger/spool.ts';
import type { Ledger } from '../../../ledger/store/ledger.ts';
import { pendingRun, withoutEntry } from '../pending-note.ts';
import { isLong, Recorder } from '../recorder.ts';
import type { RunRequest } from '../run-request.ts';
import { WatchedRun } from '../watched-run.ts';
import type { ShellMachine } from './shell-machine.ts';
import type { TypedLine } from './typed-line.ts';

/** What all commands of a session have in common. */
export interface ShellFacts {
  ledger: Ledger;
  spool: Spool;
  machine: ShellMachine;
  shell: ShellLine['name'];
  session: string;
  /** The run around the whole session. */
  parent: string | undefined;
  actor: Draft['actor'];
  /** What the shell was started with: what it has by now it does not say. */
  env: Readonly<Record<string, string>>;
  bound: number;
  version: string;
}

export type Ending = Body<'command'>['exit'] & { statuses: number[] };

/** A command that is on record, and what it changed below a root. */
export interface RecordedCommand {
  seq: Seq;
  changed: readonly FileChange[];
  root: string;
}

/** What became of a command's record. */
export interface EndedCommand {
  entry: RecordedCommand | null;
  /** Why it was not recorded, or not wholly. */
  trouble: unknown;
  /** Why nobody saw what it changed. */
  unwatched: unknown;
  gapNoted: boolean;
}

/** One command line in a shell, from just before it is executed until its entry is there. */
export class CommandOfShell {
  readonly number: number;
  readonly line: TypedLine;
  readonly #facts: ShellFacts;
  readonly #recorder: Recorder;
  readonly #pending: Pending;
  readonly #run: string;
  readonly #request: RunRequest;
  readonly #watched: WatchedRun;
  readonly #root: string;
  readonly #pid: number;
  readonly #size: { columns: number; rows: number } | null;
  readonly #cpu: { user: number; system: number } | null;
  #started = new Date();
  #startedMicros = 0;

  constructor(
    facts: ShellFacts,
    said: {
      number: number;
      run: string;
      line: TypedLine;
      cwd: string;
      task: Seq | null;
      /** The shell's. */
      pid: number;
      /** Whether to look at the workspace around it. */
      watch: boolean;
    },
  ) {
    this.#facts = facts;
    this.number = said.number;
    this.line = said.line;
    this.#run = said.run;
    this.#pid = said.pid;
    const { ledger, spool, machine, env, actor, bound, version } = facts;
    const { cwd, task, run } = said;
    this.#request = { argv: this.#argv(), cwd, env, task, actor, bound, version };
    this.#recorder = new Recorder(ledger, bound);
    const workspace = said.watch ? machine.workspaceAt(cwd) : null;
    this.#root = workspace?.root ?? cwd;
    this.#pending = pendingRun(this.#request, run, ledger, workspace?.root ?? null);
    spool.put(this.#pending);
    this.#watched = new WatchedRun(workspace, ledger, spool, this.#request, run);
    this.#size = facts.machine.terminalSize();
    this.#cpu = facts.machine.cpuOfChildren(said.pid);
  }

  /** Looks at the workspace; never throws. */
  before(): Promise<void> {
    return this.#watched.before();
  }

  /** The shell is let go on: from here on it runs. */
  begins(atMicros: number): void {
    this.#started = new Date();
    this.#startedMicros = atMicros;
    this.#watched.meanwhile();
  }

  /** Bytes of its terminal; a promise asks for no more until it settles. */
  wrote(bytes: Uint8Array, atMicros: number): void | Promise<void> {
    return this.#recorder.sink('terminal', bytes, Math.max(0, atMicros - this.#startedMicros));
  }

  /**
   * Looks at the workspace again and makes the entry. Where that fails nothing is thrown: the
   * trouble is given back, and the note on disk becomes a gap.
   */
  async ends(atMicros: number, { statuses, ...exit }: Ending): Promise<EndedCommand> {
    const { ledger, spool, machine } = this.#facts;
    const ended = new Date();
    const cpu = machine.cpuOfChildren(this.#pid);
    const body = {
      ...this.#place(),
      exit,
      argv: this.#request.argv,
      shell: this.#shell(statuses, ledger),
      started: this.#started.toISOString(),
      ended: ended.toISOString(),
      durationMicros: Math.max(0, Math.round(atMicros - this.#startedMicros)),
      usage: usageBetween(this.#cpu, cpu),
    };
    const { task, actor } = this.#request;
    const facts = { task, actor, sizeBefore: this.#pending.size, openAfterExit: [] };
    try {
      const { seq, changed } = await this.#watched.finish((observed, unwatched) => {
        const whole = unwatched === null ? body : { ...body, unwatched };
        return this.#recorder.finish({ ...facts, body: whole }, observed);
      });
      spool.remove(this.#run);
      const unwatched = this.#watched.failure;
      const { trouble } = this.#recorder;
      const entry = { seq, changed, root: this.#root };
      return { entry, trouble, unwatched, gapNoted: false };
    } catch (trouble) {
      this.#recorder.abandon();
      const gapNoted = spool.put(withoutEntry(this.#pending, ended, exit, trouble));
      return { entry: null, trouble, unwatched: null, gapNoted };
    }
  }

  /** It was no command to record after all. */
  abandon(): void {
    this.#recorder.abandon();
    this.#facts.spool.remove(this.#run);
  }

  #argv(): string[] {
    const { shell } = this.#facts;
    return this.line.text === null ? [shell] : [shell, '-c', this.line.text];
  }

  #shell(statuses: readonly number[], ledger: Ledger): ShellLine {
    const { text, how, cut: isCut } = this.line;
    const { shell, session } = this.#facts;
    return {
      name: shell,
      session,
      number: this.number,
      text: how,
      ...(isCut ? { cut: true as const } : {}),
      // Masked whole before it is cut: half a secret no rule would know.
      ...(text !== null && isLong(this.#request.argv)
        ? { begins: cut(maskText(ledger.rules, text).text.toWellFormed(), MOST_BEGINNING) }
        : {}),
      ...(statuses.length > 1 ? { statuses: [...statuses] } : {}),
    };
  }

  #place() {
    const { machine, env, parent, version } = this.#facts;
    const place = machine.gitPlace(this.#request.cwd);
    return {
      run: this.#run,
      ...(parent === undefined ? {} : { parent }),
      env,
      cwd: this.#request.cwd,
      ...(place === null
        ? {}
        : { worktree: place.worktree, git: { head: place.head, branch: place.branch } }),
      // Which programs a line starts, only the shell knows.
      executable: null,
      mode: 'pty' as const,
      ...(this.#size === null ? {} : { size: this.#size }),
      tools: {
        prooflayer: version,
        node: process.versions.node,
        system: `${type()} ${release()} ${arch()}`,
      },
    };
  }
}

const MOST_BEGINNING = 500;

type Cpu = { user: number; system: number } | null;

function usageBetween(before: Cpu, after: Cpu): Body<'command'>['usage'] {
  const known = before !== null && after !== null;
  return {
    cpuUserMicros: known ? Math.max(0, after.user - before.user) : null,
    cpuSystemMicros: known ? Math.max(0, after.system - before.system) : null,
    cpuSource: known
      ? "the shell's children waited for meanwhile, from /proc"
      : 'not available on this system',
    peakRssBytes: null,
    peakRssSource: 'not sampled in a shell',
  };
}
