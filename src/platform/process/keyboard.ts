import type { Socket } from 'node:net';
import { ReadStream } from 'node:tty';

/** Carries what is typed at the outer terminal, `fd`, byte for byte into the inner one. */
export function carryKeys(
  fd: number,
  master: Socket,
  onKeys: (bytes: Buffer) => void = () => {},
): Keyboard {
  let outer: ReadStream | null = null;
  // When the outer terminal is gone the inner one has to go too: the child is to find its input at
  // an end, and to be hung up, whether or not a SIGHUP reaches us as well.
  const gone = () => {
    leave();
    master.destroy();
  };
  const listen = () => {
    if (outer) return;
    try {
      outer = new ReadStream(fd);
    } catch {
      gone();
      return;
    }
    outer.on('data', (bytes: Buffer) => {
      if (master.destroyed) return;
      // A paste may be more than the inner terminal takes at once.
      if (!master.write(bytes)) outer?.pause();
      onKeys(bytes);
    });
    outer.on('end', gone);
    outer.on('error', gone);
  };
  const leave = () => {
    // A mere pause would still read what is typed next.
    outer?.destroy();
    outer = null;
  };
  master.on('drain', () => outer?.resume());
  listen();
  return { leave, comeBack: listen, finish: leave };
}

export interface Keyboard {
  /** While another job has the terminal its keys are not ours, and reading one would stop us. */
  leave(): void;
  comeBack(): void;
  finish(): void;
}
