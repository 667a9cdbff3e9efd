import type { ChildProcess } from 'node:child_process';

/** What is asked of a run, what is told while it runs, and what is known when it is over. */

export interface ChildRequest {
  /** `argv[0]` as typed: the child sees exactly this as its own name. */
  argv: readonly string[];
  /** Absolute path, from `resolveExecutable`. */
  executable: string;
  cwd: string;
  /** The child's whole environment; nothing is added to it. */
  env: Record<string, string>;
  /** After this long: SIGTERM, and SIGKILL after a further 5 s. */
  timeoutMs?: number;
  /** How long to await output of background children after the leader has ended. Default 1000. */
  graceMs?: number;
  onStart?: (pid: number) => void;
  /** Stands between a child's terminal and the user's screen; then the sink gets nothing of it. */
  filter?: TerminalFilter;
  /** Walls to start it in. */
  enclosure?: Enclosure;
  /**
   * `NAME=value` that only this child and what it starts have in their environment: by it,
   * processes are found that outlive the child. Without one nobody looks.
   */
  mark?: string;
}

/** Walls around a child: what is started in its place, and how to learn what happens inside. */
export interface Enclosure {
  /** @param at the number of the first of its `pipes` among the child's descriptors. */
  enter(child: Entering, at: number): Entered;
}

export interface Entering {
  file: string;
  /** With the name the command is to see as its own in front. */
  argv: readonly string[];
  env: Readonly<Record<string, string>>;
  /** It is to lead a session of its own on the terminal that is its standard input. */
  leads: boolean;
}

export interface Entered {
  file: string;
  args: string[];
  env: Record<string, string>;
  pipes: number;
  attach(child: ChildProcess): Inside;
}

export interface Inside {
  /** The command's number outside, once it runs. */
  pid(): number | null;
  /** The processes that are the walls, the outermost first. */
  chain(): number[];
  /** When all inside has ended. */
  report: Promise<InsideReport>;
}

export interface InsideReport {
  started: boolean;
  /** Null if what watches over it inside was ended first. */
  exit: ChildOutcome['exit'] | null;
  /** The errno with which it could not be executed. */
  refused?: number;
  cpu: { userMicros: number; systemMicros: number } | null;
  /** Command lines of processes that outlived it, and were ended. */
  leftBehind: string[];
}

/**
 * Takes each chunk that a child wrote to its terminal and shows what it likes of it. A promise asks
 * for no more until it settles; if it throws or rejects, from then on everything is shown as it is.
 */
export type TerminalFilter = (
  bytes: Uint8Array,
  /** Monotonic microseconds since the child was started. */
  atMicros: number,
  show: (bytes: Uint8Array) => void,
) => void | Promise<void>;

/**
 * `terminal` is what the child wrote to a pty: standard output, and standard error too unless the
 * user had sent that elsewhere. The order between two streams is approximate, within one exact.
 */
export type StreamName = 'stdout' | 'stderr' | 'terminal';

/**
 * Called with every chunk in order of arrival, after the bytes were handed to the user's stream.
 * A promise applies back-pressure: the child's stream is not read further until it settles. If it
 * throws or rejects it is never called again, the bytes keep flowing, `sinkFailed` says why.
 */
export type OutputSink = (
  stream: StreamName,
  bytes: Uint8Array,
  /** Monotonic microseconds since the child was started. */
  atMicros: number,
) => void | Promise<void>;

export interface ChildOutcome {
  /** `pty` when the child's standard output was a terminal. */
  mode: 'pipes' | 'pty';
  pid: number;
  exit: { code: number } | { signal: NodeJS.Signals; coreDumped?: boolean };
  /** False if it could not be executed inside its enclosure, or that not be made. */
  started?: false;
  /** Why it was not, in words. */
  refusal?: string;
  /** Processes that outlived the child; `ended` by us where an enclosure held them. */
  leftBehind?: { pid?: number; command: string; ended: boolean }[];
  timedOut: boolean;
  startedAt: Date;
  endedAt: Date;
  /** From the start to the end of the leader, monotonic. */
  durationMicros: number;
  /** Size of the child's terminal when it was started. */
  size?: { columns: number; rows: number };
  /** The record of `terminal` holds `\n` where the user's screen was sent `\r\n`, because the user's
   *  own terminal added the `\r`: whoever plays the record back on a screen has to add it too. */
  bareLineFeeds?: true;
  /** Still held open by background children when the grace had passed: what they write from then
   *  on reaches the user but not the sink. */
  openAfterExit: StreamName[];
  usage: ResourceUsage;
  sinkFailed?: unknown;
  /** The user's own reader went away (`proof run -- yes | head -1`). */
  readerClosed?: StreamName[];
  /** The user's own stream refused bytes for another reason, such as ENOSPC on a full disk: the
   *  child may have ended well, yet the user's file is not whole. */
  undelivered?: { stream: StreamName; code: string }[];
  /** The user had sent both streams into one file or pipe (`2>&1`): so the child was given one
   *  too, which keeps their order exact, and all of it was recorded as `stdout`. */
  merged?: true;
}

export interface ResourceUsage {
  cpuUserMicros: number | null;
  cpuSystemMicros: number | null;
  cpuSource: string;
  peakRssBytes: number | null;
  peakRssSource: string;
}
