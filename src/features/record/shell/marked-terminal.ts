import { MarkReader, type Piece } from './marks.ts';

export type Show = (bytes: Uint8Array) => void;

/** Microseconds since the shell was started. */
export type Clock = () => number;

/** Who listens to a shell's terminal; a promise holds back what comes after. */
export interface Listener {
  output(bytes: Uint8Array, clock: Clock, show: Show): void | Promise<void>;
  mark(mark: { mark: string; payload: string }, clock: Clock, show: Show): void | Promise<void>;
  /** It has failed in a way nobody foresaw, and hears nothing any more. */
  breaks(error: unknown): void;
}

/**
 * A shell's terminal with our marks in it: hands output and marks to a listener, strictly one after
 * the other. When the listener breaks, the output is still shown.
 */
export class MarkedTerminal {
  readonly #marks: MarkReader;
  readonly #listener: Listener;
  #busy: Promise<void> | null = null;
  #broken = false;
  #patience: NodeJS.Timeout | undefined;

  constructor(nonce: string, listener: Listener) {
    this.#marks = new MarkReader(nonce);
    this.#listener = listener;
  }

  /** Takes what the terminal got; never throws or rejects. */
  readonly filter = (bytes: Uint8Array, atMicros: number, show: Show): void | Promise<void> => {
    clearTimeout(this.#patience);
    const pieces = this.#marks.read(bytes);
    const clock = clockFrom(atMicros);
    if (this.#marks.holding) {
      this.#patience = setTimeout(() => {
        const held = this.#marks.letGo();
        if (held.length > 0) void this.#inTurn(() => this.#handle([{ bytes: held }], clock, show));
      }, HELD_MS);
    }
    return this.#inTurn(() => this.#handle(pieces, clock, show));
  };

  /** All that came has been heard. */
  async settled(): Promise<void> {
    clearTimeout(this.#patience);
    await this.#busy;
  }

  #inTurn(work: () => void | Promise<void>): void | Promise<void> {
    const guarded = () => {
      try {
        return work()?.catch((error: unknown) => this.#breaks(error));
      } catch (error) {
        this.#breaks(error);
        return undefined;
      }
    };
    const doing = this.#busy === null ? guarded() : this.#busy.then(guarded);
    if (doing === undefined) return;
    const turn = doing.then(() => {
      if (this.#busy === turn) this.#busy = null;
    });
    this.#busy = turn;
    return turn;
  }

  #breaks(error: unknown): void {
    if (this.#broken) return;
    this.#broken = true;
    this.#listener.breaks(error);
  }

  #handle(pieces: readonly Piece[], clock: Clock, show: Show): void | Promise<void> {
    for (const [i, piece] of pieces.entries()) {
      if ('bytes' in piece) show(piece.bytes);
      if (this.#broken) continue;
      const wait =
        'bytes' in piece
          ? this.#listener.output(piece.bytes, clock, show)
          : this.#listener.mark(piece, clock, show);
      if (wait !== undefined)
        return wait.then(() => this.#handle(pieces.slice(i + 1), clock, show));
    }
  }
}

/** An ESC by itself is shown after this long. */
const HELD_MS = 30;

function clockFrom(atMicros: number): Clock {
  const since = performance.now();
  return () => atMicros + Math.round((performance.now() - since) * 1000);
}
