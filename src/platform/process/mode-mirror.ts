import { closeSync, constants, openSync } from 'node:fs';
import type { Socket } from 'node:net';
import { isatty } from 'node:tty';
import { carryKeys, type Keyboard } from './keyboard.ts';
import { readTerminalModes, type TakenTerminal, takeTerminal } from './outer-terminal.ts';
import { inForeground } from './process-table.ts';
import type { PseudoTerminal } from './pseudo-terminal.ts';

/**
 * A child with piped input stays in our session and reads keys, if any, from /dev/tty, the user's
 * own terminal (ssh, sudo, fzf). But some programs take the terminal they write to for the user's:
 * `… | less`, `… | vim -`, curses. They switch the inner terminal out of line mode, and only then do
 * we put the outer one into the same modes and carry its keys in: never before, because another
 * part of the pipeline may be asking for a password.
 *
 * There is no way to be told of a change of modes. But such a program draws, so a look is taken
 * whenever an escape sequence has passed, not more often than every LOOK_MS.
 */
export function mirrorModes(pty: PseudoTerminal, master: Socket): ModeMirror {
  let held: { tty: number; terminal: TakenTerminal; keyboard: Keyboard | null } | null = null;
  let timer: NodeJS.Timeout | undefined;
  let lastLook = Number.NEGATIVE_INFINITY;

  const look = () => {
    timer = undefined;
    lastLook = performance.now();
    const inner = inForeground() ? readTerminalModes(pty.slave) : null;
    if (inner?.canonical === false) hold(inner.saved);
    else release();
    // Nothing need be drawn when the program goes back.
    if (held) timer = setTimeout(look, LOOK_MS);
  };

  const hold = (modes: string) => {
    if (held) return;
    let tty: number;
    try {
      tty = openSync('/dev/tty', constants.O_RDWR | constants.O_NOCTTY);
    } catch {
      return;
    }
    const outer = readTerminalModes(tty);
    if (!outer?.canonical) {
      // Someone has it already, perhaps the child itself by way of /dev/tty.
      closeSync(tty);
      return;
    }
    held = {
      tty,
      // That OPOST is off in the inner terminal is our own doing. What the child has decided about
      // line feeds is in ONLCR: vim and curses clear it, more relies on it.
      terminal: takeTerminal({ fd: tty, modes: outer, set: [modes, 'opost'] }),
      keyboard: isatty(0) ? null : carryKeys(tty, master),
    };
  };

  const release = () => {
    if (!held) return;
    held.terminal.finish();
    if (held.keyboard) held.keyboard.finish();
    else closeSync(held.tty);
    held = null;
  };

  const onOutput = (bytes: Buffer) => {
    if (timer || !bytes.includes(ESCAPE)) return;
    timer = setTimeout(look, Math.max(SETTLE_MS, lastLook + LOOK_MS - performance.now()));
  };
  master.on('data', onOutput);

  return {
    continued() {
      // The shell has had the terminal since.
      held?.terminal.takeAgain();
    },
    finish() {
      master.removeListener('data', onOutput);
      clearTimeout(timer);
      release();
    },
  };
}

export interface ModeMirror {
  continued(): void;
  /** When the child has ended. */
  finish(): void;
}

const ESCAPE = 0x1b;
const LOOK_MS = 200;
/** Some draw first and change the modes then. */
const SETTLE_MS = 20;
