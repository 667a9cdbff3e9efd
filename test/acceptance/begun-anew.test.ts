import { cpSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { beforeAll, describe, expect, test } from 'vitest';
import { newUser } from './user.ts';

interface Former {
  former: { ledger: string; entries: number | null; lastSeen: string | null }[];
}

describe('a ledger that was thrown away and begun anew', () => {
  const user = newUser();
  const dir = join(user.repository, '.git', 'proof');
  const former = (...words: string[]) => (user.proof(...words, '--json').json() as Former).former;
  let first: string;

  beforeAll(() => {
    first = (user.proof('init', '--json').json() as { ledger: string }).ledger;
    user.proof('note', 'what somebody did not like');
    rmSync(dir, { recursive: true });
  });

  test('gone, it is missed', () => {
    expect(user.proof()).toMatchObject({ code: 1, stdout: '' });
    for (const words of [['status'], []]) {
      const { code, stderr } = user.proof(...words, '--json');
      expect(code).toBe(1);
      expect(JSON.parse(stderr).error).toMatchObject({
        code: 'ledger.not-found',
        message: 'The ledger that stood here is gone',
        why: expect.stringContaining(first.slice(0, 12)),
      });
    }
  });

  test('init, status, verify and doctor say so, the first entry too, every time', () => {
    const made = user.proof('init', '--json').json() as Former;
    const was = { ledger: first, entries: 2, lastSeen: expect.stringMatching(/^20/) };
    expect(made.former).toEqual([was]);
    expect(user.proof('show', 'E0', '--json').json()).toMatchObject({
      body: { before: { ledger: first, size: 2 } },
    });
    user.proof('note', 'as if nothing had been');
    for (const words of [['status'], ['verify'], ['verify']])
      expect(former(...words)).toEqual([was]);
    expect(user.proof('verify').code).toBe(0);
    for (const command of ['status', 'verify', 'doctor'])
      expect(user.proof(command).stdout).toContain(
        `another ledger stood here: ${first.slice(0, 12)}`,
      );
  });

  test('only a person accepts it, and that is on record', () => {
    const asAgent = user.proofIn({ env: { CLAUDECODE: '1' } }, 'ledger', 'accept');
    expect(asAgent.code).toBe(4);
    expect(former('status')).toHaveLength(1);
    const { entry } = user
      .proof('ledger', 'accept', '--because', 'cloned anew', '--json')
      .json() as { entry: string };
    expect(user.proof('show', entry, '--json').json()).toMatchObject({
      kind: 'decision',
      body: { text: expect.stringContaining(first), because: 'cloned anew' },
    });
    expect([former('status'), former('verify')]).toEqual([[], []]);
    expect(user.proof('ledger', 'accept').code).toBe(1);
  });

  test('the old one put back is the other one again', () => {
    const aside = join(user.dir, 'aside');
    cpSync(dir, aside, { recursive: true });
    rmSync(dir, { recursive: true });
    user.proof('init');
    user.proof('note', 'x');
    rmSync(dir, { recursive: true });
    cpSync(aside, dir, { recursive: true });
    expect(user.proof('note', 'back').code).toBe(0);
    expect(former('status')).toHaveLength(1);
  });

  test('a record that cannot be read is no trouble', () => {
    const places = join(user.env.XDG_CONFIG_HOME as string, 'prooflayer', 'places');
    for (const name of readdirSync(places)) writeFileSync(join(places, name), '{"place":1');
    expect(former('status')).toEqual([]);
    expect(user.proof('note', 'x').code).toBe(0);
  });
});

describe('an entry that was altered', () => {
  const user = newUser();

  test('is marked wherever it is shown', async () => {
    user.proof('init');
    user.proof('task', 'start', 'Look');
    user.proof('note', 'all is well');
    user.proof('run', '--', 'false');
    user.proof('note', 'and on');
    const db = new DatabaseSync(join(user.repository, '.git', 'proof', 'ledger.db'));
    db.exec(`UPDATE entry SET json = replace(json, 'well', 'lost') WHERE seq = 2`);
    const where = `json LIKE '%"kind":"command"%'`;
    db.exec(`UPDATE entry SET json = replace(json, '"code":1', '"code":0') WHERE ${where}`);
    db.close();
    const rows = user.proof('log', '--json').stdout.trim().split('\n');
    const intact = rows.map((row) => JSON.parse(row) as { kind: string; intact: boolean });
    expect(intact.filter((row) => !row.intact).map(({ kind }) => kind)).toEqual([
      'note',
      'command',
    ]);
    expect(user.proof('log').stdout.match(/altered \(proof verify\)/g)).toHaveLength(2);
    const { altered, next } = user.proof('status', '--json').json() as {
      altered: string[];
      next: string;
    };
    expect({ altered, next }).toEqual({
      altered: [expect.stringMatching(/^E\d+$/)],
      next: 'proof verify',
    });
    expect((await user.proofOnTerminal(['status'])).shown).toContain('is not what was recorded');
  });
});
