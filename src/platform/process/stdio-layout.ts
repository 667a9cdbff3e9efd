import type { ChildProcess } from 'node:child_process';
import { closeSync } from 'node:fs';
import type { Socket } from 'node:net';
import { ReadStream } from 'node:tty';
import type { StreamName } from './child.ts';
import { openFifos, readFifo } from './fifo.ts';
import { inheritedDescriptors } from './inherited-descriptors.ts';
import { passLinesUnchanged, type TerminalSize, terminalSize } from './outer-terminal.ts';
import {
  type CoveredStdio,
  coverMaster,
  openPseudoTerminal,
  type PseudoTerminal,
} from './pseudo-terminal.ts';
import type { StreamPlan } from './stream-plan.ts';

/** The descriptors a child is started with, and the other ends of them in our hands. */
export interface StdioLayout {
  mode: 'pipes' | 'pty';
  stdio: CoveredStdio;
  outputs: Output[];
  pty: (PseudoTerminal & { size: TerminalSize; follows: 1 | 2 }) | null;
  /** Set when the child leads a session of its own on the pty. */
  inner: boolean;
  merged: boolean;
  /** Once the child has its own copies: or we would never see the end of its output. */
  closeChildEnds(): void;
  /** When there is to be no child. */
  closeOurEnds(): void;
}

export interface Output {
  stream: StreamName;
  /** Where in our own process the bytes go on to. */
  userFd: 1 | 2;
  connect(child: ChildProcess): Socket;
}

export function openStdioLayout(plan: StreamPlan): StdioLayout {
  const childEnds: number[] = [];
  const ourEnds: number[] = [];
  const wantsPty = plan.stdout === 'pty' || plan.stderr === 'pty';
  const follows = plan.stdout === 'pty' ? 1 : 2;
  const size = terminalSize(follows) ?? { columns: 80, rows: 24 };
  const pty = wantsPty ? openPseudoTerminal(size) : null;
  const inner = plan.stdin === 'inner' && plan.stdout === 'pty' && pty !== null;

  const stdio: StdioLayout['stdio'] = [inner ? pty.slave : 'inherit', 'ignore', 'ignore'];
  stdio.push(...inheritedDescriptors());

  const outputs: Output[] = [];
  if (pty) {
    ourEnds.push(pty.master, pty.slave);
    childEnds.push(coverMaster(pty, stdio));
    if (!inner) passLinesUnchanged(pty.slave);
    stdio[follows] = pty.slave;
    if (plan.stdout === 'pty' && plan.stderr === 'same as stdout') stdio[2] = pty.slave;
    outputs.push({
      stream: follows === 1 ? 'terminal' : 'stderr',
      userFd: follows,
      connect: () => new ReadStream(pty.master),
    });
  }

  const onPty = (kind: string) => pty !== null && kind === 'pty';
  const stdoutApart = !onPty(plan.stdout);
  const stderrApart = plan.stderr === 'same as stdout' ? false : !onPty(plan.stderr);
  const apart: (1 | 2)[] = [
    ...(stdoutApart ? [1 as const] : []),
    ...(stderrApart ? [2 as const] : []),
  ];
  const fifos = apart.length > 0 ? openFifos(apart.length) : [];
  let merged = stdoutApart && plan.stderr === 'same as stdout';
  if (merged && fifos === null) {
    // Node's own pipes cannot be shared by two descriptors.
    merged = false;
    apart.push(2);
  }
  for (const [index, fd] of apart.entries()) {
    const fifo = fifos?.[index];
    stdio[fd] = fifo?.writeEnd ?? 'pipe';
    if (fifo) {
      ourEnds.push(fifo.readEnd);
      childEnds.push(fifo.writeEnd);
    }
    outputs.push({
      stream: fd === 1 ? 'stdout' : 'stderr',
      userFd: fd,
      connect: (child) => (fifo ? readFifo(fifo) : (child.stdio[fd] as Socket)),
    });
  }
  if (merged) stdio[2] = stdio[1] as number;

  return {
    mode: pty && follows === 1 ? 'pty' : 'pipes',
    stdio,
    outputs,
    pty: pty && { ...pty, size, follows },
    inner,
    merged,
    closeChildEnds() {
      for (const fd of childEnds) closeSync(fd);
    },
    closeOurEnds() {
      for (const fd of ourEnds) closeSync(fd);
    },
  };
}
