import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Entry, EntryOf } from '../../../src/core/entries/kinds.ts';
import { openForReading } from '../../../src/ledger/store/reader.ts';
import { COMMAND, type User } from '../user.ts';
import { Pane, until } from './tmux.ts';

export type Shell = 'bash' | 'zsh' | 'fish';

/** Somebody in `proof shell`, and what stands in their ledger. */
export interface RecordedShell {
  pane: Pane;
  /** Waits for the prompt: the shell is ready for the next line. */
  ready(): Promise<void>;
  entries(): { seq: number; entry: Entry | null }[];
  commands(): EntryOf<'command'>[];
  /** Waits until there are so many commands, and for the prompt. */
  recorded(count: number): Promise<EntryOf<'command'>[]>;
  /** What a command wrote to its terminal, as recorded. */
  terminal(command: EntryOf<'command'>): string;
}

/** rc files that set the prompt `ready>` and what the cases use. */
export const RC: Readonly<Record<Shell, readonly [file: string, text: string]>> = {
  bash: [
    '.bashrc',
    "PS1='ready> '\nHISTCONTROL=ignoreboth\nalias greet='echo hello'\nexport HISTFILE=~/.history\n",
  ],
  zsh: [
    '.zshrc',
    "PROMPT='ready> '\nunsetopt prompt_sp beep\nsetopt hist_ignore_space interactive_comments\nHISTSIZE=1000\nHISTFILE=~/.history\nalias greet='echo hello'\n",
  ],
  fish: [
    'fish/config.fish',
    "function fish_prompt; echo -n 'ready> '; end\nfunction fish_greeting; end\nalias greet 'echo hello'\nfunction fish_right_prompt; end\nset -g fish_autosuggestion_enabled 0\n",
  ],
};

export async function openRecordedShell(
  user: User,
  shell: Shell,
  {
    rc = RC[shell],
    words = [],
    env = {},
  }: {
    rc?: readonly [file: string, text: string];
    words?: readonly string[];
    env?: Record<string, string>;
  } = {},
): Promise<RecordedShell> {
  const { HOME = '', XDG_CONFIG_HOME = '' } = user.env;
  const file = join(shell === 'fish' ? XDG_CONFIG_HOME : HOME, rc[0]);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, rc[1]);
  const command = [process.execPath, COMMAND, 'shell', '--shell', shell, ...words];
  // Whoever looks at the screen afterwards sees how it ended.
  const around = `${command.map((word) => `'${word}'`).join(' ')}; echo "left with $?"; exec cat`;
  const pane = new Pane({ ...user.env, ...env }, ['sh', '-c', around], { cwd: user.repository });
  const dir = join(user.repository, '.git', 'proof');
  const read = <T>(look: (reader: ReturnType<typeof openForReading>) => T): T => {
    const reader = openForReading(dir);
    try {
      return look(reader);
    } finally {
      reader.close();
    }
  };
  const entries = () =>
    existsSync(dir) ? read((reader) => [...reader.entries(0, reader.size())]) : [];
  const commands = () =>
    entries().flatMap(({ entry }) => (entry?.kind === 'command' ? [entry] : []));
  const ready = async () => {
    await pane.shows(/ready>$/);
  };
  return {
    pane,
    ready,
    entries,
    commands,
    async recorded(count) {
      const found = await until(
        () => {
          const all = commands();
          return all.length >= count ? all : null;
        },
        () => `${count} commands; there are ${commands().length}:\n${pane.screen().slice(-1000)}`,
      );
      return found;
    },
    terminal: (command) =>
      read((reader) => {
        const ref = command.blobs.find(({ name }) => name === 'terminal');
        return ref === undefined ? '' : Buffer.from(reader.blobs.bytes(ref)).toString('utf8');
      }),
  };
}
