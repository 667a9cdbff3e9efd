import { inForeground } from './process-table.ts';

/**
 * Stands in for the child towards whoever signals us: a signal sent to us is the child's, and none
 * of them ends us before the child has ended and its record is made. From a key press Ctrl-C and
 * Ctrl-\ reach the child without us, so they are passed on only when the kernel did not send them:
 * many programs take the second one for "now, at once".
 */
export function forwardSignals(to: SignalTarget): () => void {
  const handlers = new Map<NodeJS.Signals, () => void>();
  for (const signal of FORWARDED) handlers.set(signal, () => to.send(signal));
  for (const signal of TYPED) {
    handlers.set(signal, () => {
      if (!to.sharesTerminal || inForeground() !== true) to.send(signal);
    });
  }
  handlers.set('SIGCONT', to.continued);
  handlers.set('SIGWINCH', to.resized);
  for (const [signal, handler] of handlers) process.on(signal, handler);
  return () => {
    for (const [signal, handler] of handlers) process.removeListener(signal, handler);
  };
}

export interface SignalTarget {
  send(signal: NodeJS.Signals): void;
  /** The child is in our own process group, so what the terminal sends us it sends the child. */
  sharesTerminal: boolean;
  continued(): void;
  resized(): void;
}

const FORWARDED = ['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2', 'SIGALRM'] as const;
const TYPED = ['SIGINT', 'SIGQUIT'] as const;

/** Sends to a process that may be gone by now, which is nobody's mistake. */
export function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // EPERM: a set-user-id child. The user could not have signalled it without us either.
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ESRCH' && code !== 'EPERM') throw error;
  }
}
