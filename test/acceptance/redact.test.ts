import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawn } from '@lydell/node-pty';
import { beforeAll, describe, expect, test } from 'vitest';
import { COMMAND, newUser, type User } from './user.ts';

/** Built here, so that it stands in no file of the repository in one piece. */
const PLANTED = ['a', 'private', 'thing', 'k3'].join('-');

describe('taking bytes out of the record', () => {
  const user = newUser();
  const ledger = join(user.repository, '.git', 'proof');
  const show = (entry: string) => user.proof('show', entry, '--json').json() as Shown;

  beforeAll(() => {
    user.proof('init');
    user.proof('task', 'start', `Look after ${PLANTED}`);
    for (const _ of [1, 2]) user.proof('run', '--', 'sh', '-c', `echo ${PLANTED}`);
    user.proof('note', `it said ${PLANTED}`, '--on', 'E2');
    user.proof('rebuild');
  });

  test.each([
    ['no', 5, ''],
    ['yes', 0, 'redacted E5'],
  ])('is asked about at a terminal: %s', async (answer, code, shown) => {
    user.proof('note', 'not private', '--json');
    const words = ['redact', 'E5', '--because', 'x'];
    const told = await answerAtTerminal(user, words, 'Type yes', answer);
    expect(told.text).toContain('E5');
    expect(told.text).toContain(shown);
    expect(told.exit).toBe(code);
  });

  test('needs --yes without one', () => {
    const { code, stderr } = user.proof('redact', 'E2', '--because', 'x', '--json');
    expect({ code, stays: here() }).toEqual({ code: 5, stays: true });
    expect(JSON.parse(stderr).error).toMatchObject({ code: 'confirm.nobody', exit: 5 });
  });

  test.each([{ CLAUDECODE: '1' }, { CI: 'true' }, { PROOF_ACTOR: 'agent:codex' }])(
    'is not for %o',
    (env) => {
      const words = ['redact', 'E2', '--because', 'x', '--yes', '--json'];
      const { code, stderr } = user.proofIn({ env: env as Record<string, string> }, ...words);
      expect({ code, stays: here() }).toEqual({ code: 4, stays: true });
      expect(JSON.parse(stderr).error.code).toBe('actor.not-human');
    },
  );

  test('takes output from every entry that has the same, and each shows why', () => {
    const done = user.proof(
      ...['redact', 'E2', '--blob', 'stdout', '--because', 'it is private', '--yes', '--json'],
    );
    expect(done.json()).toMatchObject({
      redacted: [
        { entry: 'E2', blob: 'stdout' },
        { entry: 'E3', blob: 'stdout' },
      ],
      said: ['E8'],
      left: null,
    });
    for (const entry of ['E2', 'E3']) {
      expect(show(entry)).toMatchObject({
        intact: true,
        plain: '',
        holes: [{ blob: 'stdout', by: 'E8', kind: 'redacted', because: 'it is private' }],
      });
    }
    expect(user.proof('show', 'E3').stdout).toContain('redacted by E8: it is private');
    const bytes = user.proof('show', 'E3', '--output', 'stdout', '--json');
    expect(JSON.parse(bytes.stderr).error.code).toBe('blob.gone');
  });

  test('takes whole entries, the goal of a task and the notes of their runs with them', () => {
    const { run } = show('E2').body as { run: string };
    mkdirSync(join(ledger, 'spool'), { recursive: true });
    const left = {
      run,
      pid: process.pid,
      pidStart: null,
      task: null,
      size: 3,
      gap: { argv: [PLANTED] },
    };
    writeFileSync(join(ledger, 'spool', `${run}.json`), JSON.stringify(left));
    const { code } = user.proof(
      ...['redact', 'E1', 'E2', 'E3', 'E4', '--because', 'it is private', '--yes'],
    );
    expect(code).toBe(0);
    expect(filesWith(PLANTED)).toEqual([]);
    for (const words of [
      ['log'],
      ['log', '--all', '--json'],
      ['status', '--json'],
      ['task', 'list'],
    ])
      expect(user.proof(...words)).toMatchObject({ code: 0, stderr: '' });
    expect(user.proof('status', '--json').json()).toMatchObject({
      task: { name: 'T1', goal: '(redacted)', commands: 2, notes: 3, entries: 9 },
    });
    expect(show('E4')).toMatchObject({
      kind: 'note',
      task: 'T1',
      n: 4,
      body: null,
      gone: { by: 'E9', because: 'it is private', actor: { kind: 'human', name: 'ada' } },
    });
    const log = user.proof('log').stdout;
    expect(log).toMatch(/^E4\t.*\tnote\t.*redacted because it is private\tby E9/m);
    expect(user.proof('verify').stdout).toContain('E4, redacted by E9');
    expect(user.proof('verify').code).toBe(0);
  });

  test('goes on afterwards, in the same task', () => {
    user.proof('note', 'after it');
    expect(show('E10')).toMatchObject({ task: 'T1', n: 10 });
    expect(user.proof('verify').code).toBe(0);
    expect(user.proof('redact', 'E9', '--because', 'x', '--yes', '--json').stderr).toContain(
      'redact.protected',
    );
  });

  test('a copy that was put back is said, and taken out again', () => {
    user.proof('run', '--', 'echo', 'put back');
    const aside = join(user.dir, 'aside');
    cpSync(join(ledger, 'blobs'), aside, { recursive: true });
    user.proof('redact', 'E11', '--blob', 'stdout', '--because', 'x', '--yes');
    cpSync(aside, join(ledger, 'blobs'), { recursive: true });
    const remains = () => (user.proof('verify', '--json').json() as { remains: object[] }).remains;
    expect(remains()).toContainEqual({ entry: 'E11', blob: 'stdout', by: 'E12', kind: 'redacted' });
    expect(user.proof('doctor', '--fix').stdout).toMatch(/redaction.*put right/);
    expect(remains()).toEqual([]);
  });

  function here(): boolean {
    return filesWith(PLANTED).length > 0 && (show('E2').plain ?? '').includes(PLANTED);
  }

  function filesWith(text: string): string[] {
    return (readdirSync(ledger, { recursive: true }) as string[])
      .filter((name) => statSync(join(ledger, name)).isFile())
      .filter((name) => readFileSync(join(ledger, name)).includes(text));
  }
});

/** Waits for the question, types the answer; resolves with all that was shown and the exit code. */
function answerAtTerminal(
  { repository, env }: User,
  words: readonly string[],
  question: string,
  answer: string,
): Promise<{ exit: number; text: string }> {
  const terminal = spawn(process.execPath, [COMMAND, ...words], { cwd: repository, env, cols: 90 });
  let text = '';
  let asked = false;
  terminal.onData((data) => {
    text += data;
    if (asked || !text.includes(question)) return;
    asked = true;
    terminal.write(`${answer}\r`);
  });
  return new Promise((resolve) => {
    terminal.onExit(({ exitCode }) => resolve({ exit: exitCode, text }));
  });
}

interface Shown {
  body: unknown;
  plain: string | null;
  intact: boolean;
  holes: object[];
}
