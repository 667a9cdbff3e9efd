import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { FileChange } from '../../src/core/entries/change-kind.ts';
import { log, type Workspace, workspace } from '../faults/workspace.ts';

let at: Workspace;
beforeEach(() => {
  at = workspace();
  writeFileSync(join(at.dir, 'a.txt'), 'one\r\ntwo\r\n');
  mkdirSync(join(at.dir, 'src'));
  writeFileSync(join(at.dir, 'src/b.txt'), 'b\n');
});
afterEach(() => at.remove());

const run = (line: string) => expect(at.proof(['run', '--', 'sh', '-c', line]).code).toBe(0);
const files = () =>
  log(at)
    .filter(({ kind }) => kind === 'change')
    .flatMap(({ body }) => (body as never as { files: FileChange[] }).files);
const paths = () => files().map(({ change, path, part }) => [change, path, part]);
const lastCommand = () => `E${log(at).findLast(({ kind }) => kind === 'command')?.seq}`;
const bytes = (path: string) => readFileSync(join(at.dir, path)).toString('latin1');

test('diff and undo after amend, expiry of the reflog and gc --prune=now', () => {
  at.shell('git add -A && git commit -qm one');
  run('true');
  run('echo more >> src/b.txt; git add -A; git commit -qm two');
  const changed = lastCommand();
  run(
    'echo again >> src/b.txt; git add -A; git commit -q --amend -m three; git reflog expire --expire=now --all; git gc -q --prune=now',
  );
  const { stdout } = at.proof(['diff', changed]);
  expect(stdout).toContain('+more\n');
  run('git reset -q --hard HEAD');
  expect(at.proof(['undo', '--to', 'E1', '--force']).code).toBe(0);
  expect(bytes('src/b.txt')).toBe('b\n');
});

test('attributes that convert line ends and filters that run programs change no byte, and none runs', () => {
  writeFileSync(
    join(at.dir, '.gitattributes'),
    '* text=auto eol=crlf\n*.bin filter=lfs diff=lfs\n',
  );
  writeFileSync(join(at.dir, 'x.bin'), 'version https://git-lfs\n');
  const trap = `touch ${join(at.root, 'ran')}`;
  at.shell(
    `git config filter.lfs.clean '${trap}; cat'; git config filter.lfs.smudge '${trap}; cat'; git config diff.lfs.textconv '${trap}; cat'; git config core.fsmonitor '${trap}'; git config core.hooksPath '${at.root}/hooks'`,
  );
  run('true');
  run('printf "one\\ntwo\\r\\n" > a.txt; echo changed > x.bin; printf "\\0\\1" > src/b.txt');
  expect(at.proof(['diff', lastCommand(), '--json']).code).toBe(0);
  expect(at.proof(['undo', lastCommand()]).code).toBe(0);
  expect([bytes('a.txt'), bytes('x.bin'), bytes('src/b.txt')]).toEqual([
    'one\r\ntwo\r\n',
    'version https://git-lfs\n',
    'b\n',
  ]);
  expect(existsSync(join(at.root, 'ran'))).toBe(false);
});

test('nothing of the user’s repository is touched: index, objects, refs, reflog, stash', () => {
  at.shell(
    'git add -A && git commit -qm one && echo x >> a.txt && git stash -q && echo y >> a.txt && git add a.txt',
  );
  const state = () =>
    at.shell(
      'sha256sum .git/index; git for-each-ref; git reflog --all; git count-objects -v; find .git -path .git/proof -prune -o -type f -print | sort',
    ).stdout;
  const before = state();
  run('echo z >> a.txt; echo new > n; rm src/b.txt');
  at.proof(['diff', lastCommand()]);
  at.proof(['undo', lastCommand()]);
  expect(state()).toBe(before);
});

test('a sparse checkout', () => {
  at.shell('git add -A && git commit -qm one && git sparse-checkout set --no-cone /a.txt');
  expect(existsSync(join(at.dir, 'src/b.txt'))).toBe(false);
  run('true');
  run('echo more >> a.txt');
  expect(paths()).toEqual([['modified', 'a.txt', 'workspace']]);
  expect(at.proof(['undo', lastCommand()]).code).toBe(0);
  expect(at.shell('git status --porcelain').stdout).toBe('');
});

