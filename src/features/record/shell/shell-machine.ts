import type { WorkspacePlace } from '../../workspace/workspace.ts';
import type { ChildOutcome, ChildRequest, Machine, OutputSink } from '../machine.ts';

/** What a recorded shell needs of the machine besides what a recorded command needs. */
export interface ShellMachine extends Omit<Machine, 'runChild' | 'workspace'> {
  runChild(
    request: ChildRequest & { graceMs: number; filter: TerminalFilter },
    sink: OutputSink,
  ): Promise<ChildOutcome>;
  /** The workspace that is watched around a command in this directory; null to watch none. */
  workspaceAt(cwd: string): WorkspacePlace | null;
  /** Whether a shell can be given a terminal of its own: why not, or null. */
  whyNoTerminal(): 'no-terminal' | 'in-background' | 'taken' | 'no-setsid' | null;
  /** Whether this process belongs to the session that `leader` leads. */
  isInSession(leader: number): boolean;
  terminalSize(): { columns: number; rows: number } | null;
  /** Microseconds, of the children it has waited for so far. */
  cpuOfChildren(pid: number): { user: number; system: number } | null;
  /** The first line of `--version`. */
  versionOf(executable: string): string;
  openChannel(env: Readonly<Record<string, string>>): ShellChannel | null;
}

export type TerminalFilter = (
  bytes: Uint8Array,
  atMicros: number,
  show: (bytes: Uint8Array) => void,
) => void | Promise<void>;

/** A private directory, and a FIFO in it on which hooks await answers. */
export interface ShellChannel {
  dir: string;
  reply: string;
  write(files: Readonly<Record<string, string>>): void;
  /** The files have been read. */
  forget(): void;
  answer(line: string): void;
  close(): void;
}
