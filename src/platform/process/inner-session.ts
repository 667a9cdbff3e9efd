import type { Socket } from 'node:net';
import { resolveExecutable } from './executable.ts';
import { carryKeys } from './keyboard.ts';
import {
  copyModes,
  RAW,
  readTerminalModes,
  type TakenTerminal,
  type TerminalModes,
  takeTerminal,
} from './outer-terminal.ts';
import type { PseudoTerminal } from './pseudo-terminal.ts';
import { followSuspension } from './suspension.ts';

/**
 * Whether a child can lead a session of its own on an inner terminal. Not while someone else keeps
 * the outer one out of line mode, another recorder for one: two of them saving and restoring modes
 * would leave it broken.
 */
export function prepareInnerSession(): InnerSessionMeans | null {
  const found = resolveExecutable('setsid', '/', process.env.PATH);
  const modes = found.found ? readTerminalModes(0) : null;
  return found.found && modes?.canonical ? { setsid: found.path, modes } : null;
}

/** Before the child is there, so that nothing it sets is ever overwritten. */
export function takeOuterTerminal(means: InnerSessionMeans, pty: PseudoTerminal): TakenTerminal {
  copyModes(means.modes, pty.slave);
  return takeTerminal({ fd: 0, modes: means.modes, set: RAW });
}

export interface InnerSessionMeans {
  /**
   * Makes itself the leader of a new session with its standard input as controlling terminal, then
   * becomes the child. Node can start a session but not give it a terminal. Unlike a shell it
   * leaves the environment as it is and passes `argv[0]` on as typed.
   */
  setsid: string;
  modes: TerminalModes;
}

/** Ties the outer terminal to the inner one for as long as the child runs. */
export function conductInnerSession(session: {
  leader(): number;
  master: Socket;
  pty: PseudoTerminal;
  terminal: TakenTerminal;
  resized(): void;
}): InnerSession {
  const { leader, master, pty, terminal, resized } = session;
  const keyboard = carryKeys(0, master, (bytes) => suspension.typed(bytes));
  const suspension = followSuspension({
    leader,
    pty,
    terminal,
    keyboard,
    resized,
  });
  return {
    continued: suspension.continued,
    finish() {
      suspension.finish();
      keyboard.finish();
    },
  };
}

export interface InnerSession {
  continued(): void;
  /** When the leader has ended. The terminal stays raw until its last output is on the screen. */
  finish(): void;
}
