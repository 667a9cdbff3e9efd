import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { describeWithMounts, type SmallDisk, smallDisk } from './mounts.ts';
import {
  gaps,
  log,
  runsRecorded,
  runsUnrecorded,
  stillRuns,
  THREE_LINES,
  verified,
  type Workspace,
  workspace,
} from './workspace.ts';

describeWithMounts('a full disk', () => {
  let disk: SmallDisk;
  let at: Workspace;
  beforeEach(() => {
    disk = smallDisk(24);
  });
  afterEach(() => {
    // First: a workspace that could not be made must not leave a mounted disk behind.
    disk.unmount();
    at?.remove();
  });

  /** A ledger with a task and a command on that disk. */
  function begun(options: { git?: boolean } = {}): Workspace {
    at = workspace({ ...options, under: disk.dir });
    expect(at.proof(['task', 'start', 'before', '--json']).code).toBe(0);
    expect(at.proof(['run', '--', 'echo', 'before']).code).toBe(0);
    return at;
  }

  test('proof run runs the command, says so in three lines, and leaves a gap', () => {
    begun();
    disk.fill();
    runsUnrecorded(at);
    runsUnrecorded(at);
    disk.free();
    runsRecorded(at, { gaps: 2 });
    for (const { task, body } of gaps(at)) {
      expect({ task, what: body.what, exit: body.exit, program: body.argv[0] }).toEqual({
        task: 'T1',
        what: 'command',
        exit: { code: 7, signal: null },
        program: 'sh',
      });
      expect(Date.parse(body.to)).toBeGreaterThanOrEqual(Date.parse(body.from));
    }
    verified(at);
    expect(readdirSync(join(at.ledgerDir, 'spool'))).toEqual([]);
    expect(readdirSync(join(at.ledgerDir, 'blobs', 'tmp'))).toEqual([]);
  });

  test('outside git just as well', () => {
    begun({ git: false });
    disk.fill();
    runsUnrecorded(at);
    disk.free();
    expect(at.proof(['note', 'free again', '--json']).code).toBe(0);
    expect(gaps(at).map(({ body }) => body.exit)).toEqual([{ code: 7, signal: null }]);
    verified(at);
  });

  test('reading works, and what cannot be written is refused by its code', () => {
    begun();
    const before = log(at);
    disk.fill();
    expect(log(at)).toEqual(before);
    verified(at);
    for (const words of [['status'], ['show', 'E2'], ['task', 'list'], ['ledger', 'key']]) {
      expect(at.proof([...words, '--json'])).toMatchObject({ code: 0, stderr: '' });
    }
    for (const words of [
      ['note', 'x'],
      ['decide', 'x'],
      ['task', 'start', 'y'],
      ['task', 'plan', 'a', 'b'],
      ['task', 'close'],
    ]) {
      const { code, error, stdout } = at.proof([...words, '--json']);
      expect({ words, code, stdout, error: error?.code }).toEqual({
        words,
        code: 1,
        stdout: '',
        error: 'ledger.disk-full',
      });
      expect(at.proof(words).stderr).toMatch(THREE_LINES);
    }
    disk.free();
    expect(log(at)).toEqual(before);
    verified(at);
    expect(at.proof(['note', 'free again', '--json']).code).toBe(0);
    verified(at);
  });

  test('an init that found no room is completed by the next one', () => {
    at = workspace({ under: disk.dir, init: false });
    disk.fill();
    expect(at.proof(['init', '--json'])).toMatchObject({
      code: 1,
      error: { code: 'ledger.disk-full' },
    });
    stillRuns(at);
    disk.free();
    expect(at.proof(['init', '--json'])).toMatchObject({ code: 0, stderr: '' });
    expect(readdirSync(join(at.configDir, 'keys'))).toHaveLength(1);
    runsRecorded(at, { gaps: 1 });
    verified(at);
  });

  test('a disk for the key that is full: nothing is begun', () => {
    at = workspace({ under: disk.dir, init: false });
    const env = { XDG_CONFIG_HOME: join(disk.dir, 'config') };
    disk.fill();
    const { code, error } = at.proof(['init', '--json', '--ledger', join(at.home, 'l')], { env });
    expect({ code, error: error?.code }).toEqual({ code: 1, error: 'ledger.key-unwritable' });
    disk.free();
    expect(at.proof(['init', '--json', '--ledger', join(at.home, 'l')], { env }).code).toBe(0);
  });

  test('in the middle of a large output: all of it reaches the user, the entry says what it lacks', () => {
    begun();
    disk.fillUpTo(1024 * 1024);
    const lines = 'head -c 6000000 /dev/urandom | base64; exit 5';
    const direct = at.proof(['run', '--', 'sh', '-c', lines]);
    expect({ code: direct.code, bytes: direct.bytes.length }).toEqual({
      code: 5,
      bytes: 8_105_264,
    });
    expect(direct.stderr).toMatch(THREE_LINES);
    const [entry] = log(at).filter(({ body }) => body.exit?.code === 5);
    expect(entry?.kind).toBe('command');
    const [stdout] = entry?.body.streams ?? [];
    expect(stdout).toMatchObject({ name: 'stdout', bytes: 8_105_264 });
    expect(stdout.gaps).toMatchObject([{ at: 0, bytes: null }]);
    expect(entry?.blobs.map(({ name }) => name)).not.toContain('stdout');
    verified(at);
    // The half of it that was on the disk is not: the command may need the room.
    expect(readdirSync(join(at.ledgerDir, 'blobs', 'tmp'))).toEqual([]);
    disk.free();
    runsRecorded(at);
    verified(at);
  });

  test('filled by the command itself while it runs', () => {
    begun();
    disk.fillUpTo(4 * 1024 * 1024);
    const { code, stdout, stderr } = at.proof([
      'run',
      '--',
      'sh',
      '-c',
      `echo before; cat /dev/zero > ${join(disk.dir, 'more')} 2>/dev/null; echo after; exit 9`,
    ]);
    expect({ code, stdout }).toEqual({ code: 9, stdout: 'before\nafter\n' });
    expect(stderr).toMatch(THREE_LINES);
    disk.free();
    expect(at.shell(`rm ${join(disk.dir, 'more')}`).code).toBe(0);
    expect(at.proof(['note', 'free again', '--json']).code).toBe(0);
    const [gap] = gaps(at);
    expect(gap?.body).toMatchObject({ what: 'command', exit: { code: 9, signal: null } });
    verified(at);
  });
});
