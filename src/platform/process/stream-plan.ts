import { fstatSync } from 'node:fs';
import { isatty } from 'node:tty';
import { readProcess } from './process-table.ts';

/** What kind of thing each of the child's descriptors 0, 1 and 2 has to be. */
export interface StreamPlan {
  stdout: 'pty' | 'fifo';
  stderr: 'pty' | 'fifo' | 'same as stdout';
  /**
   * `inherited`: the child reads our own standard input and stays in our session, so job control,
   * Ctrl-C and /dev/tty are the user's own. `inner`: the child leads a session of its own on the
   * pty and we carry every key to it; the only way for programs that set the modes of the terminal
   * they write to (everything built on curses).
   */
  stdin: 'inherited' | 'inner';
}

export interface OwnStreams {
  stdin: OwnStream;
  stdout: OwnStream;
  stderr: OwnStream;
  /** Another job has the terminal, as after `proof run -- make &`. */
  inBackground: boolean;
}

export interface OwnStream {
  terminal: boolean;
  /** Equal for two descriptors of one file, pipe, socket or terminal. */
  identity: string;
  /** Whether bytes from two writers end up in one sequence there. */
  sequence: boolean;
}

/** The child sees a terminal exactly where it would without us, and one file where there is one. */
export function planStreams(own: OwnStreams): StreamPlan {
  const { stdin, stdout, stderr } = own;
  const oneFile = stdout.identity === stderr.identity;
  const stderrKind = () => {
    if (stdout.terminal) return oneFile ? 'same as stdout' : 'fifo';
    if (stderr.terminal) return 'pty';
    return oneFile && stdout.sequence ? 'same as stdout' : 'fifo';
  };
  return {
    stdout: stdout.terminal ? 'pty' : 'fifo',
    stderr: stderrKind(),
    // In the background, touching the terminal's modes or reading a key would stop our whole job
    // (SIGTTOU, SIGTTIN) although the command itself may do neither.
    stdin:
      stdin.terminal && stdin.identity === stdout.identity && !own.inBackground
        ? 'inner'
        : 'inherited',
  };
}

export function lookAtOwnStreams(): OwnStreams {
  const self = readProcess('self');
  const controlling = self?.terminal ?? 0;
  return {
    stdin: lookAt(0, controlling),
    stdout: lookAt(1, controlling),
    stderr: lookAt(2, controlling),
    inBackground: self !== null && controlling !== 0 && self.foreground !== self.group,
  };
}

function lookAt(fd: number, controlling: number): OwnStream {
  try {
    const { dev, ino, rdev } = fstatSync(fd);
    const terminal = isatty(fd);
    // One terminal can be open under several inodes, /dev/tty being another name for our own.
    const device = rdev === DEV_TTY ? controlling : rdev;
    return {
      terminal,
      identity: terminal ? `terminal:${device}` : `${dev}:${ino}`,
      // In /dev/null and its like there is no order to keep, so the two may as well stay apart.
      sequence: rdev === 0,
    };
  } catch {
    return { terminal: false, identity: `closed:${fd}`, sequence: false };
  }
}

/** Device 5:0. */
const DEV_TTY = 5 * 256;
