import type { Target } from './signal-target.ts';

/**
 * Ends a child that has run for too long, and all it has started: the child shares our process
 * group, so unlike timeout(1) we cannot signal the group without ourselves.
 */
export function limitTime(target: Target, timeoutMs: number | undefined): TimeLimit {
  let exceeded = false;
  let kill: NodeJS.Timeout | undefined;
  const end = target.sendToAll;
  const timer =
    timeoutMs === undefined
      ? undefined
      : setTimeout(
          () => {
            exceeded = true;
            end('SIGTERM');
            // One that is stopped would keep the signal pending.
            end('SIGCONT');
            kill = setTimeout(() => end('SIGKILL'), MERCY_MS);
          },
          Math.min(timeoutMs, LONGEST_TIMER_MS),
        );
  return {
    exceeded: () => exceeded,
    lift() {
      clearTimeout(timer);
      clearTimeout(kill);
    },
  };
}

export interface TimeLimit {
  exceeded(): boolean;
  lift(): void;
}

const MERCY_MS = 5000;
/** Node fires a longer one at once. It is 25 days. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
