import type { Socket } from 'node:net';
import { ReadStream } from 'node:tty';

/** Carries what is typed at the outer terminal, `fd`, byte for byte into the inner one. */
export function carryKeys(
  fd: number,
  master: Socket,
  onKeys: (bytes: Buffer) => void = () => {},
): Keyboard {
  const outer = new ReadStream(fd);
  let away = false;
  outer.on('data', (bytes: Buffer) => {
    if (master.destroyed) return;
    // A paste may be more than the inner terminal takes at once.
    if (!master.write(bytes)) outer.pause();
    onKeys(bytes);
  });
  master.on('drain', () => {
    if (!away) outer.resume();
  });
  // The terminal is gone. The SIGHUP that comes with it is what the child is to hear about.
  outer.on('error', () => {});
  return {
    leave() {
      away = true;
      outer.pause();
    },
    comeBack() {
      away = false;
      outer.resume();
    },
    finish() {
      away = true;
      outer.destroy();
    },
  };
}

export interface Keyboard {
  /** While another job has the terminal its keys are not ours, and reading one would stop us. */
  leave(): void;
  comeBack(): void;
  finish(): void;
}
