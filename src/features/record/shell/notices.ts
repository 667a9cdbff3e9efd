import type { ProofError } from '../../../core/errors.ts';
import type { Show } from './marked-terminal.ts';

/**
 * What a session has to say to its user, said only where the screen is ours for a moment: just
 * before a command runs, and just before a prompt.
 */
export class Notices {
  readonly #format: (what: string | ProofError) => string;
  #waiting: (string | ProofError)[] = [];
  #latest = '';
  #lineOpen = false;

  /** `format` gives the lines for a screen, '' for nothing. */
  constructor(format: (what: string | ProofError) => string) {
    this.#format = format;
  }

  /** For the next such place; the same trouble is said once, until `better`. */
  add(what: string | ProofError): void {
    if (typeof what !== 'string') {
      const text = `${what.message}\n${what.why}`;
      if (this.#latest === text) return;
      this.#latest = text;
    }
    this.#waiting.push(what);
  }

  better(): void {
    this.#latest = '';
  }

  get waiting(): readonly (string | ProofError)[] {
    return this.#waiting;
  }

  /** What is on the screen by now: a command may end in the middle of a line. */
  follows(output: Uint8Array): void {
    if (output.length > 0) this.#lineOpen = output[output.length - 1] !== LF;
  }

  /** The user has pressed Enter. */
  lineEnded(): void {
    this.#lineOpen = false;
  }

  sayAll(show: Show): void {
    for (const what of this.#waiting) this.say(show, what);
    this.#waiting = [];
  }

  say(show: Show, what: string | ProofError): void {
    const text = this.#format(what);
    if (text === '') return;
    // The terminal is in raw mode: a line feed alone goes straight down.
    show(Buffer.from(`${this.#lineOpen ? '\r\n' : ''}${text.replaceAll('\n', '\r\n')}\r\n`));
    this.#lineOpen = false;
  }
}

const LF = 10;
