import { beforeAll, describe, expect, it } from 'vitest';
import type { EntryOf } from '../../../src/core/entries/kinds.ts';
import { describeWith } from '../../system-programs.ts';
import { newUser } from '../user.ts';
import { AWKWARD, nameOf } from './awkward-commands.ts';
import { openRecordedShell, type RecordedShell, type Shell } from './recorded-shell.ts';

describe.each(['bash', 'zsh', 'fish'] as const)('proof shell with %s', (name) => {
  describeWith(['tmux', 'setsid', 'vi', 'less', name])('typed in tmux', () => {
    const cases = AWKWARD.filter((one) => one.in?.includes(name) ?? true);
    let shell: RecordedShell;

    beforeAll(async () => {
      const user = newUser();
      user.proof('init');
      user.proof('task', 'start', 'Try the shell');
      shell = await openRecordedShell(user, name);
      await shell.ready();
      return () => shell.pane.close();
    });

    it('says in one line that it records, and how to leave', () => {
      expect(shell.pane.screen().split('\n')[0]).toBe(
        `proof: recording this ${name} for T1 · note "…" annotates · exit ends it`,
      );
    });

    it.each(cases.map((one, i) => [nameOf(one), one, i] as const))('%s', async (_, one, i) => {
      // One that was not recorded puts all after it out of step.
      expect(shell.commands()).toHaveLength(i);
      if (typeof one.keys === 'string') {
        shell.pane.type(one.keys);
        shell.pane.press('Enter');
      } else await one.keys(shell, shell.pane);
      const all = await shell.recorded(i + 1);
      expect(all).toHaveLength(i + 1);
      if (i < cases.length - 1) await shell.ready();
      else await shell.pane.shows(/left with/);
      check(name, one, all[i] as EntryOf<'command'>, shell);
    });

    it('ends as the shell ended, and says what it recorded', async () => {
      const screen = await shell.pane.shows(/left with/);
      expect(screen).toMatch(new RegExp(`proof: ${cases.length} commands recorded, E2–E\\d+`));
      expect(screen).toContain('left with 3');
    });
  });
});

function check(
  name: Shell,
  { keys, text, how, output, code, statuses, cwd }: (typeof AWKWARD)[number],
  command: EntryOf<'command'>,
  shell: RecordedShell,
): void {
  const { body } = command;
  expect(body.shell?.text).toBe(how ?? 'told');
  if (how === 'withheld') expect(body.argv).toEqual([name]);
  else {
    const wanted = (typeof text === 'function' ? text(name) : text) ?? (keys as string);
    const typed = body.argv === null ? null : body.argv[2];
    if (typeof wanted === 'string') expect(typed).toBe(wanted);
    else expect(typed).toMatch(wanted);
  }
  expect(body.exit).toEqual({
    code: typeof code === 'function' ? code(name) : code,
    signal: null,
    how: 'exited',
  });
  if (statuses !== undefined) expect(body.shell?.statuses).toEqual([...statuses]);
  if (cwd !== undefined) expect(body.cwd).toMatch(cwd);
  const written = plainly(name, shell.terminal(command));
  if (typeof output === 'string') expect(written).toBe(output);
  else if (output !== undefined) expect(written).toMatch(output);
}

/** Line ends as the program wrote them; without what fish says to the terminal around a command. */
function plainly(name: Shell, text: string): string {
  const lines = text.replaceAll('\r\n', '\n');
  if (name !== 'fish') return lines;
  return lines.replace(
    /^(?:\u001b\[\?\d+[hl]|\u001b\]0;[^\u0007]*\u0007|\u001b\[(?:30)?m|\u001b\(B|\u000f|\r)+/,
    '',
  );
}
