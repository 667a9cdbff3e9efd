import type { GitPlace } from '../../core/entries/task-kinds.ts';
import type { SandboxPlan } from '../boundaries/mount-plan.ts';
import type { WorkspacePlace } from '../workspace/workspace.ts';

/** What recording needs of the machine; `platform` has it, a test may replace it. */
export interface Machine {
  runChild(request: ChildRequest, sink: OutputSink): Promise<ChildOutcome>;
  resolveExecutable(name: string, cwd: string, path: string | undefined): Resolved;
  /** The workspace that is watched around each command; null to watch none. */
  workspace: WorkspacePlace | null;
  gitPlace(cwd: string): (GitPlace & { worktree: string }) | null;
}

export type Resolved =
  | { found: true; path: string }
  | { found: false; reason: 'not-found' | 'not-executable' };

export interface ChildRequest {
  argv: readonly string[];
  executable: string;
  cwd: string;
  env: Record<string, string>;
  timeoutMs?: number;
  /** `NAME=value` in the environment by which what outlives the child is found. */
  mark?: string;
  onStart?: (pid: number) => void;
}

export type StreamName = 'stdout' | 'stderr' | 'terminal';

/** Called with each chunk after the user has it; a promise asks the child to wait. */
export type OutputSink = (
  stream: StreamName,
  bytes: Uint8Array,
  atMicros: number,
) => void | Promise<void>;

export interface ChildOutcome {
  mode: 'pipes' | 'pty';
  exit: { code: number } | { signal: NodeJS.Signals; coreDumped?: boolean };
  /** False if there never was a child. */
  started?: false;
  /** Why a sandbox did not start it. */
  refusal?: string;
  leftBehind?: { pid?: number; command: string; ended: boolean }[];
  timedOut: boolean;
  startedAt: Date;
  endedAt: Date;
  durationMicros: number;
  size?: { columns: number; rows: number };
  /** Streams that background children still held open when the wait for them ended. */
  openAfterExit: StreamName[];
  usage: {
    cpuUserMicros: number | null;
    cpuSystemMicros: number | null;
    cpuSource: string;
    peakRssBytes: number | null;
    peakRssSource: string;
  };
  sinkFailed?: unknown;
  /** Bytes the user's own stream refused: the command may have ended well, the user's file not. */
  undelivered?: { stream: StreamName; code: string }[];
  /** Both streams went into one file or pipe: recorded as stdout, in exact order. */
  merged?: true;
  /** The terminal added no carriage returns to what was recorded. */
  bareLineFeeds?: true;
}

/** The boundary around a run: what holds it, and the walls if there are any. */
export interface RunBoundary {
  held: 'enforced' | 'observed' | 'matched' | 'none';
  unenforced?: { why: 'asked' | 'unavailable'; detail: string };
  walls?: {
    /** `bubblewrap 0.8.0`. */
    by: string;
    plan: SandboxPlan;
    /** Where a path leads, behind all links; null if nowhere. */
    real(path: string): string | null;
    /** Takes them down, and tells what they saw. */
    finish(): WallsReport;
  };
}

/** To reach a host; what else is known of it is recorded as it is. */
export interface Attempt {
  verdict: 'allowed' | 'refused' | 'failed';
  host: string;
  port: number;
  why: string | null;
}

export interface WallsReport {
  /** JSON objects, one an attempt. */
  connections: Attempt[];
  unlisted: number;
  removed: string[];
}
