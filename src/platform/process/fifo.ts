import { spawnSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, rmSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Real pipes for a child's output. What Node makes for `stdio: 'pipe'` is a pair of sockets, on
 * which `echo x > /dev/stderr` and `tee /dev/stdout` fail with ENXIO; Node has no pipe(2), so
 * these are FIFOs that have lost their names. Null when there is no mkfifo or nowhere to put one.
 */
export function openFifos(count: number): Fifo[] | null {
  const directory = privateDirectory();
  if (directory === null) return null;
  const opened: Fifo[] = [];
  try {
    const paths = Array.from({ length: count }, (_, index) => join(directory, String(index)));
    const made = spawnSync('mkfifo', ['-m', '600', ...paths], { stdio: 'ignore' });
    if (made.status !== 0) return null;
    for (const path of paths) {
      // A blocking open of either end would wait for the other one.
      const readEnd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
      // Blocking, because the child inherits this very description.
      const writeEnd = openSync(path, constants.O_WRONLY);
      opened.push({ readEnd, writeEnd });
    }
    return opened;
  } catch {
    for (const { readEnd, writeEnd } of opened) {
      closeSync(readEnd);
      closeSync(writeEnd);
    }
    return null;
  } finally {
    try {
      rmSync(directory, { recursive: true, force: true });
    } catch {
      // Under a umask of 777 not even its owner may; the command runs all the same.
    }
  }
}

function privateDirectory(): string | null {
  // In memory where possible: on a busy disk, making and forgetting two names took 4 ms.
  for (const place of ['/dev/shm', tmpdir()]) {
    try {
      return mkdtempSync(join(place, 'proof-'));
    } catch {
      // Not there, or not ours to write to.
    }
  }
  return null;
}

export interface Fifo {
  readEnd: number;
  writeEnd: number;
}

/** A reader that owns the descriptor. */
export function readFifo({ readEnd }: Fifo): Socket {
  return new Socket({ fd: readEnd, readable: true, writable: false });
}
