import { randomBytes } from 'node:crypto';
import type { ProofError } from '../../../core/errors.ts';
import { entryName, type Seq } from '../../../core/names.ts';
import { nestingFor } from '../nesting.ts';
import { CommandOfShell, type Ending, type ShellFacts } from './command-of-shell.ts';
import { EchoedLine } from './echoed-line.ts';
import { type HookWord, HookWords } from './hook-words.ts';
import { MarkReader, type Piece } from './marks.ts';
import { isNote } from './note-line.ts';
import { withPatience } from './patience.ts';
import type { ShellChannel } from './shell-machine.ts';
import { entryTrouble, notRecorded } from './shell-troubles.ts';
import { typedLine } from './typed-line.ts';

/** Looks at the workspace around each command. */
export interface CommandWatch {
  before(): Promise<void> | void;
  after(seq: Seq): Promise<void> | void;
}

export interface SessionRequest {
  nonce: string;
  channel: ShellChannel;
  /** The task that a command in this directory belongs to. */
  taskAt(cwd: string): Seq | null;
  /** What the shell's children are told: null lets each look for itself. */
  pinned: Seq | null;
  cwd: string;
  watch?: CommandWatch | undefined;
  /** As the user's screen is to show it, a line or three. */
  notice(what: string | ProofError): string;
}

/** What came of a session. */
export interface SessionCount {
  commands: number;
  notes: number;
  first: Seq | null;
  last: Seq | null;
  unrecorded: number;
  /** Whether the shell's hooks ever spoke. */
  hooked: boolean;
}

type Show = (bytes: Uint8Array) => void;

/**
 * Listens to a shell's terminal: takes our marks out of it, shows the rest, and makes each command
 * an entry of its own. It never throws and never keeps the shell waiting for good: whatever fails,
 * the shell goes on, and what was not recorded is said.
 */
export class ShellSession {
  readonly count: SessionCount = {
    commands: 0,
    notes: 0,
    first: null,
    last: null,
    unrecorded: 0,
    hooked: false,
  };
  readonly #facts: ShellFacts;
  readonly #request: SessionRequest;
  readonly #marks: MarkReader;
  readonly #words: HookWords;
  #pid = 0;
  #running: CommandOfShell | null = null;
  #noteOnly = false;
  #noted = false;
  #lateNotes: string[] = [];
  #latest = 0;
  #prompted = false;
  #told = '';
  #nextRun = newRun();
  #hasNote = false;
  /** The last command on its way into the ledger, and the look at the workspace after it. */
  #settling: Promise<void> = Promise.resolve();
  #unsaid: ProofError[] = [];
  #said = '';
  #echo: EchoedLine | null = null;
  #tail: Uint8Array = new Uint8Array();
  #busy: Promise<void> | null = null;
  #patience: NodeJS.Timeout | undefined;
  #broken = false;

  constructor(facts: ShellFacts, request: SessionRequest) {
    this.#facts = facts;
    this.#request = request;
    this.#marks = new MarkReader(request.nonce);
    this.#words = new HookWords(facts.shell);
  }

  started(pid: number): void {
    this.#pid = pid;
  }

  /** Takes what the shell's terminal got. */
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

