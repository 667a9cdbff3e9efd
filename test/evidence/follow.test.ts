import { appendFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { newUser } from '../acceptance/user.ts';
import { errorOf, proof, shown } from './at-work.ts';

const moment = (ms = 300) => new Promise((resolve) => setTimeout(resolve, ms));

describe('proof attach --follow', () => {
  const user = newUser();
  const path = (name: string) => join(user.repository, name);
  const append = (name: string, text: string) => appendFileSync(path(name), text);
  const running = async () =>
    (user.proof('status', '--json').json() as { ledger: { running: { command: string }[] } }).ledger
      .running;
  /** Until the command says in the ledger's directory that it is at work. */
  const atWork = async (count = 1) => {
    while ((await running()).length < count) await moment(50);
    await moment();
  };
  const last = () => {
    const { ledger } = user.proof('status', '--json').json() as { ledger: { size: number } };
    return `E${ledger.size - 1}`;
  };

  beforeAll(() => {
    user.proof('init');
    user.proof('task', 'start', 'Watch it');
  });

  test('from now on, for a time, with the time of each piece, through a rotation', async () => {
    writeFileSync(path('app.log'), 'before\n');
    const following = proof(user, ['attach', 'app.log', '--follow', '--for', '4s', '--json']);
    await atWork();
    append('app.log', 'one\n');
    await moment(600);
    append('app.log', 'two, half');
    await moment(600);
    append('app.log', ' done\n');
    renameSync(path('app.log'), path('app.log.1'));
    writeFileSync(path('app.log'), 'three\n');
    const done = await following;
    expect(done.code).toBe(0);
    const entry = await shown(user, last());
    expect(entry.plain).toBe('one\ntwo, half done\nthree\n');
    expect(entry.body).toMatchObject({
      lines: 3,
      content: { bytes: 25, gaps: [] },
      followed: {
        end: 'time',
        skipped: 7,
        events: [{ what: 'replaced', at: 19 }],
        durationMicros: expect.any(Number),
      },
    });
    expect(entry.body.followed.durationMicros).toBeGreaterThan(3_900_000);
    expect(entry.blobs.map(({ name }) => name)).toEqual(['content', 'timing']);
    // Microseconds since the piece before, and bytes of the masked text.
    const timing = user.proof('show', last(), '--output', 'timing').stdout.trim().split('\n');
    const pieces = timing.map((line) => /^(\d+) o (\d+)$/.exec(line)?.slice(1).map(Number) ?? []);
    expect(pieces.reduce((sum, [, bytes = 0]) => sum + bytes, 0)).toBe(25);
    expect(pieces[0]?.[1]).toBe(4);
    expect(pieces[1]?.[0]).toBeGreaterThan(300_000);
  });

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    '%s ends it, and what came is kept',
    async (signal) => {
      writeFileSync(path('s.log'), 'old 1\nold 2\n');
      const following = proof(user, [
        'attach',
        's.log',
        '--follow',
        '--lines',
        '1',
        '--note',
        signal,
      ]);
      await atWork();
      append('s.log', 'new\n');
      await moment();
      following.kill(signal);
      expect(await following).toMatchObject({ code: 0, signal: null });
      const entry = await shown(user, `E${Number(last().slice(1)) - 1}`);
      expect(entry).toMatchObject({ plain: 'old 2\nnew\n', notes: [{ text: signal }] });
      expect(entry.body.followed.end).toBe('stopped');
    },
  );

  test('cut short: it goes on, and the entry has a gap there', async () => {
    writeFileSync(path('c.log'), '');
    const following = proof(user, ['attach', 'c.log', '--follow']);
    await atWork();
    append('c.log', 'a long first line\n');
    await moment();
    writeFileSync(path('c.log'), 'short\n');
    await moment();
    following.kill('SIGINT');
    const { stdout } = await following;
    expect(stdout).toContain('cut short');
    const { body } = await shown(user, last());
    expect(body.content.gaps).toEqual([
      { at: 18, bytes: null, why: expect.stringContaining('cut short') },
    ]);
  });

  test('several at once, each its own entry; a secret in pieces is struck out', async () => {
    const secret = `ghp_${'x1Y2'.repeat(9)}`;
    writeFileSync(path('a.log'), '');
    writeFileSync(path('b.log'), '');
    const following = proof(user, ['attach', 'a.log', 'b.log', '--follow', '--json']);
    await atWork(2);
    for (const piece of ['token=', ...secret.match(/.{1,7}/g)!, '\n']) {
      append('a.log', piece);
      await moment(120);
    }
    append('b.log', 'b\n');
    await moment();
    following.kill('SIGINT');
    const { attached } = (await following).json<{
      attached: { entry: string; name: string; exact: boolean }[];
    }>();
    expect(attached).toMatchObject([
      { name: 'a.log', exact: false },
      { name: 'b.log', exact: true },
    ]);
    expect((await shown(user, attached[0]!.entry)).plain).toMatch(
      /^token=\[REDACTED:[\w-]+:\w{8}\]\n$/,
    );
  });

  test('killed outright: what it brought is lost, and a gap says so', async () => {
    writeFileSync(path('k.log'), '');
    const following = proof(user, ['attach', 'k.log', '--follow']);
    await atWork();
    append('k.log', 'lost\n');
    await moment();
    following.kill('SIGKILL');
    await following;
    user.proof('note', 'afterwards');
    const rows = user
      .proof('log', '--json')
      .stdout.trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(rows.at(-2)).toMatchObject({
      kind: 'gap',
      task: 'T1',
      body: { what: 'attachment', argv: ['proof', 'attach', '--follow', path('k.log')] },
    });
    expect(await running()).toEqual([]);
  });

  test('nothing came: an entry that says so', async () => {
    writeFileSync(path('quiet.log'), 'x\n');
    const { stdout, code } = await proof(user, [
      'attach',
      'quiet.log',
      '--follow',
      '--for',
      '300ms',
    ]);
    expect(code).toBe(0);
    expect(stdout).toContain('nothing came');
  });

  test('a name that is wrong shows at once, and leaves no gap', async () => {
    const done = await proof(user, ['attach', 'quiet.log', 'nope', '--follow', '--json']);
    expect(errorOf(done).code).toBe('attach.not-found');
    expect(user.proof('note', 'x').code).toBe(0);
    expect(user.proof('verify').code).toBe(0);
  });
});
