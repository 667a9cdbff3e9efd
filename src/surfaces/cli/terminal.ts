import { fstatSync, writeSync } from 'node:fs';
import { isatty } from 'node:tty';
import { type Paint, painter } from '../../app/paint.ts';
import type { Terminal } from '../../app/terminal.ts';
import { ProofError } from '../../core/errors.ts';
import type { GlobalFlags } from './command-line.ts';
import { errorText } from './error-text.ts';

/** The command line's side of a context: the answer on standard output, all else on standard error. */
export interface CliTerminal extends Terminal {
  readonly out: Paint;
  readonly err: Paint;
  /** Bytes were written as the answer: nothing may follow them. */
  readonly answered: boolean;
  /** Ends the text with a line end unless it is to stay `exact`. */
  print(text: string, exact?: boolean): void;
  /** Ends the process as asked for, else with `code`. */
  end(code: number): Promise<never>;
}

export function cliTerminal(flags: GlobalFlags, env: NodeJS.ProcessEnv): CliTerminal {
  const err = painterFor(2, flags, env);
  const people = isTerminal(2) && !flags.json && !flags.quiet;
  let ending: Parameters<Terminal['endLike']>[0] | null = null;
  let progressShown = false;
  let answered = false;
  const startedAt = Date.now();
  const clearProgress = () => {
    if (progressShown) writeAll(2, '\r\u001b[K');
    progressShown = false;
  };
  const spoken = (what: string | ProofError) => {
    if (what instanceof ProofError) return errorText(what, err);
    return people ? err.dim(`proof: ${what}`) : '';
  };
  return {
    out: painterFor(1, flags, env),
    err,
    get answered() {
      return answered;
    },
    print(text, exact = false) {
      clearProgress();
      const whole = text.endsWith('\n') || (exact && !isTerminal(1));
      if (text !== '') writeAll(1, whole ? text : `${text}\n`);
    },
    progress(text) {
      // Nobody needs to be told of work that is over within a second.
      if (!people || Date.now() - startedAt < 1_000) return;
      writeAll(2, `\r\u001b[K${err.dim(`${text} …`)}`);
      progressShown = true;
    },
    spoken,
    say(text) {
      clearProgress();
      const line = spoken(text);
      if (line !== '') writeAll(2, `${line}\n`);
    },
    remark(text) {
      clearProgress();
      if (!flags.quiet && !flags.json) writeAll(2, `${err.warn('proof:')} ${text}\n`);
    },
    warn(error: ProofError) {
      clearProgress();
      writeAll(2, `${spoken(error)}\n`);
    },
    endLike(exit) {
      ending = exit;
    },
    async writeBytes(pieces) {
      answered = true;
      for (const piece of pieces) writeAll(1, piece);
    },
    async ask(question) {
      clearProgress();
      if (flags.json || !isTerminal(0) || !isTerminal(2)) return null;
      const { askAtTerminal } = await import('./ask.ts');
      return askAtTerminal(question(err));
    },
    async readInput() {
      const pieces: Buffer[] = [];
      for await (const piece of process.stdin) pieces.push(piece as Buffer);
      return Buffer.concat(pieces).toString('utf8');
    },
    inputBytes: () => process.stdin,
    stopped: stopSignal,
    pause: interruptible(),
    async end(code) {
      clearProgress();
      if (ending !== null) (await import('../../app/context-run.ts')).exitLike(ending);
      process.exit(process.exitCode ?? code);
    },
  };
}

/**
 * Waits, but not past an interrupt. From the first wait on an interrupt is only noted, also between
 * waits: what is being printed is finished, then the process ends as interrupted.
 */
function interruptible(): (ms: number) => Promise<boolean> {
  let interrupted = false;
  let wake = () => {};
  let listening = false;
  return (ms) => {
    if (!listening) {
      listening = true;
      process.on('SIGINT', () => {
        interrupted = true;
        process.exitCode = INTERRUPTED;
        wake();
      });
    }
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(!interrupted), ms);
      wake = () => {
        clearTimeout(timer);
        resolve(false);
      };
      if (interrupted) wake();
    });
  };
}

const INTERRUPTED = 130;

function stopSignal(): AbortSignal {
  const controller = new AbortController();
  const stop = () => {
    for (const signal of STOPS) process.off(signal, stop);
    controller.abort();
  };
  for (const signal of STOPS) process.on(signal, stop);
  return controller.signal;
}

const STOPS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Writes everything, also to a pipe that is full at the moment. A reader that went away ends the
 * process quietly, as it does any Unix filter.
 */
function writeAll(fd: number, data: string | Uint8Array): void {
  const bytes = typeof data === 'string' ? Buffer.from(data) : data;
  for (let done = 0; done < bytes.length; ) {
    try {
      done += writeSync(fd, bytes, done);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EAGAIN') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
      // Nobody reads the remarks any more: that must not change how this ends.
      else if (fd === 2) return;
      else if (code === 'EPIPE') process.exit(0);
      else throw unwritable(error as Error);
    }
  }
}

function unwritable(cause: Error): ProofError {
  return new ProofError({
    code: 'output.unwritable',
    message: 'The answer could not be written',
    why: cause.message,
    remedy: 'look at where standard output goes (df -h shows full disks)',
    cause,
  });
}

/**
 * Asked of the descriptor: the stream objects take 3 ms to make. What is no character device cannot
 * be a terminal, and need not load node:tty either.
 */
function isTerminal(fd: 0 | 1 | 2): boolean {
  try {
    return fstatSync(fd).isCharacterDevice() && isatty(fd);
  } catch {
    return false; // closed
  }
}

function painterFor(fd: 1 | 2, flags: GlobalFlags, env: NodeJS.ProcessEnv): Paint {
  const tty = isTerminal(fd);
  // no-color.org: any non-empty value turns colours off.
  const wanted = tty && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb';
  const colour = flags.color === 'auto' ? wanted : flags.color === 'always';
  return painter(colour, tty ? (process[fd === 1 ? 'stdout' : 'stderr'].columns ?? 80) : null);
}