  /** The shell is gone: what still ran ended with it. */
  async over(atMicros: number, exit: { code: number } | { signal: string }): Promise<void> {
    clearTimeout(this.#patience);
    await this.#busy;
    if (this.#running !== null) {
      const ended = 'signal' in exit;
      this.#settle(this.#running, atMicros, {
        code: ended ? null : exit.code,
        signal: ended ? exit.signal : null,
        how: ended ? 'signalled' : 'exited',
        statuses: [],
      });
    }
    await this.#settling;
  }

  /** Trouble that there was no place to say on the screen. */
  get unsaid(): readonly ProofError[] {
    return this.#unsaid;
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

  /** What nobody foresaw: from here on the terminal is only passed on, and no hook waits for us. */
  #breaks(error: unknown): void {
    if (this.#broken) return;
    this.#broken = true;
    this.#request.channel.close();
    this.#running?.abandon();
    this.#running = null;
    this.#unsaid.push(notRecorded('This shell is not recorded any more.', error));
  }

  #handle(pieces: readonly Piece[], clock: () => number, show: Show): void | Promise<void> {
    for (const [i, piece] of pieces.entries()) {
      const wait =
        'bytes' in piece ? this.#output(piece.bytes, clock, show) : this.#mark(piece, clock, show);
      if (wait !== undefined)
        return wait.then(() => this.#handle(pieces.slice(i + 1), clock, show));
    }
  }

  #output(bytes: Uint8Array, clock: () => number, show: Show): void | Promise<void> {
    show(bytes);
    if (this.#broken) return;
    if (this.#running === null) {
      this.#echo?.feed(bytes);
      return;
    }
    if (this.#facts.shell === 'bash') this.#tail = bytes.slice(-TAIL_BYTES);
    return this.#running.wrote(bytes, clock());
  }

  #mark({ mark, payload }: { mark: string; payload: string }, clock: () => number, show: Show) {
    if (this.#broken) return;
    const word = this.#words.hear(mark, payload);
    switch (word?.says) {
      case 'starts':
        return this.#starts(word, clock, show);
      case 'ended':
        return this.#ended(word, clock, show);
      case 'note':
        return this.#note(word.text, show);
      case 'prompted':
        this.#echo?.begins();
        return;
      default:
        return;
    }
  }

  async #starts(
    word: Extract<HookWord, { says: 'starts' }>,
    clock: () => number,
    show: Show,
  ): Promise<void> {
    const { number } = word;
    // What came before is no command that begins now.
    if (number <= this.#latest) return this.#request.channel.answer(`C${number}`);
    if (this.#running !== null) this.#settle(this.#running, clock(), exited(word.before));
    await withPatience(this.#settling, WATCH_MS);
    this.#latest = number;
    const { shell } = this.#facts;
    // Lines that were pasted together have one prompt: what is new is new since the one before.
    const again = !this.#prompted && word.text === this.#told;
    const state = again ? 'same' : word.state;
    const line = typedLine({ ...word, shell, state, echoed: this.#echo?.text() ?? null });
    this.#prompted = false;
    this.#told = word.text;
    this.#echo = null;
    this.#tail = new Uint8Array();
    this.#noteOnly = this.#hasNote && line.text !== null && isNote(line.text);
    this.#noted = false;
    const cwd = word.cwd === '' ? this.#request.cwd : word.cwd;
    try {
      const task = this.#request.taskAt(cwd);
      const run = this.#nextRun;
      const said = { number, run, line, cwd, task, pid: this.#pid };
      this.#running = new CommandOfShell(this.#facts, said);
      if (!this.#noteOnly) await this.#watched(() => this.#request.watch?.before());
    } catch (error) {
      this.#fails(notRecorded('A command was not recorded.', error));
    }
    this.#nextRun = newRun();
    this.#sayAll(show);
    this.#running?.begins(clock());
    this.#request.channel.answer(`C${number}`);
  }

  async #ended(
    { number, status, statuses, note }: Extract<HookWord, { says: 'ended' }>,
    clock: () => number,
    show: Show,
  ): Promise<void> {
    if (!this.count.hooked) this.#request.channel.forget();
    this.count.hooked = true;
    this.#prompted = true;
    this.#hasNote = note;
    if (this.#running !== null && number === this.#running.number) {
      const recorded = this.#settle(this.#running, clock(), exited(status, statuses));
      // Mostly done before anybody could see it; then a failure is said before the prompt.
      await withPatience(recorded, HOLD_MS);
    }
    if (this.#running === null) this.#sayAll(show);
    if (this.#facts.shell === 'bash') this.#listen();
    const { ledger } = this.#facts;
    const nesting = nestingFor(this.#nextRun, ledger.id(), this.#request.pinned);
    this.#request.channel.answer(`D${number} ${nesting}`);
  }

  /** What is typed at bash's prompt is followed on the screen, from where the cursor stands. */
  #listen(): void {
    const columns = this.#facts.machine.terminalSize()?.columns ?? 80;
    this.#echo = new EchoedLine(columns);
    this.#echo.feed(this.#tail.subarray(this.#tail.lastIndexOf(LF) + 1));
  }

  /** Ends the command; resolves when its entry is there, or will not be. */
  #settle(command: CommandOfShell, atMicros: number, ending: Ending): Promise<void> {
    this.#running = null;
    if (this.#noteOnly && this.#noted) {
      command.abandon();
      return Promise.resolve();
    }
    const notes = this.#lateNotes;
    this.#lateNotes = [];
    const recorded = this.#settling.then(async () => {
      const { seq, trouble } = await command.ends(atMicros, ending);
      if (seq === null) this.count.unrecorded++;
      else this.#keeps(seq);
      if (trouble !== null && trouble !== undefined) this.#fails(entryTrouble(seq, trouble));
      for (const text of notes) await this.#append(text, seq);
      return seq;
    });
    this.#settling = recorded.then((seq) =>
      seq === null ? undefined : this.#watched(() => this.#request.watch?.after(seq)),
    );
    return recorded.then(() => {});
  }

  #keeps(seq: Seq): void {
    this.count.commands++;
    this.count.first ??= seq;
    this.count.last = seq;
    this.#said = '';
  }

  async #note(text: string, show: Show): Promise<void> {
    if (text === '') return;
    if (this.#running !== null && !this.#noteOnly) {
      // In the middle of a line: it is about that line, which has no entry yet.
      this.#lateNotes.push(text);
      return;
    }
    this.#noted = true;
    await withPatience(this.#settling, WATCH_MS);
    const seq = await this.#append(text, this.count.last);
    const on = this.count.last === null ? '' : ` on ${entryName(this.count.last)}`;
    if (seq !== null) this.#say(show, `noted as ${entryName(seq)}${on}`);
  }

  async #append(text: string, on: Seq | null): Promise<Seq | null> {
    const { ledger, actor } = this.#facts;
    try {
      const [seq] = await ledger.append(({ ledger: reader }) => [
        {
          kind: 'note',
          body: { text: text.toWellFormed() },
          task:
            on === null
              ? this.#request.taskAt(this.#request.cwd)
              : (reader.entry(on).entry?.task ?? null),
          actor,
          refs: on === null ? [] : [{ rel: 'on', seq: on }],
        },
      ]);
      this.count.notes++;
      return seq as Seq;
    } catch (error) {
      this.#fails(notRecorded('The note was not kept.', error));
      return null;
    }
  }

  async #watched(look: () => Promise<void> | void): Promise<void> {
    try {
      const looked = look();
      if (looked !== undefined) await withPatience(looked, WATCH_MS);
    } catch (error) {
      this.#fails(notRecorded('What changed in the workspace is not known.', error));
    }
  }

  /** Remembers what to say at the next place on the screen that is ours; the same only once. */
  #fails(error: ProofError): void {
    const text = `${error.message}\n${error.why}`;
    if (this.#said === text) return;
    this.#said = text;
    this.#unsaid.push(error);
  }

  #sayAll(show: Show): void {
    for (const error of this.#unsaid) this.#say(show, error);
    this.#unsaid = [];
  }

  /** On a line of its own: the command before may have ended without one. */
  #say(show: Show, what: string | ProofError): void {
    const text = this.#request.notice(what);
    if (text === '') return;
    const middle = this.#tail.length > 0 && this.#tail[this.#tail.length - 1] !== LF;
    show(Buffer.from(`${middle ? '\r\n' : ''}${text.replaceAll('\n', '\r\n')}\r\n`));
    this.#tail = Uint8Array.of(LF);
  }
}

const LF = 10;
/** An ESC by itself is shown after this long. */
const HELD_MS = 30;
/** The prompt waits this long for the entry of the command before it. */
const HOLD_MS = 250;
/** A command waits this long for the look at the workspace; the hooks wait a little longer. */
const WATCH_MS = 30_000;
const TAIL_BYTES = 2048;

function exited(code: number | null, statuses: number[] = []): Ending {
  return { code, signal: null, how: code === null ? 'unknown' : 'exited', statuses };
}

export function newRun(): string {
  return randomBytes(8).toString('hex');
}

function clockFrom(atMicros: number): () => number {
  const since = performance.now();
  return () => atMicros + Math.round((performance.now() - since) * 1000);
}
