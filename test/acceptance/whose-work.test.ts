import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { newUser } from './user.ts';

interface Status {
  task: { name: string } | null;
}

describe('the task at hand', () => {
  const user = newUser();
  const second = join(user.dir, 'second');
  const taskIn = (cwd: string, env = {}) =>
    (user.proofIn({ cwd, env }, 'status', '--json').json() as Status).task?.name ?? null;

  beforeAll(() => {
    user.git('worktree', 'add', '--quiet', second);
    user.proof('init');
    user.proof('task', 'start', 'In the first worktree');
    user.proofIn({ cwd: second }, 'task', 'start', 'In the second');
  });

  test('is chosen for each worktree; the ledger is one', () => {
    expect([taskIn(user.repository), taskIn(second)]).toEqual(['T1', 'T2']);
    user.proofIn({ cwd: second }, 'task', 'use', 'T1');
    expect([taskIn(user.repository), taskIn(second)]).toEqual(['T1', 'T1']);
    user.proofIn({ cwd: second }, 'task', 'use', '--none');
    expect([taskIn(user.repository), taskIn(second)]).toEqual(['T1', null]);
  });

  test('PROOF_TASK goes before the choice, --task before that', () => {
    const env = { PROOF_TASK: 'T2' };
    expect(taskIn(user.repository, env)).toBe('T2');
    const noted = (...words: string[]) => {
      const { entry } = user.proofIn({ env }, 'note', 'x', '--json', ...words).json() as {
        entry: string;
      };
      return (user.proof('show', entry, '--json').json() as { task: string }).task;
    };
    expect([noted(), noted('--task', 'T1')]).toEqual(['T2', 'T1']);
    expect(user.proofIn({ env: { PROOF_TASK: 'T9' } }, 'note', 'x').code).toBe(1);
  });

  test('without one, work is recorded outside tasks', () => {
    const { entry } = user.proofIn({ cwd: second }, 'note', 'x', '--json').json() as {
      entry: string;
    };
    expect(user.proof('show', entry, '--json').json()).toMatchObject({ task: null, n: null });
  });

  test('git clean takes neither the record nor the choice away', () => {
    user.git('clean', '-fdxq');
    expect(taskIn(user.repository)).toBe('T1');
    expect(user.proof('verify').code).toBe(0);
  });
});

describe('a recorded command inside another', () => {
  const user = newUser();
  const show = (entry: string) => user.proof('show', entry, '--json').json() as object;

  test('is an entry of its own, and each says where the other is', () => {
    user.proof('init');
    user.proof('task', 'start', 'Build');
    const proof = `"${process.execPath}" "$COMMAND"`;
    const { code, stdout } = user.proofIn(
      { env: { COMMAND: join(import.meta.dirname, '../../dist/proof.js') } },
      ...['run', '--', 'sh', '-c', `echo before; ${proof} run -- sh -c 'echo inside; exit 4'`],
    );
    expect({ code, stdout }).toEqual({ code: 4, stdout: 'before\ninside\n' });

    const inner = show('E2') as { body: { parent: string } };
    const outer = show('E3') as { body: { run: string } };
    expect(inner).toMatchObject({ task: 'T1', body: { exit: { code: 4 } } });
    expect(inner.body.parent).toBe(outer.body.run);
    expect(outer).toMatchObject({
      task: 'T1',
      refs: [{ rel: 'child', entry: 'E2' }],
      output: [{ name: 'stdout', text: 'before\ninside\n' }],
    });
    expect(outer.body).not.toHaveProperty('parent');
  });
});

describe('who did it', () => {
  const user = newUser();
  const { PROOF_ACTOR: _, ...unnamed } = user.env;
  const actor = (env: Record<string, string>) => {
    user.env.PROOF_ACTOR = '';
    const { entry } = user
      .proofIn({ env: { ...unnamed, ...env } }, 'note', 'x', '--json')
      .json() as {
      entry: string;
    };
    return (user.proof('show', entry, '--json').json() as { actor: object }).actor;
  };
  beforeAll(() => void user.proof('init'));

  test('PROOF_ACTOR is taken at its word, and the word is called asserted', () => {
    expect(actor({ PROOF_ACTOR: 'agent:codex:gpt-5' })).toMatchObject({
      kind: 'agent',
      name: 'codex',
      model: 'gpt-5',
      basis: 'asserted',
    });
  });

  test('an agent or a CI is known by its environment', () => {
    expect(actor({ CLAUDECODE: '1', CLAUDE_CODE_SESSION_ID: 'abc' })).toMatchObject({
      kind: 'agent',
      name: 'claude-code',
      session: 'abc',
      basis: 'environment',
    });
    expect(actor({ CI: 'true' })).toMatchObject({ kind: 'tool', name: 'ci', basis: 'environment' });
  });
});
