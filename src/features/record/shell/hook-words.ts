import { MOST_TEXT } from './hook-place.ts';
import { unquoted } from './quoted-text.ts';

/** What the hooks of a shell say, in the order in which they say it. */
export type HookWord =
  /** A command is about to run; the hooks await `C<number>`. */
  | {
      says: 'starts';
      number: number;
      state: string;
      flags: string;
      text: string;
      cwd: string;
      /** How the command before ended, where its own end was not told. */
      before: number | null;
    }
  /** Before a prompt; the hooks await `D<number> …`. `status` null: not known. */
  | { says: 'ended'; number: number; status: number | null; statuses: number[]; note: boolean }
  | { says: 'prompted' }
  | { says: 'note'; text: string };

/** Puts marks together to words: texts come in pieces, before what they belong to. */
export class HookWords {
  readonly #shell: 'bash' | 'zsh' | 'fish';
  #text = '';
  #cwd = '';

  constructor(shell: 'bash' | 'zsh' | 'fish') {
    this.#shell = shell;
  }

  /** The word that a mark completes, if it does. */
  hear(mark: string, payload: string): HookWord | null {
    switch (mark) {
      case 'T':
        if (this.#text.length <= MOST_TEXT) this.#text += payload;
        return null;
      case 'W':
        if (this.#cwd.length <= MOST_TEXT) this.#cwd += payload;
        return null;
      case 'B':
        return { says: 'prompted' };
      case 'N':
        return { says: 'note', text: this.#take().text };
      case 'C': {
        const [number = '', state = '', flags = '', before = ''] = payload.split(';');
        const said = { number: count(number), state, flags, before: code(before) };
        return { says: 'starts', ...said, ...this.#take() };
      }
      case 'D': {
        const [number = '', status = '', statuses = '', note = ''] = payload.split(';');
        return {
          says: 'ended',
          number: count(number),
          status: code(status),
          statuses: (statuses.match(/[0-9]{1,9}/g) ?? []).slice(0, MOST_PARTS).map(Number),
          note: note === 'n',
        };
      }
      default:
        return null;
    }
  }

  #take(): { text: string; cwd: string } {
    const text = unquoted(this.#shell, this.#text);
    const cwd = unquoted(this.#shell, this.#cwd);
    this.#text = '';
    this.#cwd = '';
    return { text, cwd };
  }
}

const MOST_PARTS = 100;

function count(text: string): number {
  return /^[0-9]{1,9}$/.test(text) ? Number(text) : 0;
}

function code(text: string): number | null {
  return /^[0-9]{1,9}$/.test(text) ? Number(text) : null;
}
