import {
  chmodSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createLedger, type LedgerPlace, openLedger } from '../../src/ledger/store/open.ts';
import {
  log,
  runsRecorded,
  runsUnrecorded,
  stillRuns,
  THREE_LINES,
  verified,
  type Workspace,
  workspace,
} from './workspace.ts';

describe('odd surroundings', () => {
  let at: Workspace;
  beforeEach(() => {
    at = workspace();
    expect(at.proof(['task', 'start', 'before', '--json']).code).toBe(0);
    expect(at.proof(['run', '--', 'echo', 'before']).code).toBe(0);
  });
  afterEach(() => at.remove());

  /** A PATH with these programs and no others. */
  function onlyPrograms(...names: readonly string[]): string {
    const bin = join(at.root, 'bin');
    rmSync(bin, { recursive: true, force: true });
    mkdirSync(bin);
    for (const name of names) symlinkSync(`/bin/${name}`, join(bin, name));
    return bin;
  }

  test('no git on the path: everything but anchors works', () => {
    const env = { PATH: onlyPrograms('sh', 'mkfifo', 'cat') };
    runsRecorded(at, { env });
    for (const words of [['status'], ['show', 'E2'], ['note', 'x'], ['task', 'start', 'y']]) {
      expect(at.proof([...words, '--json'], { env })).toMatchObject({ code: 0, stderr: '' });
    }
    const anchored = at.proof(['anchor', '--json'], { env });
    expect({ code: anchored.code, error: anchored.error?.code }).toEqual({
      code: 1,
      error: 'anchor.no-git',
    });
    const verdict = at.proof(['verify', '--json'], { env });
    expect({ code: verdict.code, ok: JSON.parse(verdict.stdout).ok }).toEqual({
      code: 0,
      ok: true,
    });
    // Without mkfifo as well the output goes another way; it is the same.
    runsRecorded(at, { env: { PATH: onlyPrograms('sh') } });
    verified(at);
  });

  test('outside any repository, with git and without', () => {
    const plain = workspace({ git: false });
    expect(readdirSync(plain.dir)).toEqual(['.proof', 'proof.yaml']);
    for (const env of [{}, { PATH: onlyPrograms('sh', 'mkfifo') }]) {
      runsRecorded(plain, { env });
      verified(plain, { env });
    }
    expect(plain.proof(['anchor', '--json']).error?.code).toBe('anchor.no-repository');
    plain.remove();
  });

  test('no ledger at all: commands run, and no directory is made for it', () => {
    const plain = workspace({ git: false, init: false });
    runsUnrecorded(plain);
    expect(readdirSync(plain.dir)).toEqual([]);
    for (const words of [['log'], ['verify'], ['note', 'x'], ['show', 'E1']]) {
      const { code, error } = plain.proof([...words, '--json']);
      expect({ code, error: error?.code }).toEqual({ code: 1, error: 'ledger.not-found' });
    }
    plain.remove();
  });

  test('a locale, a time zone and a terminal that do not exist', () => {
    const env = {
      LC_ALL: 'xx',
      LANG: 'tlh_KL.EBCDIC',
      TZ: 'Mars/Phobos',
      TERM: 'no-such-terminal',
    };
    runsRecorded(at, { env });
    verified(at, { env });
    for (const words of [[], ['status'], ['log', '--all'], ['show', 'E2'], ['help']]) {
      expect(at.proof(words, { env })).toMatchObject({ code: 0, stderr: '' });
    }
    const times = log(at, { env }).map((entry) => (entry as unknown as { at: string }).at);
    expect(times).toEqual(times.toSorted());
  });

  test('a clock that goes back is put on record, and the rest goes on', async () => {
    let now = Date.parse('2030-06-01T12:00:00.000Z');
    const place: LedgerPlace = {
      dir: join(at.root, 'clock'),
      configDir: at.configDir,
      ownValues: [],
      self: { kind: 'tool', name: 'test', host: 'here', basis: 'asserted' },
      now: () => new Date(now),
    };
    const note = () => [
      { kind: 'note' as const, body: { text: 'x' }, task: null, actor: place.self },
    ];
    const first = await createLedger(place, place.self, 'test');
    await first.append(note);
    now -= 3_600_000;
    await first.append(note);
    await first.append(note);
    first.close();
    now -= 86_400_000;
    const second = await openLedger(place);
    await second.append(note);
    second.close();
    const shown = { ...at, proof: at.proof } satisfies Workspace;
    const entries = log(shown, { env: { PROOF_LEDGER: place.dir } });
    expect(entries.map(({ kind }) => kind)).toEqual([
      'ledger.opened',
      'note',
      'clock.went-back',
      'note',
      'note',
      'clock.went-back',
      'note',
    ]);
    expect(entries[2]?.body).toEqual({
      latest: '2030-06-01T12:00:00.000Z',
      now: '2030-06-01T11:00:00.000Z',
    });
    verified(shown, { env: { PROOF_LEDGER: place.dir } });
    // The command's own clock is now years before the latest entry.
    runsRecordedAfterClock(place.dir);
  });

  function runsRecordedAfterClock(dir: string): void {
    const env = { PROOF_LEDGER: dir };
    stillRuns(at, { env });
    const kinds = log(at, { env }).map(({ kind }) => kind);
    expect(kinds.slice(-2)).toEqual(['clock.went-back', 'command']);
    verified(at, { env });
  }

  test.each(['000', '022', '077', '777'])(
    'umask %s: the child has it, the record is ours alone',
    (umask) => {
      const plain = workspace({ init: false });
      const said = plain.shell(
        `umask ${umask}; $PROOF init --json >/dev/null; $PROOF run -- sh -c umask; $PROOF run -- sh -c 'echo hi; exit 7'; echo $?`,
      );
      expect(said.stdout).toBe(`0${umask}\nhi\n7\n`);
      expect(said.stderr).toBe('');
      for (const path of [plain.ledgerDir, join(plain.configDir, 'keys')])
        expect(statSync(path).mode & 0o077).toBe(0);
      runsRecorded(plain);
      verified(plain);
      const shown = plain.proof(['show', 'E2', '--output', 'stdout']);
      expect(shown.stdout).toBe('hi\n');
      plain.remove();
    },
  );

  test('a symlinked and a moved workspace', () => {
    const link = join(at.root, 'link');
    symlinkSync(at.dir, link);
    runsRecorded(at, { cwd: link });
    const moved = join(at.root, 'moved');
    expect(at.shell(`mv '${at.dir}' '${moved}'`, { cwd: at.root }).code).toBe(0);
    const there: Workspace = { ...at, dir: moved, ledgerDir: join(moved, '.git', 'proof') };
    expect(at.proof(['log', '--all', '--json'], { cwd: moved }).code).toBe(0);
    expect(at.proof(['run', '--', 'sh', '-c', 'exit 7'], { cwd: moved }).code).toBe(7);
    verified(there, { cwd: moved });
  });

  test('deleted caches and views change nothing', () => {
    const before = log(at);
    expect(at.proof(['rebuild', '--json']).code).toBe(0);
    for (const name of ['views.db', 'views.db-wal', 'views.db-shm', 'cache', 'chosen'])
      rmSync(join(at.ledgerDir, name), { recursive: true, force: true });
    expect(log(at)).toEqual(before);
    writeFileSync(join(at.ledgerDir, 'views.db'), 'rubbish');
    expect(at.proof(['status', '--json']).code).toBe(0);
    expect(at.proof(['task', 'list', '--json']).code).toBe(0);
    runsRecorded(at);
    verified(at);
  });

  test('a script that cannot be executed, and a missing one, end as under a shell', () => {
    writeFileSync(join(at.dir, 'plain'), 'text');
    chmodSync(join(at.dir, 'plain'), 0o644);
    writeFileSync(join(at.dir, 'no-interpreter'), '#!/nonexistent\n');
    chmodSync(join(at.dir, 'no-interpreter'), 0o755);
    for (const [word, code] of [
      ['./plain', [126]],
      ['./missing', [127]],
      ['./no-interpreter', [126, 127]],
    ] as const) {
      const { code: own, stdout } = at.proof(['run', '--', word]);
      expect(code).toContain(own);
      expect(stdout).toBe('');
      expect(log(at).at(-1)).toMatchObject({ kind: 'command', body: { exit: { code: own } } });
    }
    verified(at);
  });

  test('an error goes to standard error in three lines, the answer to standard output', () => {
    const { stdout, stderr, code } = at.proof(['show', 'E99']);
    expect({ stdout, code }).toEqual({ stdout: '', code: 1 });
    expect(stderr).toMatch(THREE_LINES);
    expect(at.shell('$PROOF log --all --json > out; wc -l < out').stdout.trim()).toBe('3');
  });
});
