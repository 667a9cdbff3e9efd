import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { describeWith } from '../../system-programs.ts';
import { newUser } from '../user.ts';
import { openRecordedShell, RC, type RecordedShell } from './recorded-shell.ts';

/** A bash with these lines in the user's own rc file, at its prompt. */
async function bashWith(
  rc: string,
): Promise<RecordedShell & { enter(line: string): Promise<void> }> {
  const user = newUser();
  user.proof('init');
  const shell = await openRecordedShell(user, 'bash', { rc: ['.bashrc', `${RC.bash[1]}${rc}\n`] });
  onTestFinished(() => shell.pane.close());
  await shell.ready();
  let count = 0;
  return {
    ...shell,
    async enter(line) {
      shell.pane.type(line);
      shell.pane.press('Enter');
      await shell.recorded(++count);
      await shell.ready();
    },
  };
}

const texts = (shell: RecordedShell) =>
  shell.commands().map(({ body }) => [body.argv?.[2] ?? null, body.exit.code]);

describeWith(['tmux', 'setsid', 'bash'])('proof shell and a bash that somebody has set up', () => {
  it('leaves prompt commands their $?, their order and the last word', async () => {
    const shell = await bashWith(
      `PROMPT_COMMAND='status=$?; echo "first $status"'; PROMPT_COMMAND+=$'\\necho "second $status"'`,
    );
    await shell.enter('(exit 6)');
    expect(shell.pane.screen()).toMatch(/\(exit 6\)\nfirst 6\nsecond 6\nready>$/);
    expect(texts(shell)).toEqual([['(exit 6)', 6]]);
    expect(shell.terminal(shell.commands()[0]!)).toBe('');
  });

  it('goes on where PROMPT_COMMAND is replaced, added to, emptied or made a list', async () => {
    const shell = await bashWith('');
    const lines: [string, number][] = [
      [`PROMPT_COMMAND='echo replaced'`, 0],
      ['(exit 1)', 1],
      [`PROMPT_COMMAND="echo before; $PROMPT_COMMAND"`, 0],
      ['(exit 2)', 2],
      [`PROMPT_COMMAND="$PROMPT_COMMAND; echo behind"`, 0],
      ['(exit 3)', 3],
      [`PROMPT_COMMAND+=('echo more')`, 0],
      ['(exit 5)', 5],
    ];
    for (const [line] of lines) await shell.enter(line);
    expect(texts(shell)).toEqual(lines);
  });

  it('ends a command that took all of PROMPT_COMMAND away when the next one begins', async () => {
    const shell = await bashWith('');
    const lines: [string, number][] = [
      [`PROMPT_COMMAND=('echo a' 'echo list'); (exit 4)`, 4],
      ['(exit 5)', 5],
      ['unset PROMPT_COMMAND; false', 1],
      ['(exit 6)', 6],
      ['(exit 7)', 7],
    ];
    for (const [line] of lines) {
      shell.pane.type(line);
      shell.pane.press('Enter');
      await shell.pane.shows(
        new RegExp(`ready> ${line.replace(/[^a-z0-9 ]/g, '.')}\\n(?:.*\\n)*ready>$`),
      );
    }
    await shell.recorded(5);
    expect(texts(shell)).toEqual(lines);
  });

  it('goes on where the rc file is read again, PS0, PS1 and a DEBUG trap in it', async () => {
    const shell = await bashWith(
      `PS0='' ; seen() { [[ $READY ]] && { READY=; echo "debug: $BASH_COMMAND"; }; }
       trap seen DEBUG
       prepare() { PS1='ready> '; READY=1; }
       PROMPT_COMMAND=prepare`,
    );
    for (const line of ['echo one', 'source ~/.bashrc', 'echo two', '(exit 7)', 'echo two'])
      await shell.enter(line);
    expect(texts(shell)).toEqual([
      ['echo one', 0],
      ['source ~/.bashrc', 0],
      ['echo two', 0],
      ['(exit 7)', 7],
      ['echo two', 0],
    ]);
    expect(shell.pane.screen()).toContain('debug: echo two');
    // Once only, at the prompt at which the rc file had been read again.
    expect(shell.pane.screen().match(/debug: __proof_rest/g)).toHaveLength(1);
  });

  it('keeps to itself under set -u, set -e in functions, vi keys, an odd IFS and aliases', async () => {
    const shell = await bashWith(
      `alias printf='echo wrong' local='echo wrong' history='echo wrong'; read() { echo wrong; }`,
    );
    const lines = ['set -u', 'IFS=:', 'set -o vi', 'set -o noclobber', 'echo "a  b"', '(exit 3)'];
    for (const line of lines) await shell.enter(line);
    expect(texts(shell)).toEqual(lines.map((line) => [line, line === '(exit 3)' ? 3 : 0]));
    expect(shell.pane.screen()).not.toMatch(/wrong|unbound/);
  });

  it('says of each line how it knows it, with no history, without repetitions, with patterns', async () => {
    const shell = await bashWith('');
    const lines = [
      'set +o history',
      'echo read off the screen',
      'set -o history',
      `HISTIGNORE='ls*:echo ign*'`,
      'echo ignored',
      'HISTIGNORE=',
      'HISTCONTROL=ignoredups',
      ' echo spaced',
      ' echo spaced',
      'HISTCONTROL=ignorespace:erasedups',
      ' echo secret',
      'echo kept',
      'echo kept',
      '!!',
      'shopt -u cmdhist',
    ];
    for (const line of lines) await shell.enter(line);
    const known = shell.commands().map(({ body }) => [body.argv?.[2] ?? null, body.shell?.text]);
    expect(known).toEqual([
      ['set +o history', 'told'],
      ['echo read off the screen', 'seen'],
      ['set -o history', 'seen'],
      [`HISTIGNORE='ls*:echo ign*'`, 'told'],
      ['echo ignored', 'seen'],
      ['HISTIGNORE=', 'told'],
      ['HISTCONTROL=ignoredups', 'told'],
      [' echo spaced', 'told'],
      [' echo spaced', 'told'],
      ['HISTCONTROL=ignorespace:erasedups', 'told'],
      [null, 'withheld'],
      ['echo kept', 'told'],
      ['echo kept', 'told'],
      ['echo kept', 'told'],
      ['shopt -u cmdhist', 'told'],
    ]);
  });

  it('knows a repetition that is wider than the screen, edited, or under a prompt of two lines', async () => {
    const shell = await bashWith(String.raw`PS1='\[\e[32m\]\w\[\e[0m\] two lines\nready> '`);
    const long = `echo ${'wide '.repeat(40)}`.trimEnd();
    await shell.enter(long);
    shell.pane.press('Up');
    await shell.enter('');
    await shell.enter('echo ünd 日本 ✓');
    shell.pane.type('echo ünd 日本 ✗');
    shell.pane.press('BSpace');
    await shell.enter('✓');
    shell.pane.type('XXecho ünd 日本 ✓');
    shell.pane.press('C-a', 'Delete', 'Delete');
    await shell.enter('');
    expect(shell.commands().map(({ body }) => [body.argv?.[2], body.shell?.text])).toEqual([
      [long, 'told'],
      [long, 'told'],
      ['echo ünd 日本 ✓', 'told'],
      ['echo ünd 日本 ✓', 'told'],
      ['echo ünd 日本 ✓', 'told'],
    ]);
  });

  it('does not hand the marks of this session on to what runs in it', async () => {
    const shell = await bashWith(`export PS1='ready> ' PS0=''; set -a`);
    await shell.enter('env > environment; bash --norc -ic true; (bash --norc -i <<<"exit" 2>&1)');
    await shell.enter('grep -aEc "proof=[0-9a-f]" environment');
    expect(shell.commands().map(({ body }) => body.exit.code)).toEqual([0, 1]);
    expect(shell.terminal(shell.commands()[0]!)).not.toMatch(/not found|133/);
  });

  it('of lines pasted at once, one kept out of the history has no text of another', async () => {
    const shell = await bashWith('');
    shell.pane.paste('echo one\n echo hidden\necho three');
    shell.pane.press('Enter');
    await shell.recorded(3);
    expect(texts(shell).map(([text]) => text)).toEqual(['echo one', null, 'echo three']);
  });

  it('two commands pasted at once are two entries', async () => {
    const shell = await bashWith('');
    shell.pane.paste('echo one\necho two\n(exit 3)');
    shell.pane.press('Enter');
    await shell.recorded(3);
    expect(texts(shell)).toEqual([
      ['echo one', 0],
      ['echo two', 0],
      ['(exit 3)', 3],
    ]);
    expect(shell.commands().map((command) => shell.terminal(command))).toEqual([
      'one\r\n',
      'two\r\n',
      '',
    ]);
  });

  it('a function called note that is the user’s own stays theirs', async () => {
    const shell = await bashWith('note() { echo "mine: $*"; }');
    await shell.enter('note this');
    expect(shell.terminal(shell.commands()[0]!)).toBe('mine: this\r\n');
  });

  it('an rc file that starts something else in its place is said to be why nothing was recorded', async () => {
    const user = newUser();
    user.proof('init');
    writeFileSync(join(user.env.HOME as string, 'other'), '');
    const shell = await openRecordedShell(user, 'bash', { rc: ['.bashrc', `exec sh -c 'exit 4'`] });
    onTestFinished(() => shell.pane.close());
    const screen = await shell.pane.shows(/left with 4/);
    expect(screen).toContain('proof: Nothing was recorded: the hooks in this bash never spoke');
  });
});
