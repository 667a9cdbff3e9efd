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
  const carried = carriedByPty(plan);
  const follows = carried[0] ?? 1;
  const size = terminalSize(follows) ?? { columns: 80, rows: 24 };
  const pty = carried.length > 0 ? openPseudoTerminal(size) : null;
  const inner = plan.stdin === 'inner' && pty !== null;

  const stdio: CoveredStdio = [inner ? pty.slave : 'inherit', 'pipe', 'pipe'];
  stdio.push(...inheritedDescriptors());
  const childEnds: number[] = [];
  const ourEnds: number[] = [];
  const outputs: Output[] = [];

  if (pty) {
    ourEnds.push(pty.master, pty.slave);
    childEnds.push(coverMaster(pty, stdio));
    if (!inner) passLinesUnchanged(pty.slave);
    for (const fd of carried) stdio[fd] = pty.slave;
    outputs.push({
      stream: follows === 1 ? 'terminal' : 'stderr',
      userFd: follows,
      connect: () => new ReadStream(pty.master),
    });
  }

  const apart = ([1, 2] as const).filter((fd) => !(pty && carried.includes(fd)));
  const one = plan.stderr === 'same as stdout' && apart.length === 2;
  const fifos = apart.length > 0 ? openFifos(one ? 1 : apart.length) : null;
  // Node's own pipes, the last resort, cannot be shared by two descriptors.
  const merged = one && fifos !== null;
  for (const [index, fd] of apart.entries()) {
    const fifo = fifos?.[merged ? 0 : index];
    if (fifo) stdio[fd] = fifo.writeEnd;
    if (merged && fd === 2) break;
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

function carriedByPty(plan: StreamPlan): (1 | 2)[] {
  if (plan.stdout === 'pty') return plan.stderr === 'same as stdout' ? [1, 2] : [1];
  return plan.stderr === 'pty' ? [2] : [];
}