test('a submodule and a repository inside: their files and their hooks', () => {
  at.shell(
    `git add -A && git commit -qm one && git clone -q . ../lib && git -c protocol.file.allow=always submodule --quiet add ${at.root}/lib libs/sub && git init -q nested && echo '*.tmp' > nested/.gitignore && git commit -qm sub`,
  );
  run('true');
  run(
    'echo x >> libs/sub/a.txt; echo y > nested/file; echo z > nested/x.tmp; echo h > nested/.git/hooks/pre-push; echo h > .git/modules/libs/sub/hooks/pre-push',
  );
  expect(paths()).toEqual([
    ['added', '.git/modules/libs/sub/hooks/pre-push', 'git'],
    ['modified', 'libs/sub/a.txt', 'workspace'],
    ['added', 'nested/.git/hooks/pre-push', 'git'],
    ['added', 'nested/file', 'workspace'],
    ['added', 'nested/x.tmp', 'ignored'],
  ]);
  expect(at.proof(['undo', lastCommand()]).code).toBe(0);
  expect(at.shell('git -C libs/sub status --porcelain').stdout).toBe('');
});

test('what is ignored changes with its rules; tracked files are never ignored', () => {
  writeFileSync(join(at.dir, 'kept.log'), 'x\n');
  at.shell('git add -A && git commit -qm one');
  run('true');
  run("echo '*.log' > .gitignore; echo y > new.log; echo y >> kept.log");
  run('rm .gitignore; echo z >> new.log');
  expect(paths()).toEqual([
    ['added', '.gitignore', 'workspace'],
    ['modified', 'kept.log', 'workspace'],
    ['added', 'new.log', 'ignored'],
    ['deleted', '.gitignore', 'workspace'],
    ['modified', 'new.log', 'workspace'],
  ]);
});

test('an ignored file is compared by its hash, and undo names what it cannot put back', () => {
  writeFileSync(join(at.dir, '.gitignore'), '*.log\n');
  writeFileSync(join(at.dir, 'x.log'), 'one\n');
  run('true');
  run('echo two > x.log; echo new > y.log; echo c >> src/b.txt');
  const undone = at.proof(['undo', lastCommand(), '--json']);
  expect(undone.code).toBe(1);
  expect(JSON.parse(undone.stdout)).toMatchObject({
    restored: [
      { path: 'src/b.txt', how: 'restored' },
      { path: 'y.log', how: 'removed' },
    ],
    cannot: [{ path: 'x.log', why: 'git ignores it, so only its hash is kept' }],
  });
  expect([bytes('x.log'), bytes('src/b.txt')]).toEqual(['two\n', 'b\n']);
});

test('tracked dependencies are looked at whole', () => {
  mkdirSync(join(at.dir, 'node_modules/a/lib'), { recursive: true });
  writeFileSync(join(at.dir, 'node_modules/a/lib/x.js'), '1\n');
  at.shell('git add -A && git commit -qm one');
  run('true');
  run('echo 2 > node_modules/a/lib/x.js');
  expect(paths()).toEqual([['modified', 'node_modules/a/lib/x.js', 'workspace']]);
});

test('a patch into a pipe is what git apply takes', () => {
  writeFileSync(join(at.dir, 'ä "q".txt'), 'x\n');
  at.shell('git add -A && git commit -qm one');
  run('true');
  run(
    `printf 'no end' >> a.txt; rm src/b.txt; echo n > new; chmod +x new; echo y >> 'ä "q".txt'; mkdir d; ln -s ../a.txt d/l`,
  );
  writeFileSync(
    join(at.root, 'p.patch'),
    at.proof(['diff', lastCommand()], { binary: true }).bytes,
  );
  const after = at.shell('git add -A && git write-tree').stdout;
  at.shell('git reset -q --hard');
  expect(at.shell('git apply --index ../p.patch && git write-tree')).toMatchObject({
    code: 0,
    stdout: after,
  });
});

