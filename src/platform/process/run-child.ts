import type { ChildProcess } from 'node:child_process';
import { closeSync } from 'node:fs';
import type { Socket } from 'node:net';
import { awaitOutput } from './background-output.ts';
import type { ChildOutcome, ChildRequest, OutputSink, StreamName } from './child.ts';
import { type GuardedSink, guardSink } from './guarded-sink.ts';
import { conductInnerSession, prepareInnerSession, takeOuterTerminal } from './inner-session.ts';
import { cpuInside, notStarted } from './inside-report.ts';
import { leftBehind } from './left-behind.ts';
import { mirrorModes } from './mode-mirror.ts';
import type { TakenTerminal } from './outer-terminal.ts';
import type { PseudoTerminal } from './pseudo-terminal.ts';
import { relay } from './relay.ts';
import { watchResources } from './resource-sampling.ts';
import { insideTarget, ourOwn } from './signal-target.ts';
import { forwardSignals } from './signals.ts';
import { startChild } from './start-child.ts';
import { openStdioLayout } from './stdio-layout.ts';
import { lookAtOwnStreams, planStreams } from './stream-plan.ts';
import { limitTime } from './time-limit.ts';
import { followWindowSize } from './window-size.ts';

export type {
  ChildOutcome,
  ChildRequest,
  OutputSink,
  ResourceUsage,
  StreamName,
  TerminalFilter,
} from './child.ts';

/**
 * Runs a user's command as if we were not there: the same streams, terminal, environment, signals
 * and end, every byte of output unchanged and at once to the user, and to `sink` as well.
 *
 * One run at a time: it speaks for this whole process, its signals and its terminal. Rejects with
 * `command-not-started`; whatever happens after the start is in the outcome.
 */
export async function runChild(request: ChildRequest, sink: OutputSink): Promise<ChildOutcome> {
  const plan = planStreams(lookAtOwnStreams());
  const means = plan.stdin === 'inner' ? prepareInnerSession() : null;
  const layout = openStdioLayout({ ...plan, stdin: means ? 'inner' : 'inherited' });
  const { pty, inner } = layout;
  const terminal = inner && means && pty ? takeOuterTerminal(means, pty) : null;
  const resources = watchResources();
  const recorder = guardSink(sink);
  const resized = followWindowSize(layout);

  // Before the start: from then on a signal is the child's, and must not end us and orphan it.
  let send: (signal: NodeJS.Signals) => void = () => {};
  let continued = () => {};
  const stopForwarding = forwardSignals({
    send: (signal) => send(signal),
    continued: () => continued(),
    resized,
    sharesTerminal: !inner,
  });

  try {
    const startedAt = new Date();
    const clock = startClock();
    const { child, inside } = await startChild(
      request,
      layout,
      inner && means ? means.setsid : null,
    );
    const target = inside === null ? ourOwn(child.pid) : insideTarget(child.pid, inside);
    send = target.send;
    const ended = endOf(child);
    const lost: LostStream[] = [];
    const outputs = layout.outputs.map(({ stream, userFd, connect }) => {
      const source = connect(child);
      const onUserGone = (code: string) => lost.push({ stream, code });
      return {
        source,
        userFd,
        relay: relay({
          stream,
          source,
          userFd,
          sink: recorder,
          now: clock,
          onUserGone,
          filter: stream === 'terminal' ? request.filter : undefined,
        }),
      };
    });
    const master = outputs[0]?.source;
    const leader = () => target.pid() ?? child.pid;
    const session = pty && master && conduct({ leader, master, pty, terminal, resized });
    continued = () => {
      session?.continued();
      if (!inner) send('SIGCONT');
    };
    const limit = limitTime(target, request.timeoutMs);
    resources.follow(child.pid);
    recorder.tell(() => request.onStart?.(child.pid));

    const ownExit = await ended;
    target.lift();
    const report = inside === null ? null : await inside.report;
    const exit = report?.exit ?? ownExit;
    const durationMicros = clock();
    const endedAt = new Date();
    limit.lift();
    session?.finish();
    if (pty) closeSync(pty.slave);
    const usage = { ...resources.finish(), ...cpuInside(report) };
    const openAfterExit = await awaitOutput(outputs, request.graceMs ?? DEFAULT_GRACE_MS, pty);
    const left = await leftBehind(request.mark, child.pid, report);
    return {
      mode: layout.mode,
      pid: child.pid,
      exit,
      ...notStarted(report),
      ...left,
      timedOut: limit.exceeded(),
      startedAt,
      endedAt,
      durationMicros,
      ...(pty && layout.mode === 'pty' && { size: pty.size }),
      ...(pty && layout.mode === 'pty' && !inner && { bareLineFeeds: true }),
      openAfterExit,
      usage,
      ...troubles(recorder, lost),
      ...(layout.merged && { merged: true }),
    };
  } finally {
    terminal?.finish();
    stopForwarding();
  }
}

const DEFAULT_GRACE_MS = 1000;

/** What ties the inner terminal to the outer one while the child runs. */
function conduct(tie: {
  leader(): number;
  master: Socket;
  pty: PseudoTerminal;
  terminal: TakenTerminal | null;
  resized(): void;
}): { continued(): void; finish(): void } {
  const { leader, master, pty, terminal, resized } = tie;
  if (!terminal) return mirrorModes(pty, master);
  return conductInnerSession({ leader, master, pty, terminal, resized });
}

/** Microseconds from now on, unmoved by changes of the wall clock. */
function startClock(): () => number {
  const began = performance.now();
  return () => Math.round((performance.now() - began) * 1000);
}

function endOf(child: ChildProcess): Promise<ChildOutcome['exit']> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ? { signal } : { code: code ?? 0 }));
  });
}

interface LostStream {
  stream: StreamName;
  code: string;
}

/** A pipe without a reader gives EPIPE, a terminal that was closed EIO. */
const READER_LEFT = new Set(['EPIPE', 'EIO']);

function troubles(
  recorder: GuardedSink,
  lost: LostStream[],
): Pick<ChildOutcome, 'sinkFailed' | 'readerClosed' | 'undelivered'> {
  const failure = recorder.failure();
  const readerClosed = lost.filter(({ code }) => READER_LEFT.has(code));
  const undelivered = lost.filter(({ code }) => !READER_LEFT.has(code));
  return {
    ...(failure && { sinkFailed: failure.reason }),
    ...(readerClosed.length > 0 && { readerClosed: readerClosed.map(({ stream }) => stream) }),
    ...(undelivered.length > 0 && { undelivered }),
  };
}
