import { closeSync, constants, openSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { TerminalSize } from './outer-terminal.ts';

/**
 * A pty pair, or null where none can be had (no prebuilt binary for this platform, no /dev/pts).
 *
 * Only the native half of node-pty is used. Its JavaScript half forks the child itself, adding PWD
 * and TERM to the environment and hiding how it died; with the bare pair the child is started by
 * `spawn` like any other, with the streams we choose on its descriptors 0, 1 and 2.
 */
export function openPseudoTerminal(size: TerminalSize): PseudoTerminal | null {
  try {
    const pty = loadNative();
    const pair = pty.open(size.columns, size.rows);
    // The native call leaves the slave non-blocking, and that belongs to the description the child
    // would share: its writes would fail with EAGAIN. A second opening is a fresh description.
    const slave = openSync(pair.pty, constants.O_RDWR | constants.O_NOCTTY);
    closeSync(pair.slave);
    return {
      master: pair.master,
      slave,
      resize: ({ columns, rows }) => pty.resize(pair.master, columns, rows),
    };
  } catch {
    return null;
  }
}

export interface PseudoTerminal {
  /** Non-blocking, and not close-on-exec: see `coverMaster`. */
  master: number;
  /**
   * Kept open by us until the leader has ended: a terminal without any open slave ends for its
   * reader, yet a child that has redirected all its streams may open it again as /dev/tty.
   */
  slave: number;
  resize(size: TerminalSize): void;
}

/**
 * The master is not close-on-exec, and Node can neither make it so nor close it in a child. So a
 * child gets /dev/null in its place: one that held the master would keep its own terminal alive
 * after we are gone, waiting for a reader for ever. Returns the descriptor to close after the start.
 */
export function coverMaster(pty: PseudoTerminal, stdio: CoveredStdio): number {
  const nothing = openSync('/dev/null', 'r');
  while (stdio.length < pty.master) stdio.push('ignore');
  stdio[pty.master] = nothing;
  return nothing;
}

export type CoveredStdio = ('inherit' | 'ignore' | 'pipe' | number)[];

interface NativePty {
  open(columns: number, rows: number): { master: number; slave: number; pty: string };
  resize(master: number, columns: number, rows: number): void;
}

function loadNative(): NativePty {
  // Loaded on use: 5 ms that no command without a terminal should pay. The module is internal to
  // the package, hence the exactly pinned version and the test that watches its shape.
  const { requireBinary } = createRequire(import.meta.url)('@lydell/node-pty/requireBinary.js');
  return requireBinary('pty.node') as NativePty;
}
