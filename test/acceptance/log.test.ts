import { once } from 'node:events';
import { beforeAll, describe, expect, test } from 'vitest';
import { newUser } from './user.ts';

interface Line {
  name: string;
  kind: string;
  on: string | null;
  follows: boolean;
  task: string | null;
}

describe('proof log', () => {
  const user = newUser();
  const log = (...words: string[]) =>
    user
      .proof('log', '--json', ...words)
      .stdout.trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Line);
  const names = (...words: string[]) => log(...words).map(({ name }) => name);

  beforeAll(() => {
    user.proof('init'); // E0
    user.proof('task', 'start', 'First'); // E1
    user.proof('run', '--', 'false'); // E2
    user.proof('run', '--', 'true'); // E3
    user.proof('note', 'about the failing one', '--on', 'E2'); // E4
    user.proof('note', 'about the task'); // E5
    user.proof('decide', 'go on', '--on', 'E2'); // E6
    user.proof('note', 'about the note', '--on', 'E4'); // E7
    user.proof('task', 'start', 'Second'); // E8
    user.proof('note', 'later, on the first', '--on', 'E3'); // E9, in T1
  });

  test('shows what annotates an entry straight after it', () => {
    expect(log('T1').map(({ name, on, follows }) => [name, on, follows])).toEqual([
      ['E1', null, false],
      ['E2', null, false],
      ['E4', 'E2', true],
      ['E7', 'E4', true],
      ['E6', 'E2', true],
      ['E3', null, false],
      ['E9', 'E3', true],
      ['E5', null, false],
    ]);
  });

  test('is that of the chosen task, of a named one, or of all', () => {
    expect(names()).toEqual(['E8']);
    expect(names('--task', 'E2')).toEqual(names('T1'));
    expect(names('--all').sort()).toEqual([
      'E0',
      'E1',
      'E2',
      'E3',
      'E4',
      'E5',
      'E6',
      'E7',
      'E8',
      'E9',
    ]);
    expect(names('--all', '--limit', '2')).toEqual(['E8', 'E9']);
    expect(log('--all', '-n', '1')).toMatchObject([{ name: 'E9', task: 'T1', follows: false }]);
  });

  test('--follow shows what is appended while it waits, and ends on an interrupt', async () => {
    const follower = user.start(['log', '--follow', '--json']);
    let text = '';
    follower.stdout?.setEncoding('utf8').on('data', (data: string) => {
      text += data;
    });
    const until = async (name: string) => {
      for (const end = Date.now() + 10_000; !text.includes(`{"name":"${name}"`); )
        if (Date.now() > end) throw new Error(`${name} was not shown`);
        else await new Promise((done) => setTimeout(done, 20));
    };
    await until('E8');
    user.proof('note', 'somewhere else', '--task', 'T1'); // E10: not of this task
    user.proof('note', 'a new one'); // E11
    const appended = Date.now();
    await until('E11');
    expect(Date.now() - appended).toBeLessThan(5_000);
    expect(text).not.toContain('"E10"');

    follower.kill('SIGINT');
    const [code, signal] = await once(follower, 'exit');
    expect([0, 130, 'SIGINT']).toContain(signal ?? code);
  });

  test('a reader that goes away ends it quietly', async () => {
    const writer = user.start(['log', '--all', '--json']);
    writer.stdout?.destroy();
    let errors = '';
    writer.stderr?.on('data', (data) => {
      errors += data;
    });
    await once(writer, 'close');
    expect(errors).toBe('');
  });
});