test('undo refuses to lose later work, and names it', () => {
  run('echo 1 >> src/b.txt');
  const first = lastCommand();
  run('echo 2 >> src/b.txt');
  expect(at.proof(['undo', first, '--json']).error?.code).toBe('workspace.later-work');
  expect(bytes('src/b.txt')).toBe('b\n1\n2\n');
  writeFileSync(join(at.dir, 'by-hand'), 'x');
  expect(at.proof(['undo', '--to', 'E0', '--json']).error?.code).toBe('workspace.later-work');
  const forced = JSON.parse(at.proof(['undo', '--to', 'E0', '--force', '--json']).stdout);
  expect(forced.undone).not.toContain(forced.entry);
  expect(bytes('src/b.txt')).toBe('b\n');
  expect(existsSync(join(at.dir, 'by-hand'))).toBe(false);
  expect(at.proof(['undo', forced.entry]).code).toBe(0);
  expect(bytes('src/b.txt')).toBe('b\n1\n2\n');
  expect(bytes('by-hand')).toBe('x');
});

test('undo writes through no link and outside nothing', () => {
  run('echo 1 > src/b.txt');
  const changed = lastCommand();
  at.shell('mkdir ../outside && mv src/b.txt ../outside && rmdir src && ln -s ../outside src');
  const undone = at.proof(['undo', changed, '--force', '--json']);
  expect(undone.code).toBe(1);
  expect(readFileSync(join(at.root, 'outside/b.txt'), 'utf8')).toBe('1\n');
  expect(readdirSync(join(at.root, 'outside'))).toEqual(['b.txt']);
});

test('the cache is gone: what changed is still told, its lines are not, and undo says so', () => {
  run('true');
  run('echo 1 >> src/b.txt');
  at.shell('rm -r .git/proof/snapshots');
  const shown = JSON.parse(at.proof(['diff', lastCommand(), '--json']).stdout);
  expect(shown.files).toMatchObject([
    { path: 'src/b.txt', note: 'its bytes are no longer in the cache' },
  ]);
  const undone = at.proof(['undo', lastCommand(), '--json']);
  expect(undone.code).toBe(1);
  expect(JSON.parse(undone.stdout).cannot).toEqual([
    { path: 'src/b.txt', why: 'its bytes are no longer in the cache' },
  ]);
});

test('names that are no UTF-8, and names with every odd character', () => {
  run('true');
  run(
    `printf x > "$(printf 'bad\\377')"; printf y > "$(printf 'new\\nline')"; mkdir "$(printf 'dir\\376')"; printf z > "$(printf 'dir\\376')/in"`,
  );
  expect(files().map(({ path, bytes }) => [path, bytes !== undefined])).toEqual([
    ['bad\\xff', true],
    ['dir\\xfe', true],
    ['dir\\xfe/in', true],
    ['new\nline', false],
  ]);
  expect(at.proof(['undo', lastCommand()]).code).toBe(0);
  expect(readdirSync(at.dir).sort()).toEqual(['.git', 'a.txt', 'proof.yaml', 'src']);
});

test('very many new files at once: git is asked for all it ignores, and the answer is the same', () => {
  writeFileSync(join(at.dir, '.gitignore'), '*.log\nout/\n');
  at.shell(
    'git add -A && git commit -qm one; git init -q nested; echo "*.tmp" > nested/.gitignore',
  );
  run('true');
  run(
    'mkdir -p out/deep src/sub; for i in $(seq 150); do echo x > out/deep/$i; echo x > src/sub/$i.txt; echo x > src/$i.log; echo x > nested/$i.tmp; done',
  );
  const entry = log(at).findLast(({ kind }) => kind === 'change');
  expect(entry?.body.files).toBe(null);
  const shown = JSON.parse(at.proof(['diff', lastCommand(), '--stat', '--json']).stdout) as {
    files: FileChange[];
  };
  const part = (pattern: RegExp) => [
    ...new Set(shown.files.filter(({ path }) => pattern.test(path)).map(({ part }) => part)),
  ];
  expect(shown.files).toHaveLength(4 * 150 + 3);
  expect(part(/^out/)).toEqual(['ignored']);
  expect(part(/\.log$/)).toEqual(['ignored']);
  expect(part(/^nested\/\d+\.tmp$/)).toEqual(['ignored']);
  expect(part(/\.txt$/)).toEqual(['workspace']);
  expect(at.proof(['undo', lastCommand()]).code).toBe(0);
  expect(readdirSync(join(at.dir, 'src'))).toEqual(['b.txt']);
});
