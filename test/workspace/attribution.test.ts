import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Body } from '../../src/core/entries/kinds.ts';
import { log, NODE, PROOF, type Workspace, workspace } from '../faults/workspace.ts';

let at: Workspace;
beforeEach(() => {
  at = workspace();
  writeFileSync(join(at.dir, 'a'), 'a\n');
  expect(at.proof(['task', 'start', 'x']).code).toBe(0);
});
afterEach(() => at.remove());

/** Cause, paths and the commands it stands on, of every change entry. */
function changes(where: Workspace = at, cwd = where.dir) {
  const lines = log(where, { cwd });
  const command = (seq: number) =>
    (
      lines.find((line) => line.seq === seq)?.body as never as Body<'command'> | undefined
    )?.argv?.at(-1) ?? '';
  return lines
    .filter(({ kind }) => kind === 'change')
    .map(({ body, refs }) => {
      const { cause, files } = body as never as Body<'change'>;
      const on = refs.filter(({ rel }) => rel === 'on');
      return [cause, (files ?? []).map(({ path }) => path), on.map(({ seq }) => command(seq))];
    });
}

function start(line: string, cwd = at.dir) {
  const env = { ...at.env, NODE, PROOF: `${NODE} ${PROOF}` };
  return spawn(NODE, [PROOF, 'run', '--', 'sh', '-c', line], { cwd, env, stdio: 'ignore' });
}

async function until(path: string) {
  while (!existsSync(path)) await new Promise((resolve) => setTimeout(resolve, 10));
}

test('an editor’s change between two commands is unattributed, the command’s own is its own', () => {
  at.proof(['run', '--', 'true']);
  writeFileSync(join(at.dir, 'a'), 'edited\n');
  at.proof(['run', '--', 'sh', '-c', 'echo b > b']);
  expect(changes()).toEqual([
    ['unattributed', ['a'], []],
    ['command', ['b'], ['echo b > b']],
  ]);
});

test('what changed before the task’s first command, and after the last, is not lost', () => {
  writeFileSync(join(at.dir, 'b'), 'b\n');
  at.proof(['run', '--', 'true']);
  writeFileSync(join(at.dir, 'c'), 'c\n');
  const shown = JSON.parse(at.proof(['diff', '--json']).stdout) as {
    files: { path: string; recorded: boolean; by: string[] }[];
  };
  expect(shown.files.map(({ path, recorded, by }) => [path, recorded, by])).toEqual([
    ['b', true, []],
    ['c', false, []],
  ]);
  expect(changes()).toEqual([['unattributed', ['b'], []]]);
});

test('two commands at the same time: ambiguous, and each change is told once', async () => {
  const first = start('echo 1 > one; while [ ! -e go ]; do sleep 0.02; done; echo 3 > three');
  await until(join(at.dir, 'one'));
  expect(at.proof(['run', '--', 'sh', '-c', 'echo 2 > two']).code).toBe(0);
  writeFileSync(join(at.dir, 'go'), '');
  await once(first, 'exit');
  const [ambiguous, own] = changes();
  expect(ambiguous).toEqual(['ambiguous', ['two'], ['echo 2 > two']]);
  expect(own?.[0]).toBe('command');
  expect(own?.[1]).toEqual(['go', 'one', 'three']);
});

test('a recorded command inside another one: each has its own changes', () => {
  at.shell(
    `$PROOF run -- sh -c 'echo 1 > one; $PROOF run -- sh -c "echo 2 > two"; echo 3 > three'`,
  );
  const found = changes();
  expect(found.map(([cause, paths]) => [cause, paths])).toEqual([
    ['command', ['two']],
    ['command', ['one', 'three']],
  ]);
  const parent = log(at).findLast(({ kind }) => kind === 'command');
  const shown = JSON.parse(at.proof(['diff', `E${parent?.seq}`, '--json']).stdout) as {
    files: { path: string }[];
  };
  expect(shown.files.map(({ path }) => path)).toEqual(['one', 'three', 'two']);
});

