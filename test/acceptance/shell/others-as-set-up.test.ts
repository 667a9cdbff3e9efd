import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { describeWith } from '../../system-programs.ts';
import { newUser, type User } from '../user.ts';
import { openRecordedShell, type RecordedShell, type Shell } from './recorded-shell.ts';

async function open(
  shell: Shell,
  rc: readonly [file: string, text: string],
  prepare: (user: User) => void = () => {},
): Promise<RecordedShell & { user: User; enter(line: string): Promise<void> }> {
  const user = newUser();
  user.proof('init');
  prepare(user);
  const recorded = await openRecordedShell(user, shell, { rc });
  onTestFinished(() => recorded.pane.close());
  await recorded.ready();
  let count = 0;
  return {
    ...recorded,
    user,
    async enter(line) {
      recorded.pane.type(line);
      recorded.pane.press('Enter');
      await recorded.recorded(++count);
      await recorded.ready();
    },
  };
}

const texts = (shell: RecordedShell) =>
  shell.commands().map(({ body }) => [body.argv?.[2] ?? null, body.exit.code]);
const lastOutput = (shell: RecordedShell) => shell.terminal(shell.commands().at(-1)!);

const PROMPT = "PROMPT='ready> '\nunsetopt prompt_sp\n";

describeWith(['tmux', 'setsid', 'zsh'])('proof shell and a zsh that somebody has set up', () => {
  it('reads the files they have, where their .zshenv says', async () => {
    const shell = await open(
      'zsh',
      ['.zshenv', 'export ZDOTDIR=$HOME/zsh FROM_ENV=1'],
      ({ env }) => {
        mkdirSync(join(env.HOME as string, 'zsh'));
        writeFileSync(
          join(env.HOME as string, 'zsh', '.zshrc'),
          `${PROMPT}HISTFILE=\${ZDOTDIR}/history\nFROM_RC=2\n`,
        );
      },
    );
    await shell.enter('echo "$FROM_ENV $FROM_RC $ZDOTDIR:t $HISTFILE:t"');
    expect(lastOutput(shell)).toBe('1 2 zsh history\r\n');
    await shell.enter('zsh -ic \'echo "$ZDOTDIR:t $FROM_RC"\'');
    expect(lastOutput(shell)).toBe('zsh 2\r\n');
  });

  it('has no ZDOTDIR where they have none', async () => {
    const shell = await open('zsh', ['.zshrc', PROMPT]);
    await shell.enter('env | grep -c ZDOTDIR; echo "[$ZDOTDIR]"');
    expect(lastOutput(shell)).toBe('0\r\n[]\r\n');
  });

  it('leaves their precmd and preexec what they are given, and their options', async () => {
    const shell = await open('zsh', [
      '.zshrc',
      `${PROMPT}
       precmd() { print "precmd $?" }
       also() { print "also $?" }
       preexec() { print "preexec $1" }
       precmd_functions+=(also)
       setopt ksharrays shwordsplit noclobber nounset
       alias printf='echo wrong' local='echo wrong' emulate='echo wrong' typeset='echo wrong'`,
    ]);
    await shell.enter('(exit 5)');
    expect(shell.pane.screen()).toMatch(
      /\(exit 5\)\npreexec \(exit 5\)\nprecmd 5\nalso 5\nready>$/,
    );
    await shell.enter('words="a b"; echo $words; setopt | grep -c nounset');
    // A function named precmd runs before all hooks: what it prints is still the command's.
    expect(lastOutput(shell)).toBe('a b\r\n1\r\nprecmd 0\r\n');
    await shell.enter('setopt xtrace; true');
    await shell.enter('unsetopt xtrace');
    expect(shell.pane.screen()).not.toMatch(/wrong|proof=/);
    expect(texts(shell)).toEqual([
      ['(exit 5)', 5],
      ['words="a b"; echo $words; setopt | grep -c nounset', 0],
      ['setopt xtrace; true', 0],
      ['unsetopt xtrace', 0],
    ]);
  });

  it('tells lines without any history, repeated, expanded, and of several commands', async () => {
    const shell = await open('zsh', ['.zshrc', `${PROMPT}HISTSIZE=0 SAVEHIST=0\n`]);
    await shell.enter('echo once');
    await shell.enter('echo once');
    expect(texts(shell)).toEqual([
      ['echo once', 0],
      ['echo once', 0],
    ]);
    const other = await open('zsh', [
      '.zshrc',
      `${PROMPT}HISTSIZE=50\nsetopt hist_ignore_all_dups\n`,
    ]);
    await other.enter('echo once');
    await other.enter('!!');
    await other.enter('source ~/.zshrc');
    await other.enter('(exit 2)');
    expect(texts(other)).toEqual([
      ['echo once', 0],
      ['echo once', 0],
      ['source ~/.zshrc', 0],
      ['(exit 2)', 2],
    ]);
  });
});

describeWith(['tmux', 'setsid', 'fish'])('proof shell and a fish that somebody has set up', () => {
  it('leaves their events, their prompt and its $status alone', async () => {
    const shell = await open('fish', [
      'fish/config.fish',
      `function fish_prompt; echo -n "($status) ready> "; end
       function fish_greeting; end
       function fish_right_prompt; end
       function before --on-event fish_preexec; echo "preexec $argv"; end
       function after --on-event fish_postexec; echo "postexec $argv"; end
       fish_vi_key_bindings
       function fish_mode_prompt; end`,
    ]);
    await shell.enter('false');
    expect(shell.pane.screen()).toMatch(/preexec false\n(?:\s*\n)?postexec false\n\(1\) ready>$/);
    await shell.enter("sh -c 'exit 9' | true");
    expect(texts(shell)).toEqual([
      ['false', 1],
      ["sh -c 'exit 9' | true", 0],
    ]);
    expect(shell.commands()[1]?.body.shell?.statuses).toEqual([9, 0]);
  });
});
