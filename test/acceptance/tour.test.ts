import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { testWith } from '../system-programs.ts';
import { newUser, ROOT } from './user.ts';

describe('the tour', () => {
  const user = newUser();
  const scratch = join(user.dir, 'scratch');

  testWith(['git', 'npm'])('ends well without a terminal, and touches nothing of the user', () => {
    mkdirSync(scratch);
    const started = Date.now();
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(ROOT, 'examples', 'tour.ts')],
      {
        cwd: user.repository,
        // No identity, and a configuration of git that nobody could commit with.
        env: { ...user.env, TMPDIR: scratch, GIT_AUTHOR_EMAIL: '', GIT_DIR: '/no/such/place' },
        encoding: 'utf8',
        input: '',
      },
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(Date.now() - started).toBeLessThan(90_000);
    expect(stdout).not.toContain('\u001b');

    const failing = /(E\d+) npm test → exit 1/.exec(stdout)?.[1];
    const passing = /(E\d+) npm test → exit 0/.exec(stdout)?.[1];
    // Which entry the passing run is depends on what the boundary has to say about who runs it.
    expect(failing).toBe('E3');
    expect(passing).toMatch(/^E\d+$/);
    expect(stdout).toMatch(/^verified$/m);
    expect(stdout).toMatch(/^not verified: the first wrong entry is E3$/m);
    expect(stdout).toContain('# exit code 3');

    for (const own of ['home', 'config', 'repository'])
      expect(readdirSync(join(user.dir, own)).filter((name) => name !== '.git')).toEqual([]);
  });

  test('the project it starts from stays broken, or there would be nothing to find', () => {
    const broken = readFileSync(join(ROOT, 'examples', 'login-loop', 'session.js'), 'utf8');
    const patch = readFileSync(join(ROOT, 'examples', 'login-loop.patch'), 'utf8');
    const [, removed = ''] = /^-(?!--)(.*)$/m.exec(patch) ?? [];
    expect(broken).toContain(removed);
    expect(broken).not.toContain('Path=/;');
  });
});
