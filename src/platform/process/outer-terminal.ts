import { spawnSync } from 'node:child_process';
import { isatty } from 'node:tty';

/**
 * Sets the user's own terminal to other modes for a while. It is given back on every way out;
 * only SIGKILL, which nothing survives, leaves it as it is.
 */
export function takeTerminal(request: {
  fd: number;
  /** What to give back. */
  modes: TerminalModes;
  /** Arguments of stty. */
  set: readonly string[];
}): TakenTerminal {
  const { fd, modes, set } = request;
  let taken = true;
  runStty(fd, set);
  const giveBack = () => {
    if (taken) runStty(fd, [modes.saved]);
    taken = false;
  };
  // The last line of defence, for an exception or a process.exit that nobody foresaw.
  process.once('exit', giveBack);
  return {
    giveBack,
    takeAgain() {
      taken = true;
      runStty(fd, set);
    },
    finish() {
      process.removeListener('exit', giveBack);
      giveBack();
    },
  };
}

export interface TakenTerminal {
  /** As the user had it; `takeAgain` undoes this. */
  giveBack(): void;
  takeAgain(): void;
  finish(): void;
}

/**
 * For a full-screen program on an inner terminal: every key must reach it as a byte, and every byte
 * it writes the screen as it is. Node's `setRawMode` is not enough: it leaves ONLCR on, and a
 * program that has switched output processing off and sends a bare line feed would see its screen
 * staircase.
 */
export const RAW = ['raw', '-echo', '-iexten'] as const;

/**
 * Makes an inner terminal what the outer one is: erase key, IUTF8, speed and all. What a pty cannot
 * be (7 bits, parity) stty complains about, and it does not matter.
 */
export function copyModes(modes: TerminalModes, innerSlave: number): void {
  runStty(innerSlave, [modes.saved]);
}

/**
 * Has an inner terminal pass `\n` on as it is. It is the outer terminal's business to add the
 * carriage return; doing it twice costs the kernel 0.2 to 0.5 µs a line, up to 20 times the rest.
 */
export function passLinesUnchanged(innerSlave: number): void {
  runStty(innerSlave, ['-opost']);
}

export interface TerminalModes {
  /** What `stty -g` prints and `stty` takes back. */
  saved: string;
  canonical: boolean;
  signalKeys: boolean;
  /** Character code of the suspend key, null when there is none. */
  suspendKey: number | null;
}

/** The modes of the terminal behind a descriptor; null when it is none or there is no stty. */
export function readTerminalModes(fd: number): TerminalModes | null {
  const asked = spawnSync('stty', ['-g'], {
    stdio: [fd, 'pipe', 'ignore'],
    encoding: 'latin1',
    timeout: PATIENCE_MS,
  });
  const saved = asked.stdout?.trim();
  return asked.status === 0 && saved ? parseTerminalModes(saved) : null;
}

/** Reads the Linux form (iflag:oflag:cflag:lflag:control characters…, in hexadecimal). */
export function parseTerminalModes(saved: string): TerminalModes {
  const words = saved.split(':').map((word) => Number.parseInt(word, 16));
  const local = words[3];
  if (local === undefined || Number.isNaN(local)) {
    // The BSD form: usable to restore from, not worth reading.
    return { saved, canonical: true, signalKeys: true, suspendKey: null };
  }
  return {
    saved,
    canonical: (local & LINUX_ICANON) !== 0,
    signalKeys: (local & LINUX_ISIG) !== 0,
    suspendKey: words[4 + LINUX_VSUSP] || null,
  };
}

export interface TerminalSize {
  columns: number;
  rows: number;
}

/** Columns and rows of our own standard output or error; null when unknown. */
export function terminalSize(fd: 1 | 2): TerminalSize | null {
  if (!isatty(fd)) return null;
  try {
    const [columns, rows] = (fd === 1 ? process.stdout : process.stderr).getWindowSize();
    return { columns, rows };
  } catch {
    return null;
  }
}

function runStty(fd: number, args: readonly string[]): void {
  spawnSync('stty', args, { stdio: [fd, 'ignore', 'ignore'], timeout: PATIENCE_MS });
}

/** stty waits for the terminal to take what was written to it; one that is stuck never does. */
const PATIENCE_MS = 2000;
const LINUX_ISIG = 0o1;
const LINUX_ICANON = 0o2;
const LINUX_VSUSP = 10;
