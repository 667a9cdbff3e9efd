import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { describeWithMounts, readOnly } from './mounts.ts';
import { begin } from './processes.ts';
import {
  gaps,
  log,
  NODE,
  runsRecorded,
  runsUnrecorded,
  THREE_LINES,
  verified,
  type Workspace,
  workspace,
} from './workspace.ts';

describeWithMounts('a read-only disk', () => {
  let at: Workspace;
  let writable = () => {};
  beforeEach(() => {
    at = workspace();
    expect(at.proof(['task', 'start', 'before', '--json']).code).toBe(0);
    expect(at.proof(['run', '--', 'echo', 'before']).code).toBe(0);
  });
  afterEach(() => {
    writable();
    at.remove();
  });

  test('reading works, writing is refused by its code, commands run', () => {
    const before = log(at);
    writable = readOnly(at.root);
    expect(log(at)).toEqual(before);
    verified(at);
    for (const words of [['status'], ['show', 'E2'], ['task', 'list']]) {
      expect(at.proof([...words, '--json'])).toMatchObject({ code: 0, stderr: '' });
    }
    const doctor = JSON.parse(at.proof(['doctor', '--json']).stdout);
    expect(doctor.findings).toContainEqual(
      expect.objectContaining({ check: 'ledger', state: 'ok' }),
    );
    for (const [words, expected] of [
      [['note', 'x'], 'ledger.unwritable'],
      [['task', 'start', 'y'], 'ledger.unwritable'],
      [['rebuild'], 'ledger.unwritable'],
      [['init'], 'ledger.exists'],
    ] as const) {
      const { code, error } = at.proof([...words, '--json']);
      expect({ words, code, error: error?.code }).toEqual({ words, code: 1, error: expected });
      expect(at.proof(words).stderr).toMatch(THREE_LINES);
    }
    runsUnrecorded(at);
    writable();
    // Nothing could be written, not even a note: the record is as it was, and goes on.
    expect(log(at)).toEqual(before);
    runsRecorded(at);
    verified(at);
  });

  test('the key’s disk alone: what is there is read, and signed no more', () => {
    writable = readOnly(at.home);
    runsRecorded(at);
    verified(at);
    const plain = workspace({ init: false });
    const { code, error } = plain.proof(['init', '--json'], {
      env: { XDG_CONFIG_HOME: join(at.home, 'other') },
    });
    expect({ code, error: error?.code }).toEqual({ code: 1, error: 'ledger.key-unwritable' });
    plain.remove();
  });

  test('a first init there makes nothing', () => {
    const plain = workspace({ init: false });
    const back = readOnly(plain.dir);
    const { code, error } = plain.proof(['init', '--json']);
    expect({ code, error: error?.code }).toEqual({ code: 1, error: 'ledger.unwritable' });
    runsUnrecorded(plain);
    back();
    expect(plain.proof(['init', '--json']).code).toBe(0);
    expect(gaps(plain)).toEqual([]);
    plain.remove();
  });

  test('entries that stand in the write-ahead log alone are read, or missed aloud', async () => {
    const append = join(import.meta.dirname, 'append.ts');
    const running = begin([NODE, append, at.ledgerDir, at.configDir, 'w', '0'], {
      cwd: at.dir,
      env: at.env,
    });
    running.child.stdin?.write('go\n');
    await running.said('ack ');
    running.child.kill('SIGKILL');
    const { stdout } = await running.finished;
    const acks = [...stdout.matchAll(/^ack (\d+) (.*)$/gm)];
    writable = readOnly(at.root);
    const entries = log(at);
    for (const [, seq, text] of acks) expect(entries[Number(seq)]?.body.text).toBe(text);
    verified(at);
    writable();
    // Without the shared-memory file, as after a copy, that log cannot be read without writing.
    rmSync(join(at.ledgerDir, 'ledger.db-shm'));
    writable = readOnly(at.root);
    for (const words of [['log', '--all'], ['verify'], ['status']]) {
      const { code, error, stdout: said } = at.proof([...words, '--json']);
      expect({ words, code, said, error: error?.code }).toEqual({
        words,
        code: 1,
        said: '',
        error: 'ledger.unreadable',
      });
    }
    writable();
    expect(log(at)).toEqual(entries);
    verified(at);
  });
});
