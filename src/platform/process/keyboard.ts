import type { Socket } from 'node:net';
import { ReadStream } from 'node:tty';

/** Carries what is typed at the outer terminal, `fd`, byte for byte into the inner one. */
export function carryKeys(
  fd: number,
  master: Socket,
  onKeys: (bytes: Buffer) => void = () => {},
): Keyboard {
  let outer: ReadStream | null = null;
  const listen = () => {
    if (outer) return;
    outer = new ReadStream(fd);
    outer.on('data', (bytes: Buffer) => {
      if (master.destroyed) return;
      // A paste may be more than the inner terminal takes at once.
      if (!master.write(bytes)) outer?.pause();
      onKeys(bytes);
    });
    // The terminal is gone. The SIGHUP that comes with it is what the child is to hear about.
    outer.on('error', () => {});
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
