import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { log, NODE, PROOF, verified, type Workspace, workspace } from '../faults/workspace.ts';

test('a command that changes 10 000 files: all of them told, in a blob, and undone', () => {
  const at = workspace();
  mkdirSync(join(at.dir, 'd'));
  for (let i = 0; i < 10_000; i++) writeFileSync(join(at.dir, 'd', `f${i}`), `${i}\n`);
  expect(at.proof(['run', '--', 'true']).code).toBe(0);
  const started = performance.now();
  expect(at.proof(['run', '--', 'sh', '-c', 'cd d && sed -i s/^/x/ *']).code).toBe(0);
  const took = performance.now() - started;
  const change = log(at).findLast(({ kind }) => kind === 'change');
  expect(change?.body).toMatchObject({ files: null, counts: { modified: 10_000 } });
  const undone = at.proof(['undo', 'E2', '--json']);
  expect(undone.code).toBe(0);
  expect(JSON.parse(undone.stdout).restored).toHaveLength(10_000);
  expect(at.shell('cat d/f0 d/f9999').stdout).toBe('0\n9999\n');
  console.info(`10 000 files changed: recorded in ${Math.round(took)} ms with the command`);
  at.remove();
});

test('a command that writes a 3 GB file: bounded and marked', () => {
  const at = workspace();
  expect(at.proof(['run', '--', 'true']).code).toBe(0);
  const big = join(at.dir, 'big');
  const started = performance.now();
  expect(at.proof(['run', '--', 'sh', '-c', `head -c 3000000000 /dev/zero > '${big}'`]).code).toBe(
    0,
  );
  const took = performance.now() - started;
  expect(statSync(big).size).toBe(3_000_000_000);
  const change = log(at).findLast(({ kind }) => kind === 'change');
  expect(change?.body.files).toMatchObject([
    { path: 'big', change: 'added', after: { size: 3_000_000_000, hash: null, kept: 'large' } },
  ]);
  expect(sizeBelow(at)).toBeLessThan(2_000_000);
  // A sparse one of 500 MB is read to be hashed, and not kept either.
  const file = openSync(join(at.dir, 'hashed'), 'w');
  ftruncateSync(file, 500_000_000);
  closeSync(file);
  expect(at.proof(['run', '--', 'rm', 'big']).code).toBe(0);
  const files = log(at)
    .filter(({ kind }) => kind === 'change')
    .slice(-2)
    .flatMap(({ body }) => body.files ?? []);
  expect(files).toMatchObject([
    { path: 'hashed', after: { hash: expect.stringMatching(/^[0-9a-f]{64}$/), kept: 'large' } },
    { path: 'big', change: 'deleted' },
  ]);
  const undone = at.proof(['undo', 'E5', '--json']);
  expect(existsSync(big)).toBe(false);
  expect(undone.code).toBe(1);
  console.info(`3 GB written: recorded in ${Math.round(took)} ms with the command`);
  at.remove();
});

function sizeBelow({ ledgerDir }: Workspace): number {
  const names = readdirSync(ledgerDir, { recursive: true }) as string[];
  return names.reduce((sum, name) => sum + statSync(join(ledgerDir, name)).size, 0);
}

test('15 undos killed at random moments: every file is as before or as after, and the next undo finishes', async () => {
  const at = workspace();
  mkdirSync(join(at.dir, 'd'));
  const names = Array.from({ length: 300 }, (_, i) => join(at.dir, 'd', `f${i}`));
  for (const name of names) writeFileSync(name, 'before\n');
  expect(at.proof(['run', '--', 'true']).code).toBe(0);
  let killed = 0;
  for (let round = 0; round < 15; round++) {
    expect(
      at.proof(['run', '--', 'sh', '-c', `cd d && for f in *; do echo after-${round} > $f; done`])
        .code,
    ).toBe(0);
    const changed = `E${log(at).findLast(({ kind }) => kind === 'command')?.seq}`;
    const child = spawn(NODE, [PROOF, 'undo', changed], {
      cwd: at.dir,
      env: at.env,
      stdio: 'ignore',
    });
    setTimeout(() => child.kill('SIGKILL'), 40 + Math.random() * 160);
    const [, signal] = await once(child, 'exit');
    if (signal === 'SIGKILL') killed++;
    for (const name of names)
      expect(['before\n', `after-${round}\n`]).toContain(readFileSync(name, 'utf8'));
    const again = at.proof(['undo', changed, '--json']);
    expect([0, 1]).toContain(again.code);
    for (const name of names) expect(readFileSync(name, 'utf8')).toBe('before\n');
    expect(readdirSync(join(at.dir, 'd'))).toHaveLength(names.length);
  }
  verified(at);
  console.info(`${killed} of 15 undos were killed`);
  at.remove();
}, 600_000);
