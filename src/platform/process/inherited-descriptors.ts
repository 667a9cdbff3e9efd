import { readlinkSync } from 'node:fs';

/**
 * Descriptors from 3 up that our own parent gave us and that a child would have inherited, had the
 * user started it without us: the job server of `make -j`, the `3>&1` of a script. Node marks the
 * low ones close-on-exec when it starts; higher ones (`<(…)` is 63) it lets through by itself.
 *
 * New descriptors take the lowest free number, and the first one Node opens is its event queue. So
 * whatever lies below that was there before Node was; above it nothing can be told apart.
 */
export function inheritedDescriptors(): number[] {
  const inherited: number[] = [];
  for (let fd = 3; fd < HIGHEST_MARKED; fd++) {
    try {
      if (readlinkSync(`/proc/self/fd/${fd}`).startsWith('anon_inode:')) return inherited;
    } catch {
      return inherited;
    }
    inherited.push(fd);
  }
  return inherited;
}

/** Beyond this number libuv stops marking at the first gap. */
const HIGHEST_MARKED = 16;
