import { beforeAll, describe, expect, test } from 'vitest';
import { newUser } from './user.ts';

/** What is typed, the code of the error, the exit code, and what the three lines must name. */
const MISTAKES: [words: string, code: string, exit: number, names: string][] = [
  ['stauts', 'usage.unknown-command', 2, 'proof status'],
  ['task strat x', 'usage.unknown-command', 2, 'proof task start'],
  ['ledger nothing-like-it', 'usage.unknown-command', 2, 'proof help'],
  ['qqqqqqqq', 'usage.unknown-command', 2, 'proof help'],
  ['help stauts', 'usage.unknown-command', 2, 'proof help status'],
  ['log --folow', 'usage.unknown-flag', 2, '--follow'],
  ['log --zzzzzzzz', 'usage.unknown-flag', 2, 'proof log --help'],
  ['--jsno log', 'usage.unknown-flag', 2, ''],
  ['log --limit', 'usage.missing-value', 2, ''],
  ['log --limit many', 'usage.bad-value', 2, ''],
  ['log --limit 1.5', 'usage.bad-value', 2, 'whole number'],
  ['show E0 --output stdin', 'usage.bad-value', 2, 'stdout, stderr, terminal'],
  ['--color sometimes log', 'usage.bad-value', 2, 'auto, always or never'],
  ['note', 'usage.missing-argument', 2, 'proof note "'],
  ['note one two', 'usage.too-many-arguments', 2, 'quotes'],
  ['show 41', 'name.unreadable', 2, ''],
  ['show E99', 'entry.not-found', 1, ''],
  ['log T9', 'task.not-found', 1, 'proof task start'],
  ['task close', 'task.none-chosen', 1, 'proof task start'],
  ['show E0 --output stdout', 'show.no-stream', 1, ''],
  ['init', 'ledger.exists', 1, ''],
  ['completions powershell', 'usage.bad-value', 2, 'bash, zsh and fish'],
  ['-C /no/such/place log', 'usage.bad-value', 2, ''],
  ['log --ledger /no/such/place', 'ledger.not-found', 1, ''],
];

describe('errors', () => {
  const user = newUser();
  beforeAll(() => void user.proof('init'));

  test.each(MISTAKES)('proof %s', (typed, code, exit, names) => {
    const words = typed.split(' ');
    const said = user.proof(...words);
    expect({ exit: said.code, stdout: said.stdout }).toEqual({ exit, stdout: '' });
    // What happened, why, what to type; and no stack.
    expect(said.stderr).toMatch(/^proof: .+\n {2}why: {2}.+\n {2}type: .+\n$/);
    expect(said.stderr).toContain(names);

    const json = user.proof('--json', ...words);
    expect({ exit: json.code, stdout: json.stdout }).toEqual({ exit, stdout: '' });
    expect(JSON.parse(json.stderr)).toEqual({
      error: {
        code,
        exit,
        message: expect.stringMatching(/./),
        why: expect.stringMatching(/./),
        remedy: expect.stringMatching(/./),
      },
    });
  });

  test('a slip is suggested, never run', () => {
    expect(user.proof('init', '--json', '--ledger', user.dir).code).toBe(0);
    const before = user.proof('status', '--json').stdout;
    expect(user.proof('noet', 'x').code).toBe(2);
    expect(user.proof('status', '--json').stdout).toBe(before);
  });

  test('an empty text is refused without a word about schemas', () => {
    const { code, stderr } = user.proof('note', '');
    expect(code).toBe(2);
    expect(stderr).not.toMatch(/invalid|expected|zod/i);
  });

  test('--debug adds the place it came from', () => {
    expect(user.proof('show', 'E99', '--debug').stderr).toMatch(/\n {4}at /);
  });

  test('where proof run itself fails, it is 125: the code is the command’s otherwise', () => {
    expect(user.proof('run').code).toBe(125);
    expect(user.proof('run', '--zzz', '--', 'true').code).toBe(125);
    expect(user.proof('run', '--timeout', 'soon', '--', 'true').code).toBe(125);
    expect(user.proof('run', '--cwd', '/no/such/place', '--', 'true').code).toBe(125);
  });
});
