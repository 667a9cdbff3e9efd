import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { COMMAND, newUser } from '../acceptance/user.ts';
import { as, describeAsNobody, giveTo, NOBODY } from '../faults/nobody.ts';
import { errorOf, proof, shown } from './at-work.ts';

interface Attached {
  attached: {
    entry: string;
    task: string | null;
    on: string | null;
    name: string;
    type: string;
    bytes: number;
    lines: number | null;
    gaps: { at: number; bytes: number | null; why: string }[];
    masked: { rule: string; count: number }[];
    hash: string;
    exact: boolean;
    changedWhileRead: boolean;
  }[];
}

describe('proof attach', () => {
  const user = newUser();
  const file = (name: string, contents: string | Uint8Array) => {
    writeFileSync(join(user.repository, name), contents);
    return name;
  };
  const attach = async (words: string[], input?: string | Uint8Array) => {
    const done = await proof(
      user,
      ['attach', '--json', ...words],
      input === undefined ? {} : { input },
    );
    expect(done).toMatchObject({ code: 0, stderr: '' });
    return done.json<Attached>().attached;
  };
  const bytesOf = (entry: string, name = 'content') =>
    execFileSync(process.execPath, [COMMAND, 'show', entry, '--output', name], {
      cwd: user.repository,
      env: user.env,
      maxBuffer: 512 * 1024 * 1024,
    });

  beforeAll(() => {
    user.proof('init');
    user.proof('task', 'start', 'Fix the login');
  });

  test('a text file, a picture-like file and standard input come back byte for byte', async () => {
    const png = Buffer.concat([
      Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489', 'hex'),
      Buffer.from(Array.from({ length: 100_000 }, (_, i) => (i * 7919) % 256)),
    ]);
    const [log, picture] = await attach([file('build.log', 'one\ntwo\n'), file('page.png', png)]);
    expect(log).toMatchObject({
      name: 'build.log',
      type: 'text/plain',
      bytes: 8,
      lines: 2,
      exact: true,
      task: 'T1',
    });
    expect(picture).toMatchObject({
      type: 'image/png',
      bytes: png.length,
      lines: null,
      exact: true,
    });
    expect(bytesOf(picture!.entry).equals(png)).toBe(true);
    expect(bytesOf(log!.entry).toString()).toBe('one\ntwo\n');
    const [piped] = await attach(['-', '--name', 'page.png'], png);
    // The same bytes have the same keyed hash, wherever they came from.
    expect(piped).toMatchObject({ type: 'image/png', hash: picture!.hash });
    expect((await shown(user, piped!.entry)).body).toMatchObject({
      from: 'input',
      name: 'page.png',
    });
  });

  test('the entry says where it lay, when it was changed, and how its type is known', async () => {
    const [csv] = await attach([file('data.csv', 'a,b\n1,2\n')]);
    expect((await shown(user, csv!.entry)).body).toMatchObject({
      name: 'data.csv',
      from: 'file',
      path: join(user.repository, 'data.csv'),
      modified: expect.stringMatching(/^\d{4}-.*Z$/),
      type: 'text/csv',
      typeFrom: 'name',
      content: { blob: 'content', bytes: 8, gaps: [] },
      lines: 2,
    });
    const [given] = await attach(['data.csv', '--type', 'text/x-mine', '--name', 'mine']);
    expect((await shown(user, given!.entry)).body).toMatchObject({
      name: 'mine',
      typeFrom: 'given',
    });
  });

  test('a note, an entry it belongs to, its line in the log', async () => {
    user.proof('run', '--', 'true');
    const command = user.proof('log', '--all', '--json').stdout.trim().split('\n').length - 1;
    const [one] = await attach([
      file('x.txt', 'x\n'),
      '--on',
      `E${command}`,
      '--note',
      'as it was',
    ]);
    const entry = await shown(user, one!.entry);
    expect(entry.refs).toMatchObject([{ rel: 'on', entry: `E${command}` }]);
    expect(entry.notes).toMatchObject([{ text: 'as it was' }]);
    const row = user
      .proof('log')
      .stdout.split('\n')
      .find((line) => line.startsWith(`${one!.entry}\t`));
    expect(row?.split('\t').slice(2)).toEqual([
      'attachment',
      'human ada',
      'x.txt',
      'text/plain · 1 line',
      `E${command}`,
    ]);
    expect(user.proof('show', one!.entry).stdout).toContain('\n    x');
  });

  test('a secret in text is struck out; in a file that is no text that is said aloud', async () => {
    const secret = `hunter2${'x'.repeat(9)}`;
    const text = file('conf', `a\npassword=${secret}\nb\n`);
    const packed = file(
      'bad.bin',
      Buffer.concat([Buffer.from([0, 1, 2, 3, 255]), Buffer.from(`\npassword=${secret}\n`)]),
    );
    const [conf, bad] = await attach([text, packed]);
    expect(conf).toMatchObject({ exact: false, masked: [{ rule: 'password', count: 1 }] });
    expect(bytesOf(conf!.entry).toString()).toMatch(
      /^a\npassword=\[REDACTED:password:\w{8}\]\nb\n$/,
    );
    expect(bad).toMatchObject({ type: 'application/octet-stream', exact: false });
    const said = user.proof('attach', 'bad.bin');
    expect(said.stdout).toContain('no longer the same file');
  });

  test('UTF-16 is kept as UTF-8, because only there secrets are found', async () => {
    const secret = `correct-horse-${'9'.repeat(8)}`;
    const utf16 = Buffer.from(`\ufeffhello\r\npassword=${secret}\r\n`, 'utf16le');
    const [one] = await attach([file('win.log', utf16)]);
    expect(one).toMatchObject({ type: 'text/plain', bytes: utf16.length, lines: 2, exact: false });
    expect((await shown(user, one!.entry)).body.encoding).toBe('utf-16le');
    expect(bytesOf(one!.entry).toString()).toMatch(/^hello\r\npassword=\[REDACTED/);
  });

  test('of a file beyond the bound head and tail are kept, and the gap is said', async () => {
    const name = file('huge.bin', '');
    truncateSync(join(user.repository, name), 300 * 1024 * 1024);
    const [huge] = await attach([name]);
    expect(huge).toMatchObject({ bytes: 300 * 1024 * 1024, exact: false });
    expect(huge!.gaps).toEqual([
      { at: 248 * 1024 * 1024, bytes: 44 * 1024 * 1024, why: expect.stringContaining('bound') },
    ]);
    expect(user.proof('log').stdout).toContain('not whole');
  }, 120_000);

  test('an empty file, a file of the kernel, a link, a name with every sign in it', async () => {
    symlinkSync('build.log', join(user.repository, 'link'));
    const odd = file('a b\n\u001b[31m$(x)"\'.log', 'odd\n');
    const [empty, kernel, link, named] = await attach([
      file('empty', ''),
      '/proc/self/status',
      'link',
      odd,
    ]);
    expect(empty).toMatchObject({ bytes: 0, exact: true });
    expect((await shown(user, empty!.entry)).blobs).toEqual([]);
    expect(kernel).toMatchObject({ name: 'status', type: 'text/plain', changedWhileRead: false });
    expect(kernel!.bytes).toBeGreaterThan(100);
    expect(link).toMatchObject({ name: 'link', bytes: 8 });
    expect(named!.name).toBe(odd);
    expect(user.proof('log').stdout).not.toContain('\u001b');
    expect(user.proof('show', named!.entry).stdout).not.toContain('\u001b');
  });

  test('a log that is being written to is kept up to where it stood, and that is said', async () => {
    const log = join(user.repository, 'busy.log');
    writeFileSync(log, 'line\n'.repeat(2_000_000));
    const writer = spawnBusy(log);
    const [busy] = await attach(['busy.log']);
    writer.kill('SIGKILL');
    expect(busy!.bytes).toBeGreaterThanOrEqual(10_000_000);
    expect(busy!.changedWhileRead).toBe(true);
  });

  describe('what is no file is refused in three lines, and nothing is attached', () => {
    let socket: ReturnType<typeof createServer>;
    beforeAll(async () => {
      mkdirSync(join(user.repository, 'folder'));
      spawnSync('mkfifo', [join(user.repository, 'fifo')]);
      symlinkSync('loop', join(user.repository, 'loop'));
      socket = createServer();
      await new Promise<void>((resolve) => socket.listen(join(user.repository, 'sock'), resolve));
    });
    afterAll(() => void socket.close());

    test.each([
      ['nope', 'attach.not-found'],
      ['build.log/x', 'attach.not-found'],
      ['loop', 'attach.not-found'],
      ['folder', 'attach.directory'],
      ['fifo', 'attach.not-a-file'],
      ['sock', 'attach.not-a-file'],
      ['/dev/null', 'attach.not-a-file'],
      ['/dev/zero', 'attach.not-a-file'],
    ])('%s: %s', async (path, code) => {
      const { ledger: before } = user.proof('status', '--json').json() as {
        ledger: { size: number };
      };
      // A good one before it: all or nothing.
      const done = await proof(user, ['attach', 'build.log', path, '--json']);
      expect(done.code).toBe(1);
      expect(errorOf(done)).toMatchObject({ code, exit: 1 });
      const { ledger: after } = user.proof('status', '--json').json() as {
        ledger: { size: number };
      };
      expect(after.size).toBe(before.size);
    });

    test.each([
      [['build.log', '--type', 'nonsense'], 'attach.bad-type'],
      [['build.log', 'x.txt', '--name', 'both'], 'attach.one-name'],
      [['build.log', '--name', ' '], 'attach.bad-name'],
      [['build.log', '--for', '3s'], 'usage.bad-value'],
      [['build.log', '--follow', '--for', 'soon'], 'usage.bad-value'],
      [['-', '--follow'], 'attach.follow-input'],
      [['build.log', '--on', 'E999'], 'entry.not-found'],
      [[], 'usage.missing-argument'],
    ])('%j: %s', async (words, code) => {
      expect(errorOf(await proof(user, ['attach', ...words, '--json'])).code).toBe(code);
    });
  });

  test('an archive is told by its first bytes, whatever its name', async () => {
    const [packed] = await attach([file('notes.txt', gzipSync('x'.repeat(1000)))]);
    expect(packed).toMatchObject({ type: 'application/gzip', lines: null });
  });

  test('all of it verifies', () => {
    expect(user.proof('verify').code).toBe(0);
    expect(readFileSync(join(user.repository, 'build.log'), 'utf8')).toBe('one\ntwo\n');
  });
});

describeAsNobody('as a user whom permissions bind', () => {
  const user = newUser();
  test('a file that may not be read: attach.unreadable', () => {
    writeFileSync(join(user.repository, 'theirs'), 'x');
    chmodSync(join(user.repository, 'theirs'), 0o600);
    giveTo(NOBODY, user.dir);
    spawnSync('chown', ['0:0', join(user.repository, 'theirs')]);
    const run = (...words: string[]) => {
      const [program = '', ...rest] = [...as(NOBODY), process.execPath, COMMAND, ...words];
      return spawnSync(program, rest, { cwd: user.repository, env: user.env, encoding: 'utf8' });
    };
    expect(run('init').status).toBe(0);
    const { status, stderr } = run('attach', 'theirs', '--json');
    expect(status).toBe(1);
    expect(JSON.parse(stderr).error.code).toBe('attach.unreadable');
  });
});

function spawnBusy(path: string) {
  const program = `const fs = require('node:fs'); const end = Date.now() + 20000;
    while (Date.now() < end) { fs.appendFileSync(process.argv[1], 'more\\n'); }`;
  return spawn(process.execPath, ['-e', program, path]);
}
