import {
  copyFileSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { begin } from './processes.ts';
import {
  gaps,
  NODE,
  runsRecorded,
  runsUnrecorded,
  stillRuns,
  THREE_LINES,
  verified,
  type Workspace,
  workspace,
} from './workspace.ts';

const READING = [['status'], ['log', '--all'], ['show', 'E2'], ['verify']];
const WRITING = [['note', 'x']];

describe('a ledger that is not as it should be', () => {
  let at: Workspace;
  beforeEach(() => {
    at = workspace();
    expect(at.proof(['task', 'start', 'before', '--json']).code).toBe(0);
    expect(at.proof(['run', '--', 'echo', 'before']).code).toBe(0);
    for (let i = 0; i < 6; i++) {
      expect(at.proof(['note', `${i}`.repeat(3000), '--json']).code).toBe(0);
    }
  });
  afterEach(() => at.remove());

  const file = () => join(at.ledgerDir, 'ledger.db');

  function refuses(words: readonly string[], code: string, exit: number): void {
    const ran = at.proof([...words, '--json']);
    expect({ words, code: ran.code, error: ran.error?.code }).toEqual({
      words,
      code: exit,
      error: code,
    });
  }

  /** Every command says the same, the user's own runs, and what it lacks is noted. */
  function allRefuse(code: string, exit: number): void {
    for (const words of [...READING, ...WRITING]) refuses(words, code, exit);
    expect(at.proof(['doctor', '--json']).code).toBe(exit);
    expect(at.proof(['verify']).stderr).toMatch(THREE_LINES);
    runsUnrecorded(at);
  }

  /** Does something to a copy's worth of files, and puts them back afterwards. */
  function damagedBy(damage: () => void, then: () => void): void {
    const names = readdirSync(at.ledgerDir).filter((name) => name.startsWith('ledger.db'));
    for (const name of names) copyFileSync(join(at.ledgerDir, name), join(at.root, name));
    damage();
    then();
    for (const suffix of ['', '-wal', '-shm']) rmSync(file() + suffix, { force: true });
    for (const name of names) renameSync(join(at.root, name), join(at.ledgerDir, name));
  }

  test('of a newer version: named by its code, and gaps once it can be written again', () => {
    const version = (n: number) => {
      const db = new DatabaseSync(file());
      db.exec(`PRAGMA user_version = ${n}`);
      db.close();
    };
    version(99);
    allRefuse('ledger.newer-version', 1);
    version(1);
    runsRecorded(at, { gaps: 1 });
    verified(at);
  });

  test('not a database', () => {
    damagedBy(
      () =>
        writeFileSync(file(), 'plain text, and longer than the header of a database '.repeat(9)),
      () => allRefuse('ledger.damaged', 3),
    );
    runsRecorded(at, { gaps: 1 });
    verified(at);
  });

  test('another database', () => {
    damagedBy(
      () => {
        rmSync(file());
        new DatabaseSync(file()).exec('CREATE TABLE other (a)');
      },
      () => allRefuse('ledger.not-a-ledger', 1),
    );
    runsRecorded(at, { gaps: 1 });
    verified(at);
  });

  test('zero bytes: with blobs beside it damage, without them an init that was cut short', () => {
    damagedBy(
      () => truncateSync(file(), 0),
      () => {
        allRefuse('ledger.damaged', 3);
        refuses(['init'], 'ledger.exists', 1);
      },
    );
    runsRecorded(at, { gaps: 1 });
    verified(at);
    const fresh = workspace();
    truncateSync(join(fresh.ledgerDir, 'ledger.db'), 0);
    for (const words of [...READING, ...WRITING]) {
      expect(fresh.proof([...words, '--json']).error?.code).toBe('ledger.not-found');
    }
    runsUnrecorded(fresh);
    expect(fresh.proof(['init', '--json']).code).toBe(0);
    runsRecorded(fresh, { gaps: 1 });
    verified(fresh);
    fresh.remove();
  });

  test.each([
    ['cut off', () => truncateSync(file(), 9000)],
    ['its schema overwritten', () => overwrite(100, 4096)],
  ])('%s', (_, damage) => {
    damagedBy(damage, () => allRefuse('ledger.damaged', 3));
    runsRecorded(at, { gaps: 1 });
    verified(at);
  });

  test('pages overwritten: no verdict passes it, nothing is appended to it, nothing is unknown', () => {
    const pages = readFileSync(file()).length / 4096;
    damagedBy(
      () => {
        for (let page = 2; page < pages; page++) overwrite(page * 4096 + 10, page * 4096 + 600);
      },
      () => {
        expect(at.proof(['verify', '--json']).code).toBe(3);
        expect([1, 3]).toContain(at.proof(['note', 'x', '--json']).code);
        for (const words of [...READING, ...WRITING]) {
          const { code, error } = at.proof([...words, '--json']);
          expect(error?.code).not.toBe('internal.unexpected');
          expect([0, 1, 3]).toContain(code);
        }
        runsUnrecorded(at);
      },
    );
    runsRecorded(at, { gaps: 1 });
    verified(at);
  });

  test('each page overwritten in turn', () => {
    const pages = readFileSync(file()).length / 4096;
    const seen: string[] = [];
    for (let page = 1; page < pages; page++) {
      damagedBy(
        () => overwrite(page * 4096, (page + 1) * 4096),
        () => {
          const { code, error } = at.proof(['verify', '--json']);
          expect(error?.code).not.toBe('internal.unexpected');
          // A page that holds nothing yet is nobody's loss.
          if (code !== 0) expect({ page, code }).toEqual({ page, code: 3 });
          seen.push(`${page}:${code}`);
          stillRuns(at);
        },
      );
    }
    expect(seen.some((one) => one.endsWith(':3'))).toBe(true);
  });

  test('its write-ahead log overwritten after a kill: the loss is named, not continued over', async () => {
    const append = join(import.meta.dirname, 'append.ts');
    const running = begin([NODE, append, at.ledgerDir, at.configDir, 'w', '0'], {
      cwd: at.dir,
      env: at.env,
    });
    running.child.stdin?.write('go\n');
    await running.said('ack ');
    running.child.kill('SIGKILL');
    await running.finished;
    const wal = `${file()}-wal`;
    const bytes = readFileSync(wal);
    damagedBy(
      () => {
        rmSync(`${file()}-shm`);
        writeFileSync(wal, bytes.fill(0xa5, 32, bytes.length));
      },
      () => {
        refuses(['note', 'x'], 'ledger.older-copy', 3);
        const { code, stdout } = at.proof(['verify', '--json']);
        expect(code).toBe(3);
        expect(JSON.parse(stdout).problems.map((one: { code: string }) => one.code)).toContain(
          'ledger.truncated',
        );
        runsUnrecorded(at);
      },
    );
    expect(at.proof(['note', 'whole again', '--json']).code).toBe(0);
    verified(at);
  });

  test('its key is missing, or rubbish: read and verified, not written, gaps', () => {
    const keys = join(at.configDir, 'keys');
    const [name = ''] = readdirSync(keys);
    const key = readFileSync(join(keys, name));
    for (const rubbish of [null, '', key.subarray(0, 60), 'PRIVATE+KEY+a+b+AA==']) {
      rmSync(join(keys, name), { force: true });
      if (rubbish !== null) writeFileSync(join(keys, name), rubbish);
      verified(at);
      for (const words of WRITING) refuses(words, 'ledger.key-missing', 1);
      runsUnrecorded(at);
      writeFileSync(join(keys, name), key);
      runsRecorded(at, { gaps: 1 });
    }
    verified(at);
  });

  test('another ledger’s key: nothing is signed with it', () => {
    const keys = join(at.configDir, 'keys');
    const [name = ''] = readdirSync(keys);
    const other = workspace();
    const [theirs = ''] = readdirSync(join(other.configDir, 'keys'));
    const key = readFileSync(join(keys, name));
    copyFileSync(join(other.configDir, 'keys', theirs), join(keys, name));
    for (const words of WRITING) {
      expect(at.proof([...words, '--json']).code).not.toBe(0);
    }
    runsUnrecorded(at);
    writeFileSync(join(keys, name), key);
    runsRecorded(at, { gaps: 1 });
    verified(at);
    other.remove();
  });

  test('rubbish among the notes about runs does not keep it from opening', () => {
    expect(at.proof(['note', 'x', '--json']).code).toBe(0);
    const spool = join(at.ledgerDir, 'spool');
    writeFileSync(join(spool, '0123456789abcdef.json'), '{"run":');
    writeFileSync(
      join(spool, '1123456789abcdef.json'),
      '{"run":"../../x","pid":0,"size":0,"gap":{}}',
    );
    writeFileSync(
      join(spool, '2123456789abcdef.json'),
      '{"run":"2123456789abcdef","pid":0,"size":0,"gap":{}}',
    );
    writeFileSync(join(spool, '3123456789abcdef,0,,,0,99999999999999999,,,sh.name'), '');
    writeFileSync(join(spool, 'other.name'), '');
    const before = gaps(at).length;
    runsRecorded(at, { gaps: 0 });
    expect(gaps(at).length).toBeGreaterThanOrEqual(before);
    verified(at);
  });

  function overwrite(from: number, to: number): void {
    writeFileSync(file(), readFileSync(file()).fill(0xa5, from, to));
  }
});
