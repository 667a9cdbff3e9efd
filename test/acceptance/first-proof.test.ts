import { cpSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { beforeAll, describe, expect, test } from 'vitest';
import { newUser, type Said } from './user.ts';

/** The main job, black-box: a command is recorded, the record verifies, an edited one is caught. */
describe('the first proof', () => {
  const user = newUser();
  let ran: Said;

  beforeAll(() => {
    expect(user.proof('init').code).toBe(0);
    expect(user.proof('task', 'start', 'Fix the login loop').code).toBe(0);
    ran = user.proof('run', '--', 'sh', '-c', 'echo out; echo err >&2; exit 3');
  });

  test('the command’s own streams and exit code come through, and nothing else', () => {
    expect(ran).toMatchObject({ code: 3, stdout: 'out\n', stderr: 'err\n' });
  });

  test('the entry has what was run, what came of it, by whom and where', () => {
    expect(user.proof('show', 'E2', '--json').json()).toMatchObject({
      name: 'E2',
      task: 'T1',
      n: 2,
      kind: 'command',
      actor: { kind: 'human', name: 'ada', host: hostname(), basis: 'asserted' },
      provenance: 'observed',
      held: 'observed',
      body: {
        argv: ['sh', '-c', 'echo out; echo err >&2; exit 3'],
        cwd: user.repository,
        worktree: user.repository,
        exit: { code: 3, signal: null, how: 'exited' },
        mode: 'pipes',
        durationMicros: expect.any(Number),
        executable: {
          path: expect.stringMatching(/^\//),
          sha256: expect.stringMatching(/^\w{64}$/),
        },
        git: { head: user.git('rev-parse', 'HEAD'), branch: 'main' },
        streams: [
          { name: 'stdout', bytes: 4, lines: 1, gaps: [] },
          { name: 'stderr', bytes: 4, lines: 1, gaps: [] },
        ],
      },
      output: [
        { name: 'stdout', text: 'out\n', truncated: false },
        { name: 'stderr', text: 'err\n', truncated: false },
      ],
      notes: [],
    });
  });

  test('recorded bytes come back as they were', () => {
    expect(user.proof('show', 'E2', '--output', 'stderr').stdout).toBe('err\n');
    expect(user.proof('show', 'E2', '--output', 'terminal')).toMatchObject({ code: 1, stdout: '' });
  });

  test('an interrupted or missing command ends as it would in a shell', () => {
    expect(user.proof('run', '--', 'sh', '-c', 'kill -TERM $$').code).toBe(null);
    expect(user.proof('run', '--', 'no-such-command').code).toBe(127);
    expect(user.proof('run', '--', user.repository).code).toBe(126);
  });

  test('it verifies, and says what that rests on', () => {
    const { code, json } = user.proof('verify', '--json');
    expect({ code, ...(json() as object) }).toMatchObject({
      code: 0,
      ok: true,
      problems: [],
      firstWrong: null,
      anchored: 0,
    });
  });

  test('an edited copy does not: exit 3, and the entry is named', () => {
    const copy = join(user.dir, 'copy');
    cpSync(join(user.repository, '.git', 'proof'), copy, { recursive: true });
    const db = new DatabaseSync(join(copy, 'ledger.db'));
    const { changes } = db
      .prepare(`UPDATE entry SET json = replace(json, '{"code":3', '{"code":0') WHERE seq = 2`)
      .run();
    db.close();
    expect(changes).toBe(1);

    const { code, json } = user.proof('verify', '--ledger', copy, '--json');
    expect({ code, ...(json() as object) }).toMatchObject({
      code: 3,
      ok: false,
      firstWrong: 'E2',
      problems: expect.arrayContaining([
        expect.objectContaining({ code: 'entry.altered', entry: 'E2' }),
      ]),
    });
    expect(user.proof('doctor', '--ledger', copy).code).toBe(3);
    expect(user.proof('verify').code).toBe(0);
  });
});
