import { spawn } from 'node:child_process';
import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import { openFifos } from './fifo.ts';

/**
 * Standard input for a child behind walls, where ours is a file or directory: a pipe that a `cat`
 * outside fills. The descriptor itself is a door through the walls: by /proc/self/fd/0 a file could
 * be opened anew for writing, from a directory everything above it reached. Null where it is none
 * of these, and can be handed down as it is.
 */
export function pipedInput(): PipedInput | null {
  if (!isDoor()) return null;
  const [fifo] = openFifos(1) ?? [];
  if (fifo === undefined) return opened(openSync('/dev/null', 'r'), []);
  // A second opening, because the first is non-blocking and the child would share that.
  const fd = openSync(`/proc/self/fd/${fifo.readEnd}`, constants.O_RDONLY);
  const cat = spawn('cat', [], { stdio: ['inherit', fifo.writeEnd, 'ignore'], cwd: '/' });
  cat.on('error', () => {});
  cat.unref();
  return opened(fd, [fifo.readEnd, fifo.writeEnd]);
}

export interface PipedInput {
  fd: number;
  /** Once the child has its own copy. */
  close(): void;
}

function isDoor(): boolean {
  try {
    const stat = fstatSync(0);
    return stat.isFile() || stat.isDirectory() || stat.isBlockDevice();
  } catch {
    return false;
  }
}

function opened(fd: number, others: readonly number[]): PipedInput {
  return {
    fd,
    close() {
      for (const each of [fd, ...others]) closeSync(each);
    },
  };
}
