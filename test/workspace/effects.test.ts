import { execFileSync } from 'node:child_process';
import { lstatSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import type { FileChange } from '../../src/core/entries/change-kind.ts';
import { log, type Workspace, workspace } from '../faults/workspace.ts';
import { testWith } from '../system-programs.ts';

/** What a command may do to a workspace, and which ways of looking find it. */
interface Effect {
  name: string;
  /** A shell line, run in a fresh workspace by `proof run`. */
  does: string;
  /** The change we must report, and its path. */
  ours: [FileChange['change'], string] | null;
  /** What the research measured for git's snapshot, the same with ignored files, and mtime + size. */
  git: boolean;
  forced: boolean;
  times: boolean;
}

const KEEP = 'touch -r a.txt ../stamp';
const BACK = 'touch -r ../stamp a.txt';

const EFFECTS: readonly Effect[] = [
  {
    name: 'a file is edited',
    does: 'echo more >> a.txt',
    ours: ['modified', 'a.txt'],
    git: true,
    forced: true,
    times: true,
  },
  {
    name: 'a new file',
    does: 'echo x > new.txt',
    ours: ['added', 'new.txt'],
    git: true,
    forced: true,
    times: true,
  },
  {
    name: 'a file is deleted',
    does: 'rm a.txt',
    ours: ['deleted', 'a.txt'],
    git: true,
    forced: true,
    times: true,
  },
  {
    name: 'a file is renamed',
    does: 'mv a.txt b.txt',
    ours: ['renamed', 'b.txt'],
    git: true,
    forced: true,
    times: true,
  },
  {
    name: 'a file becomes executable',
    does: 'chmod +x a.txt',
    ours: ['mode', 'a.txt'],
    git: true,
    forced: true,
    times: true,
  },
  {
    name: 'a link points elsewhere',
    does: 'ln -sfn other.txt link',
    ours: ['modified', 'link'],
    git: true,
    forced: true,
    times: true,
  },
  {
    name: 'an ignored file is edited',
    does: 'echo more >> debug.log',
    ours: ['modified', 'debug.log'],
    git: false,
    forced: true,
    times: true,
  },
  {
    name: 'a git hook is written',
    does: 'echo x > .git/hooks/pre-commit',
    ours: ['added', '.git/hooks/pre-commit'],
    git: false,
    forced: false,
    times: true,
  },
  {
    name: 'an empty directory',
    does: 'mkdir empty',
    ours: ['added', 'empty'],
    git: false,
    forced: false,
    times: true,
  },
  {
    name: 'a file is closed to others',
    does: 'chmod 600 a.txt',
    ours: ['mode', 'a.txt'],
    git: false,
    forced: false,
    times: true,
  },
  {
    name: 'the same size, its time put back',
    does: `${KEEP}; printf 'HELLO\\n' > a.txt; ${BACK}`,
    ours: ['modified', 'a.txt'],
    git: true,
    forced: true,
    times: false,
  },
  {
    name: 'edited, then restored with its time',
    does: `${KEEP}; cp a.txt ../was; echo x > a.txt; cat ../was > a.txt; ${BACK}`,
    ours: ['touched', 'a.txt'],
    git: false,
    forced: false,
    times: false,
  },
  {
    name: 'an outside name of a file is edited',
    does: 'echo more >> ../outside',
    ours: ['modified', 'shared.txt'],
    git: true,
    forced: true,
    times: true,
  },
  {
    name: 'made and deleted within the run',
    does: 'echo x > sub/tmp; rm sub/tmp',
    ours: ['transient', 'sub'],
    git: false,
    forced: false,
    times: true,
  },
  {
    name: 'a file outside the workspace',
    does: 'echo x > ../elsewhere',
    ours: null,
    git: false,
    forced: false,
    times: false,
  },
];

let at: Workspace;
const verdicts: string[] = [];

beforeEach(() => {
  at = workspace();
  writeFileSync(join(at.dir, 'a.txt'), 'hello\n');
  writeFileSync(join(at.dir, 'other.txt'), 'other\n');
  writeFileSync(join(at.dir, '.gitignore'), '*.log\n');
  writeFileSync(join(at.dir, 'debug.log'), 'log\n');
  writeFileSync(join(at.root, 'outside'), 'shared\n');
  mkdirSync(join(at.dir, 'sub'));
  at.shell('ln -s a.txt link; ln ../outside shared.txt; git add -A; git commit -qm x; sleep 0.05');
  return () => at.remove();
});

afterAll(() => {
  if (verdicts.length === 0) return;
  const head = ['effect', 'git', 'git -f', 'mtime+size', 'prooflayer'];
  console.log([head.join(' | '), ...verdicts].join('\n'));
});

describe('what a command did to the workspace is found', () => {
  test.each(EFFECTS)('$name', ({ name, does, ours, git, forced, times }) => {
    expect(at.proof(['run', '--', 'true']).code).toBe(0);
    const before = others(at);
    expect(at.proof(['run', '--', 'sh', '-c', does]).code).toBe(0);
    const found = changes(at);
    const after = others(at);
    const seen = {
      git: before.git !== after.git,
      forced: before.forced !== after.forced,
      times: before.times !== after.times,
    };
    const mark = (yes: boolean) => (yes ? '✓' : '–');
    verdicts.push(
      [name, mark(seen.git), mark(seen.forced), mark(seen.times), mark(found.length > 0)].join(
        ' | ',
      ),
    );
    expect(found).toEqual(ours === null ? [] : expect.arrayContaining([ours]));
    expect(found.length).toBe(ours === null ? 0 : 1);
    expect(seen).toEqual({ git, forced, times });
  });

  testWith('setfattr')('an extended attribute', () => {
    expect(at.proof(['run', '--', 'true']).code).toBe(0);
    const set = ['run', '--', 'setfattr', '-n', 'user.note', '-v', 'x', 'a.txt'];
    // Some file systems have none.
    if (at.proof(set).code !== 0) return;
    expect(changes(at)).toEqual([['touched', 'a.txt']]);
  });

  test('a command that changes nothing has no change entry, and the same tree', () => {
    for (const _ of [1, 2]) expect(at.proof(['run', '--', 'cat', 'a.txt']).code).toBe(0);
    expect(log(at).filter(({ kind }) => kind === 'change')).toEqual([]);
    const [one, two] = log(at)
      .filter(({ kind }) => kind === 'command')
      .map(({ body }) => body as never as { tree: { before: string; after: string } });
    expect(one?.tree.before).toBe(one?.tree.after);
    expect(two?.tree).toEqual(one?.tree);
  });
});

/** Change and path of everything the latest change entry says. */
function changes(where: Workspace): [string, string][] {
  return log(where)
    .filter(({ kind }) => kind === 'change')
    .flatMap(({ body }) => (body as never as { files: FileChange[] }).files)
    .map(({ change, path }) => [change, path]);
}

/** The other ways of looking: git's snapshot, with ignored files too, and a walk by time and size. */
function others({ dir, env, root }: Workspace) {
  const git = (words: readonly string[], index: string) =>
    execFileSync('git', [...words], {
      cwd: dir,
      env: { ...env, GIT_INDEX_FILE: join(root, index) },
    }).toString();
  const snapshot = (force: readonly string[], index: string) => {
    rmSync(join(root, index), { force: true });
    git(['add', '-A', ...force], index);
    return git(['write-tree'], index);
  };
  return {
    git: snapshot([], 'index-1'),
    forced: snapshot(['-f', '.'], 'index-2'),
    times: JSON.stringify(byTimes(dir)),
  };
}

function byTimes(dir: string): unknown[] {
  return readdirSync(dir, { withFileTypes: true, recursive: true })
    .filter(
      ({ parentPath, name }) =>
        !/\.git(\/(objects|proof|logs|refs)|$)/.test(parentPath) &&
        !/^index/.test(name) &&
        name !== 'proof' &&
        name !== 'objects',
    )
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((path) => !/\/\.git\/(index|COMMIT_EDITMSG|HEAD)/.test(path))
    .map((path) => {
      const { mode, size, mtimeMs } = numbers(path);
      return [path, mode, size, mtimeMs];
    });
}

function numbers(path: string) {
  return lstatSync(path, { throwIfNoEntry: false }) ?? { mode: 0, size: 0, mtimeMs: 0 };
}
