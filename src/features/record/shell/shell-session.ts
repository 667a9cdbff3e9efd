import { randomBytes } from 'node:crypto';
import type { ProofError } from '../../../core/errors.ts';
import { entryName, type Seq } from '../../../core/names.ts';
import { nestingFor } from '../nesting.ts';
import {
  CommandOfShell,
  type Ending,
  type RecordedCommand,
  type ShellFacts,
} from './command-of-shell.ts';
import { EchoedLine } from './echoed-line.ts';
import { type HookWord, HookWords } from './hook-words.ts';
import { type Clock, MarkedTerminal, type Show } from './marked-terminal.ts';
import { isNote } from './note-line.ts';
import { Notices } from './notices.ts';
import { withPatience } from './patience.ts';
import type { SessionCount, SessionRequest } from './session-request.ts';
import { entryTrouble, isTrouble, notRecorded, notWatched } from './shell-troubles.ts';
import { typedLine } from './typed-line.ts';

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
  readonly #terminal: MarkedTerminal;
  readonly #words: HookWords;
  readonly #notices: Notices;
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
  /** The last command on its way into the ledger, after a look at the workspace. */
  #settling: Promise<void> = Promise.resolve();
  #echo: EchoedLine | null = null;
  #tail: Uint8Array = new Uint8Array();

  constructor(facts: ShellFacts, request: SessionRequest) {
    this.#facts = facts;
    this.#request = request;
    this.#terminal = new MarkedTerminal(request.nonce, {
      output: (bytes, clock) => this.#output(bytes, clock),
      mark: (mark, clock, show) => this.#mark(mark, clock, show),
      breaks: (error) => this.#breaks(error),
    });
    this.#words = new HookWords(facts.shell);
    this.#notices = new Notices(request.notice);
  }

  get filter() {
    return this.#terminal.filter;
  }

  started(pid: number): void {
    this.#pid = pid;
  }

  /** The shell is gone: what still ran ended with it. */
  async over(atMicros: number, exit: { code: number } | { signal: string }): Promise<void> {
    await this.#terminal.settled();
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

  /** What there was no place to say on the screen. */
  get unsaid(): readonly (string | ProofError)[] {
    return this.#notices.waiting;
  }

  #output(bytes: Uint8Array, clock: Clock): void | Promise<void> {
    if (this.#running === null) {
      this.#echo?.feed(bytes);
      return;
    }
    this.#notices.follows(bytes);
    if (this.#facts.shell === 'bash') this.#tail = bytes.slice(-TAIL_BYTES);
    return this.#running.wrote(bytes, clock());
  }

  /** What nobody foresaw: from here on the terminal is only passed on, and no hook waits for us. */
  #breaks(error: unknown): void {
    this.#request.channel.close();
    this.#running?.abandon();
    this.#running = null;
    this.#notices.add(notRecorded('This shell is not recorded any more.', error));
  }

  #mark({ mark, payload }: { mark: string; payload: string }, clock: Clock, show: Show) {
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
    clock: Clock,
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
    this.#notices.lineEnded();
    this.#noteOnly = this.#hasNote && line.text !== null && isNote(line.text);
    this.#noted = false;
    const cwd = word.cwd === '' ? this.#request.cwd : word.cwd;
    try {
      const task = this.#request.taskAt(cwd);
      const run = this.#nextRun;
      const said = { number, run, line, cwd, task, pid: this.#pid, watch: !this.#noteOnly };
      const command = new CommandOfShell(this.#facts, said);
      this.#running = command;
      await withPatience(command.before(), WATCH_MS);
    } catch (error) {
      this.#running = null;
      this.count.unrecorded++;
      this.#notices.add(notRecorded('A command is not recorded.', error));
    }
    this.#nextRun = newRun();
    this.#notices.sayAll(show);
    this.#running?.begins(clock());
    this.#request.channel.answer(`C${number}`);
  }

  async #ended(
    { number, status, statuses, note }: Extract<HookWord, { says: 'ended' }>,
    clock: Clock,
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
    if (this.#running === null) this.#notices.sayAll(show);
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
    this.#settling = this.#settling.then(async () => {
      const { entry, trouble, unwatched, gapNoted } = await command.ends(atMicros, ending);
      const seq = entry?.seq ?? null;
      if (entry === null) this.count.unrecorded++;
      else await this.#keeps(entry);
      if (isTrouble(trouble)) this.#notices.add(entryTrouble(seq, gapNoted, trouble));
      else if (isTrouble(unwatched)) this.#notices.add(notWatched(seq, unwatched));
      for (const text of notes) await this.#append(text, seq);
    });
    return this.#settling;
  }

  async #keeps(command: RecordedCommand): Promise<void> {
    const { seq } = command;
    this.count.commands++;
    this.count.first ??= seq;
    this.count.last = seq;
    this.#notices.better();
    for (const what of await this.#request.recorded(command)) this.#notices.add(what);
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
    if (seq !== null) this.#notices.say(show, `noted as ${entryName(seq)}${on}`);
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
      this.#notices.add(notRecorded('The note was not kept.', error));
      return null;
    }
  }
}

const LF = 10;
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
