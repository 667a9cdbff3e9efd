import { beforeAll, describe, expect, test } from 'vitest';
import { newUser } from './user.ts';

const ESCAPE = '\u001b';
const withoutColours = (text: string) => text.replace(/\u001b\[[0-9;]*m/g, '');

describe('colours', () => {
  const user = newUser();
  beforeAll(() => {
    user.proof('init');
    user.proof('run', '--', 'false');
  });

  test('are there on a terminal, and not where NO_COLOR, TERM or --color say no', async () => {
    const coloured = async (words: string[], env = {}) =>
      (await user.proofOnTerminal(words, env)).shown.includes(ESCAPE);
    expect(await coloured(['log'])).toBe(true);
    expect(await coloured(['log'], { NO_COLOR: '' })).toBe(true);
    expect(await coloured(['log'], { NO_COLOR: '1' })).toBe(false);
    expect(await coloured(['log'], { TERM: 'dumb' })).toBe(false);
    expect(await coloured(['log', '--color', 'never'])).toBe(false);
    expect(await coloured(['log', '--color=always'], { NO_COLOR: '1' })).toBe(true);
  });

  test('are not there without one, unless asked for', () => {
    for (const words of [['log'], ['status'], ['show', 'E1'], ['help'], ['verify'], ['nonsense']]) {
      const { stdout, stderr } = user.proof(...words);
      expect(stdout + stderr).not.toContain(ESCAPE);
    }
    expect(user.proof('status', '--color', 'always').stdout).toContain(ESCAPE);
    expect(user.proof('--color', 'always', 'nonsense').stderr).toContain(ESCAPE);
  });

  test('evidence cannot repaint the screen', async () => {
    const hostile = `${ESCAPE}[2J${ESCAPE}]0;title\u0007red\u202e`;
    user.proof('note', hostile);
    user.proof('run', '--', 'printf', '%s', hostile);
    for (const words of [['log'], ['show', 'E2'], ['show', 'E3']]) {
      for (const text of [
        user.proof(...words).stdout,
        withoutColours((await user.proofOnTerminal(words)).shown),
      ]) {
        expect(text).toContain('red');
        expect(text).not.toMatch(/[\u001b\u0007\u202e]/);
      }
    }
  });
});

describe('a terminal of 80 columns', () => {
  const user = newUser();
  const long = 'a sentence that goes on for longer than a terminal is wide, as people write them';

  beforeAll(() => {
    user.proof('init');
    user.proof('task', 'start', long, '--step', 'find it', '--step', 'fix it');
    user.proof('run', '--note', long, '--', 'echo', long);
    user.proof('decide', long, '--because', long, '--over', long, '--on', 'E3');
    user.proof('anchor', '--local');
    user.proof('note', long);
  });

  const screens = [
    'log',
    'log --all',
    'task list',
    'show E4',
    'show E5',
    'verify',
    'help',
    'log -h',
  ];

  test.each(screens)('proof %s fits into it', async (line) => {
    const { code, shown } = await user.proofOnTerminal(line.split(' '));
    expect(code).toBe(0);
    for (const row of withoutColours(shown).split('\n')) expect(row.length).toBeLessThanOrEqual(80);
  });

  test('without a terminal nothing is cut: a line each, tab-separated, RFC 3339 in UTC', () => {
    const rows = user.proof('log').stdout.replace(/\n$/, '').split('\n');
    const fields = rows.map((row) => row.split('\t'));
    expect(fields.map((row) => row.length)).toEqual(fields.map(() => 7));
    expect(fields[0]).toEqual([
      'E1',
      expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      'task.opened',
      'human ada',
      long,
      'opened',
      '',
    ]);
  });

  test('a remark about the record is for people only', async () => {
    const { shown } = await user.proofOnTerminal(['run', '--', 'echo', 'hello']);
    expect(withoutColours(shown)).toMatch(/^hello\nproof: E\d+ echo hello → exit 0/);
    expect((await user.proofOnTerminal(['--quiet', 'run', '--', 'echo', 'hello'])).shown).toBe(
      'hello\n',
    );
    expect(user.proof('run', '--', 'echo', 'hello')).toMatchObject({
      stdout: 'hello\n',
      stderr: '',
    });
  });
});
