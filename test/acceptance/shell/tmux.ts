import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

/** A terminal with somebody at its keyboard: a tmux server of its own, one pane. */
export class Pane {
  readonly #socket: string;
  readonly #env: Record<string, string>;

  constructor(
    env: Record<string, string>,
    command: readonly string[],
    { cwd, columns = 100, rows = 30 }: { cwd: string; columns?: number; rows?: number },
  ) {
    this.#socket = `proof-test-${process.pid}-${sockets++}`;
    this.#env = { ...env, TERM: 'xterm-256color' };
    const size = ['-x', String(columns), '-y', String(rows)];
    this.#tmux('new-session', '-d', ...size, '-c', cwd, ...command);
    this.#tmux('set-option', '-g', 'history-limit', '50000');
    this.#tmux('set-option', '-sg', 'escape-time', '0');
  }

  /** Types text as it stands. */
  type(text: string): void {
    // tmux takes a last ";" for its own.
    this.#tmux('send-keys', '-l', '--', text.replace(/;$/, '\\;'));
  }

  /** Presses keys by tmux's names: Enter, C-c, Up. */
  press(...keys: string[]): void {
    this.#tmux('send-keys', ...keys);
  }

  /** Pastes, as a terminal does: in brackets if the program has asked for them. */
  paste(text: string): void {
    this.#tmux('set-buffer', '--', text);
    this.#tmux('paste-buffer', '-p', '-r');
  }

  resize(columns: number, rows: number): void {
    this.#tmux('resize-window', '-x', String(columns), '-y', String(rows));
  }

  /** What is on the screen and above it, lines that were wrapped joined. */
  screen(): string {
    return this.#tmux('capture-pane', '-p', '-J', '-S', '-').trimEnd();
  }

  /** Process id of the pane's program. */
  pid(): number {
    return Number(this.#tmux('display-message', '-p', '#{pane_pid}'));
  }

  async shows(what: RegExp, ms = 20_000): Promise<string> {
    return until(
      () => {
        const screen = this.screen();
        return what.test(screen) ? screen : null;
      },
      () => `${what} on the screen, which shows:\n${this.screen().slice(-1500)}`,
      ms,
    );
  }

  close(): void {
    try {
      this.#tmux('kill-server');
    } catch {
      // Its program ended, and so did it.
    }
  }

  #tmux(...words: string[]): string {
    return execFileSync('tmux', ['-L', this.#socket, '-f', '/dev/null', ...words], {
      env: this.#env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }
}

let sockets = 0;

/** Waits for a value that is not null. */
export async function until<T>(look: () => T | null, what: () => string, ms = 20_000): Promise<T> {
  for (const end = Date.now() + ms; ; await sleep(25)) {
    const found = look();
    if (found !== null) return found;
    if (Date.now() > end) throw new Error(`still waiting for ${what()}`);
  }
}
