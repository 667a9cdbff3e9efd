import type { Inside } from './child.ts';
import { descendants } from './process-table.ts';
import { sendSignal } from './signals.ts';

/** Whom a signal meant for the child is sent to. */
export interface Target {
  /** The command's process; null while an enclosure is still being made. */
  pid(): number | null;
  send(signal: NodeJS.Signals): void;
  /** To the command and to all it has started; SIGKILL to the walls around it as well. */
  sendToAll(signal: NodeJS.Signals): void;
  /** The child has ended. */
  lift(): void;
}

export function ourOwn(pid: number): Target {
  return {
    pid: () => pid,
    send: (signal) => sendSignal(pid, signal),
    sendToAll(signal) {
      for (const each of [pid, ...descendants(pid)]) sendSignal(each, signal);
    },
    lift() {},
  };
}

/** The walls ignore what is meant for the command, so it is sent to the command itself. */
export function insideTarget(outer: number, inside: Inside): Target {
  let timer: NodeJS.Timeout | undefined;
  let waiting: NodeJS.Signals[] = [];
  const send = (signal: NodeJS.Signals) => {
    const pid = inside.pid();
    // Sent within the first milliseconds: it waits until there is somebody to get it.
    if (pid === null) {
      waiting.push(signal);
      timer ??= setInterval(deliver, SOON_MS);
      return;
    }
    // One who waits for the command must wake up with it.
    if (signal === 'SIGCONT') for (const each of inside.chain()) sendSignal(each, signal);
    sendSignal(pid, signal);
  };
  const deliver = () => {
    if (inside.pid() === null) return;
    clearInterval(timer);
    timer = undefined;
    const due = waiting;
    waiting = [];
    for (const signal of due) send(signal);
  };
  return {
    pid: inside.pid,
    send,
    sendToAll(signal) {
      const pid = inside.pid();
      if (pid !== null) for (const each of [pid, ...descendants(pid)]) sendSignal(each, signal);
      if (signal === 'SIGKILL') sendSignal(outer, signal);
    },
    lift: () => clearInterval(timer),
  };
}

const SOON_MS = 5;
