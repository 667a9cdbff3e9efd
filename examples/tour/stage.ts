import { join } from 'node:path';
import type { Scratch } from './scratch.ts';
import { runInTerminal } from './terminal.ts';

/** One part of the tour. `story` carries what later scenes need to know of earlier ones. */
export interface Scene {
  title: string;
  play(stage: Stage, story: Story): Promise<void>;
}

export interface Story {
  /** Names of entries, as the ledger gave them. */
  failingRun: string;
  passingRun: string;
}

/** What a command must do; anything else ends the tour with an error. */
export interface Expected {
  exit?: number;
  /** Each must be found in what it printed. */
  shows?: readonly string[];
  /** Print only so many lines of it, from its beginning and from its end. */
  first?: number;
  last?: number;
}

const COMMAND = join(import.meta.dirname, '..', '..', 'dist', 'proof.js');

/** Where commands are typed, really run and shown, with a word or two in between. */
export class Stage {
  readonly scratch: Scratch;
  readonly #colour: boolean;
  readonly #env: Record<string, string>;

  constructor(scratch: Scratch, { colour }: { colour: boolean }) {
    this.scratch = scratch;
    this.#colour = colour;
    const { FORCE_COLOR: _, ...plain } = scratch.env;
    this.#env = colour ? scratch.env : { ...plain, NO_COLOR: '1' };
  }

  title(text: string): void {
    this.#print(`${this.#paint(1, `── ${text} ${'─'.repeat(75 - text.length)}`)}\n`);
  }

  /** A remark, as a comment in a shell would look. */
  say(text: string): void {
    for (const line of wrapped(text, 78)) this.#print(this.#paint(2, `# ${line}`.trimEnd()));
  }

  /** Types `proof …`; resolves with what it printed. */
  async proof(words: readonly string[], expected: Expected = {}): Promise<string> {
    return this.#perform(process.execPath, [COMMAND, ...words], ['proof', ...words], expected);
  }

  /** Types another command. */
  async run(words: readonly [string, ...string[]], expected: Expected = {}): Promise<string> {
    const [file, ...rest] = words;
    return this.#perform(file, rest, words, expected);
  }

  /** Asks proof for something the script needs, behind the curtain. */
  async ask<Answer>(words: readonly string[]): Promise<Answer> {
    const { text } = await this.#start(process.execPath, [COMMAND, ...words, '--json']);
    return JSON.parse(text) as Answer;
  }

  async #perform(
    file: string,
    args: readonly string[],
    typed: readonly string[],
    { exit = 0, shows = [], first, last }: Expected,
  ): Promise<string> {
    this.#print(this.#paint(1, `$ ${commandLine(typed)}`));
    const outcome = await this.#start(file, args);
    const left = (lines: number) => this.#paint(2, `# … ${lines} more lines`);
    this.#print(shorten(outcome.text.trim(), first, last, left));
    if (outcome.exit !== 0) this.say(`exit code ${outcome.exit}`);
    this.#print('');
    const wanted = shows.find((text) => !plain(outcome.text).includes(text));
    if (outcome.exit !== exit || wanted !== undefined) {
      const what = outcome.exit === exit ? `did not show "${wanted}"` : `gave ${outcome.exit}`;
      throw new Error(`${typed.join(' ')} ${what}; the tour expects exit code ${exit}`);
    }
    return plain(outcome.text);
  }

  #start(file: string, words: readonly string[]) {
    return runInTerminal({ file, words, cwd: this.scratch.project, env: this.#env });
  }

  #print(text: string): void {
    process.stdout.write(`${text}\n`);
  }

  #paint(sgr: number, text: string): string {
    return this.#colour ? `\u001b[${sgr}m${text}\u001b[0m` : text;
  }
}

/** As one would type it; a long one goes on in the next line, a flag together with its value. */
function commandLine(words: readonly string[]): string {
  const quoted = words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `"${word}"`));
  const lines: string[] = [];
  for (let at = 0; at < quoted.length; ) {
    const value = quoted[at + 1]?.startsWith('-') === false;
    const taken = /^--\w/.test(quoted[at] as string) && value ? 2 : 1;
    const part = quoted.slice(at, at + taken).join(' ');
    const line = lines.at(-1);
    if (line === undefined) lines.push(part);
    else if (line.length + part.length > 74) lines.push(`    ${part}`);
    else lines[lines.length - 1] = `${line} ${part}`;
    at += taken;
  }
  return lines.join(' \\\n');
}

function shorten(
  text: string,
  first = Number.POSITIVE_INFINITY,
  last = 0,
  left: (lines: number) => string,
): string {
  const lines = text.split('\n');
  const cut = lines.length - first - last;
  if (cut <= 1) return text;
  return [...lines.slice(0, first), left(cut), ...lines.slice(lines.length - last)].join('\n');
}

function wrapped(text: string, width: number): string[] {
  return text.split('\n').flatMap((paragraph) => {
    const lines = [''];
    for (const word of paragraph.split(' ')) {
      const line = lines.at(-1) as string;
      if (line !== '' && line.length + 1 + word.length > width) lines.push(word);
      else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
    }
    return lines;
  });
}

function plain(text: string): string {
  return text.replace(/\u001b\[[0-9;]*m/g, '');
}