test('two worktrees of one repository stay apart', async () => {
  at.shell('git add -A && git commit -qm x && git worktree add -q ../other');
  const other = join(at.root, 'other');
  at.proof(['run', '--', 'true'], { cwd: other });
  const running = start('echo 1 > one; while [ ! -e go ]; do sleep 0.02; done');
  await until(join(at.dir, 'one'));
  expect(at.proof(['run', '--', 'sh', '-c', 'echo 2 > two'], { cwd: other }).code).toBe(0);
  writeFileSync(join(at.dir, 'go'), '');
  await once(running, 'exit');
  const found = log(at, { cwd: other })
    .filter(({ kind }) => kind === 'change')
    .map(({ body }) => body as never as Body<'change'>);
  expect(
    found.map(({ cause, root, files }) => [cause, root === other, files?.map(({ path }) => path)]),
  ).toEqual([
    ['command', true, ['two']],
    ['command', false, ['go', 'one']],
  ]);
});

test('whoever deletes the cache does not hide what was done meanwhile', () => {
  at.proof(['run', '--', 'true']);
  rmSync(join(at.ledgerDir, 'snapshots'), { recursive: true });
  writeFileSync(join(at.dir, 'a'), 'secretly\n');
  expect(at.proof(['run', '--', 'true']).code).toBe(0);
  const [lost] = log(at)
    .filter(({ kind }) => kind === 'change')
    .map(({ body }) => body as never as Body<'change'>);
  expect(lost).toMatchObject({ cause: 'unattributed', files: [] });
  expect(lost?.unseen[0]?.why).toMatch(/gone from the cache: something was changed/);
  expect(lost?.tree.before).not.toBe(lost?.tree.after);
});

test('a snapshot that somebody edited is none', () => {
  at.proof(['run', '--', 'true']);
  at.shell(
    'for f in .git/proof/snapshots/*.walk; do printf x | dd of=$f bs=1 seek=300 conv=notrunc 2>/dev/null; done',
  );
  at.proof(['run', '--', 'true']);
  expect(changes().map(([cause]) => cause)).toEqual(['unattributed']);
});

test('a command killed with its recorder: what it wrote is unattributed, and a gap stands beside it', async () => {
  const running = start('echo 1 > one; sleep 2');
  await until(join(at.dir, 'one'));
  running.kill('SIGKILL');
  await once(running, 'exit');
  at.proof(['run', '--', 'true']);
  expect(changes()).toEqual([['unattributed', ['one'], []]]);
  expect(log(at).some(({ kind }) => kind === 'gap')).toBe(true);
});

test('outside git all of it works, and dependencies are watched cheaply', () => {
  const plain = workspace({ git: false });
  mkdirSync(join(plain.dir, 'node_modules/a'), { recursive: true });
  plain.proof(['run', '--', 'true']);
  plain.proof([
    'run',
    '--',
    'sh',
    '-c',
    'echo 1 > one; mkdir node_modules/b; echo 2 > node_modules/.package-lock.json',
  ]);
  expect(changes(plain)).toEqual([
    [
      'command',
      ['node_modules', 'node_modules/.package-lock.json', 'node_modules/b', 'one'],
      [expect.any(String)],
    ],
  ]);
  expect(plain.proof(['undo', 'E2']).code).toBe(1);
  expect(existsSync(join(plain.dir, 'one'))).toBe(false);
  plain.remove();
});

test('an edit deep inside a dependency is found by the full look, a new installation is not told twice', () => {
  mkdirSync(join(at.dir, 'node_modules/a/lib'), { recursive: true });
  writeFileSync(join(at.dir, 'node_modules/a/lib/x.js'), '1\n');
  writeFileSync(join(at.dir, '.gitignore'), 'node_modules\n');
  const due = () => at.shell('touch -d "1 hour ago" .git/proof/snapshots/*.dependencies.walk');
  at.proof(['run', '--', 'sleep', '0.2']);
  due();
  at.proof(['run', '--', 'sh', '-c', 'echo 2 > node_modules/a/lib/x.js']);
  at.proof(['run', '--', 'sleep', '0.2']);
  const files = () =>
    log(at)
      .filter(({ kind }) => kind === 'change')
      .map(({ body }) => [body.cause, body.files.map(({ path }: { path: string }) => path)]);
  expect(files().at(-1)).toEqual(['unattributed', ['node_modules/a/lib/x.js']]);
  const told = files().length;
  due();
  at.proof([
    'run',
    '--',
    'sh',
    '-c',
    'mkdir -p node_modules/b/lib; echo 3 > node_modules/b/lib/y.js; echo 3 > node_modules/a/lib/x.js',
  ]);
  at.proof(['run', '--', 'sleep', '0.2']);
  expect(files().length).toBe(told + 1);
  expect(files().at(-1)?.[0]).toBe('command');
});
