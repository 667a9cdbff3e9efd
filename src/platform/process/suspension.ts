import { readFileSync } from 'node:fs';
import type { Keyboard } from './keyboard.ts';
import { readTerminalModes, type TakenTerminal } from './outer-terminal.ts';
import { inForeground, readProcess } from './process-table.ts';
import type { PseudoTerminal } from './pseudo-terminal.ts';
import { sendSignal } from './signals.ts';

/**
 * Ctrl-Z and `fg` for a child that leads a session of its own. The kernel never suspends such a
 * child: nobody in its session could wake it (an orphaned process group), so SIGTSTP is dropped.
 * To the user it is a job of their shell like any other. So where Ctrl-Z would have suspended the
 * command without us, we stop it, give the terminal back and stop our own job; on `fg` all of that
 * is undone. A program that handles SIGTSTP itself (vim, less, a line editor) is left alone: it
 * redraws and goes on, as under script(1).
 */
export function followSuspension(session: InnerSession): Suspension {
  const { leader, terminal, keyboard } = session;
  let stopping = false;
  let suspended = false;
  let inBackground = false;
  let leftStopped = false;
  let timer: NodeJS.Timeout | undefined;

  const suspend = (stoppedByUs: boolean) => {
    stopping = false;
    suspended = true;
    keyboard.leave();
    terminal.giveBack();
    // Our whole job, as the key would have done. We go on below once someone continues us.
    process.kill(0, 'SIGTSTP');
    // Unless we are an orphaned group ourselves: then nothing could wake us and nothing stops us.
    timer = setTimeout(() => {
      if (!suspended) return;
      suspended = false;
      takeOver();
      if (stoppedByUs) sendSignal(-leader(), 'SIGCONT');
      else leftStopped = true;
    }, NOT_STOPPED_MS);
  };

  const takeOver = () => {
    inBackground = inForeground() === false && readProcess('self')?.terminal !== 0;
    if (inBackground) return;
    terminal.takeAgain();
    keyboard.comeBack();
    session.resized();
  };

  const watch = setInterval(() => {
    if (stopping || suspended) return;
    // `fg` on a job that `bg` left running sends no signal at all.
    if (inBackground) takeOver();
    const stopped = readProcess(leader())?.state === 'T';
    if (!stopped) leftStopped = false;
    // Stopped by someone else: to the user's shell that is a job that has stopped as well.
    else if (!leftStopped && !inBackground) suspend(false);
  }, LOOK_MS);

  return {
    typed(bytes) {
      if (stopping || suspended || !bytes.includes(CTRL_Z) || !keySuspends(session)) return;
      stopping = true;
      sendSignal(-leader(), 'SIGSTOP');
      // Let what is on its way, the echoed ^Z for one, reach the screen first.
      timer = setTimeout(() => suspend(true), LAST_OUTPUT_MS);
    },
    continued() {
      // Also when something else had stopped us: the shell has used the terminal since.
      suspended = false;
      takeOver();
      sendSignal(-leader(), 'SIGCONT');
    },
    finish() {
      clearInterval(watch);
      clearTimeout(timer);
    },
  };
}

export interface InnerSession {
  /** The command: it leads the session and its first process group. */
  leader(): number;
  pty: PseudoTerminal;
  terminal: TakenTerminal;
  keyboard: Keyboard;
  /** The size may have changed while we were not looking. */
  resized(): void;
}

export interface Suspension {
  /** After the bytes were passed on. */
  typed(bytes: Uint8Array): void;
  /** We were sent SIGCONT. */
  continued(): void;
  finish(): void;
}

/** Whether the key just typed is one that would have suspended the leader in the user's session. */
function keySuspends({ leader, pty }: InnerSession): boolean {
  const entry = readProcess(leader());
  // Another group in front is a job of an inner shell; that one the kernel suspends properly.
  if (!entry || entry.foreground !== entry.group) return false;
  if (handlesStop(leader())) return false;
  const modes = readTerminalModes(pty.slave);
  return modes?.signalKeys === true && modes.suspendKey === CTRL_Z;
}

/** Whether SIGTSTP is caught or ignored, from the masks in /proc. */
function handlesStop(pid: number): boolean {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'latin1');
    const masks = [...status.matchAll(/^Sig(?:Ign|Cgt):\s+([0-9a-f]+)$/gm)];
    return masks.some((mask) => ((BigInt(`0x${mask[1]}`) >> (SIGTSTP - 1n)) & 1n) === 1n);
  } catch {
    return true;
  }
}

const CTRL_Z = 0x1a;
const SIGTSTP = 20n;
const LOOK_MS = 250;
const NOT_STOPPED_MS = 150;
const LAST_OUTPUT_MS = 20;
