import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadOperation } from '../../../src/app/operations.ts';
import { describeWith } from '../../system-programs.ts';
import { COMMAND, newUser, type User } from '../user.ts';
import { openRecordedShell, type RecordedShell, type Shell } from './recorded-shell.ts';
import { until } from './tmux.ts';

type Session = RecordedShell & {
  user: User;
  /** Types a line and waits for its entry. */
  enter(line: string): Promise<void>;
  /** Types a line and waits for the next prompt. */
  type(line: string): Promise<void>;
};

async function open(
  shell: Shell = 'bash',
  options: Parameters<typeof openRecordedShell>[2] = {},
  prepare: (user: User) => void = () => {},
): Promise<Session> {
  const user = newUser();
  user.proof('init');
  prepare(user);
  const recorded = await openRecordedShell(user, shell, options);
  onTestFinished(() => recorded.pane.close());
  await recorded.ready();
  const prompts = () => recorded.pane.screen().split('ready>').length;
  const type = async (line: string) => {
    const before = prompts();
    recorded.pane.type(line);
    recorded.pane.press('Enter');
    await until(
      () => (prompts() > before ? true : null),
      () => `the prompt after ${line}`,
    );
    await recorded.ready();
  };
  return {
    ...recorded,
    user,
    type,
    async enter(line) {
      const count = recorded.commands().length;
      recorded.pane.type(line);
      recorded.pane.press('Enter');
      await recorded.recorded(count + 1);
      await recorded.ready();
    },
  };
}

const PROOF = `'${process.execPath}' '${COMMAND}'`;
const bodies = (shell: RecordedShell) => shell.commands().map(({ body }) => body);

describe.each(['bash', 'zsh', 'fish'] as const)('proof shell with %s', (name) => {
  describeWith(['tmux', 'setsid', name])('as a session', () => {
    it('keeps what each command changed', async () => {
      const shell = await open(name);
      await shell.enter('echo one > one.txt');
      await shell.enter('true');
      await shell.enter('echo two > two.txt; rm one.txt');
      const changes = shell
        .entries()
        .flatMap(({ entry }) => (entry?.kind === 'change' ? [entry.body] : []));
      expect(
        changes.map(({ files }) => (files ?? []).map(({ path, change }) => `${change} ${path}`)),
      ).toEqual([['added one.txt'], ['deleted one.txt', 'added two.txt']]);
      expect(shell.user.proof('diff', 'E1', '--name-only').stdout).toBe('one.txt\n');
    });

    it('note annotates the last command, and is no command itself', async () => {
      const shell = await open(name);
      await shell.type('note "before anything"');
      await shell.enter('echo measured');
      await shell.type('note "only on the second try;" and slow');
      await shell.pane.shows(/noted as E3 on E2/);
      await shell.enter('echo a; note in the middle');
      const notes = shell
        .entries()
        .flatMap(({ entry }) =>
          entry?.kind === 'note' ? [[entry.body.text, entry.refs[0]?.seq ?? null]] : [],
        );
      await until(
        () => (shell.entries().length === 6 ? true : null),
        () => 'the last note',
      );
      expect(notes.slice(0, 2)).toEqual([
        ['before anything', null],
        ['only on the second try; and slow', 2],
      ]);
      expect(shell.entries().at(-1)?.entry).toMatchObject({
        kind: 'note',
        body: { text: 'in the middle' },
        refs: [{ rel: 'on', seq: 4 }],
      });
      expect(bodies(shell).map(({ argv }) => argv?.[2])).toEqual([
        'echo measured',
        'echo a; note in the middle',
      ]);
    });

    it('a proof run inside stands beside it as its child', async () => {
      const shell = await open(name);
      await shell.type(`${PROOF} run -- echo inner`);
      const [inner, outer] = await shell.recorded(2);
      expect(inner?.body.argv).toEqual(['echo', 'inner']);
      expect(inner?.body.parent).toBe(outer?.body.run);
      expect(outer?.refs).toEqual([{ rel: 'child', seq: 1 }]);
    });

    it('leaves a gap and no shell behind when it is killed', async () => {
      const shell = await open(name);
      await shell.enter('echo before');
      shell.pane.type('sleep 300');
      shell.pane.press('Enter');
      const proof = await until(
        () => pendingPid(shell.user),
        () => 'a note about the command',
      );
      const inner = childrenOf(proof);
      process.kill(proof, 'SIGKILL');
      await shell.pane.shows(/left with 137/);
      await until(
        () => (inner.some(isAlive) ? null : true),
        () => 'the shell to end',
      );
      shell.user.proof('note', 'afterwards');
      const gap = shell.entries().find(({ entry }) => entry?.kind === 'gap')?.entry;
      expect(gap?.body).toMatchObject({ what: 'command', argv: [name, '-c', 'sleep 300'] });
      expect(shell.user.proof('verify').code).toBe(0);
    });
  });
});

describeWith(['tmux', 'setsid', 'bash'])('proof shell', () => {
  it('goes on when nothing can be recorded any more, and says so, once', async () => {
    const shell = await open();
    await shell.enter('echo before');
    const ledger = join(shell.user.repository, '.git', 'proof');
    renameSync(ledger, `${ledger}.away`);
    await shell.type('echo unrecorded');
    const screen = await shell.pane.shows(
      /unrecorded\nproof: The command ran, but was not recorded/,
    );
    await shell.type('echo still here');
    expect(shell.pane.screen()).toMatch(/still here\nready>$/);
    expect(screen.match(/was not recorded/g)).toHaveLength(1);
    // What the commands meanwhile left there is nobody's.
    rmSync(ledger, { recursive: true });
    renameSync(`${ledger}.away`, ledger);
    await shell.enter('echo back');
    shell.pane.type('exit');
    shell.pane.press('Enter');
    await shell.pane.shows(/3 commands recorded, E1–E\d+ · 2 not recorded\nleft with 0/);
    expect(shell.user.proof('verify').code).toBe(0);
  });

  it('records what the hang-up of a terminal ended', async () => {
    const shell = await open();
    shell.pane.type('sleep 300');
    shell.pane.press('Enter');
    const proof = await until(
      () => pendingPid(shell.user),
      () => 'a note about the command',
    );
    shell.pane.close();
    await until(
      () => (isAlive(proof) ? null : true),
      () => 'the recorder to end',
    );
    const [sleep] = bodies(shell);
    expect(sleep?.argv?.[2]).toBe('sleep 300');
    expect(sleep?.exit.how).toBe('signalled');
  });

  it('follows the task that is chosen inside; --task holds for all of it', async () => {
    const shell = await open('bash', {}, (user) => user.proof('task', 'start', 'First'));
    await shell.enter('echo first');
    await shell.enter(`${PROOF} task start Second`);
    await shell.enter('echo second');
    const tasks = shell.commands().map(({ task }) => task);
    expect(tasks).toEqual([1, 1, 3]);

    const pinned = await open('bash', { words: ['--task', 'T1'] }, (user) =>
      user.proof('task', 'start', 'First'),
    );
    await pinned.enter(`${PROOF} task start Second`);
    await pinned.enter('echo pinned');
    await pinned.enter(`${PROOF} note inside`);
    expect(pinned.commands().map(({ task }) => task)).toEqual([1, 1, 1]);
    const note = pinned.entries().find(({ entry }) => entry?.kind === 'note')?.entry;
    expect(note?.task).toBe(1);
  });

  it('follows the window', async () => {
    const shell = await open();
    shell.pane.resize(71, 21);
    await shell.enter('stty size');
    expect(shell.terminal(shell.commands()[0]!)).toBe('21 71\r\n');
    expect(bodies(shell)[0]?.size).toEqual({ columns: 71, rows: 21 });
  });

  it('is not started inside itself, nor without a terminal, nor as another shell', async () => {
    const shell = await open();
    await shell.enter(`${PROOF} shell`);
    expect(shell.pane.screen()).toMatch(/proof: This shell is recorded already\n/);
    const said = (...words: string[]) =>
      JSON.parse(shell.user.proof('--json', 'shell', ...words).stderr).error.code;
    expect(said('--shell', 'bash')).toBe('shell.no-terminal');
    const other = shell.user.proofIn({ env: { SHELL: '/bin/tcsh' } }, '--json', 'shell');
    expect(JSON.parse(other.stderr).error.code).toBe('shell.unsupported');
    expect(other.code).toBe(2);
  });

  it('a shell inside a terminal multiplexer inside is one more', async () => {
    const shell = await open();
    shell.pane.type(
      `env -u TMUX tmux -L inner-$$ -f /dev/null new ${PROOF.replaceAll("'", '')} shell --shell bash`,
    );
    shell.pane.press('Enter');
    await shell.pane.shows(/recording this bash/);
  });

  it('keeps a line that is too long for an entry in a blob, and shows its beginning', async () => {
    const shell = await open();
    const line = `: ${'token=ghp_0123456789abcdefghijABCDEFGHIJ012345 '.repeat(300)}; echo done`;
    shell.pane.paste(line);
    shell.pane.press('Enter');
    const [long] = await shell.recorded(1);
    expect(long?.body.argv).toBe(null);
    expect(long?.body.shell?.begins).toMatch(/^: token=\[REDACTED:/);
    expect(long?.body.shell?.begins).toHaveLength(500);
    expect(long?.blobs.map(({ name }) => name)).toContain('argv');
    expect(shell.user.proof('log').stdout).not.toContain('ghp_');
    expect(shell.terminal(long!)).toBe('done\r\n');
  });

  it('puts what the tests of a command came to on record', async () => {
    const shell = await open();
    const tap = 'TAP version 13\\n1..2\\nok 1 - adds\\nnot ok 2 - rounds\\n';
    await shell.enter(`printf '${tap}'; exit_with() { return 1; }; exit_with`);
    await shell.pane.shows(/proof: E2 tests 1 passed, 1 failed/);
    const report = shell.entries().find(({ entry }) => entry?.kind === 'test.report')?.entry;
    expect(report?.refs).toContainEqual({ rel: 'on', seq: 1 });
  });

  it('--json prints the documented shape when it has ended', async () => {
    const shell = await open('bash', { words: ['--json'] });
    await shell.enter('echo one');
    shell.pane.type('exit 4');
    shell.pane.press('Enter');
    const screen = await shell.pane.shows(/left with 4/);
    const said = JSON.parse(/^\{.*\}$/m.exec(screen)?.[0] ?? '');
    const op = await loadOperation('shell');
    expect(op.output().parse(said)).toEqual(said);
    expect(said).toMatchObject({ shell: 'bash', commands: 2, first: 'E1', exit: { code: 4 } });
  });

  it('leaves nothing in the temporary directory, and no hook readable while it runs', async () => {
    const runtime = (user: User) => join(user.dir, 'runtime');
    const user = newUser();
    user.proof('init');
    mkdirSync(runtime(user), { mode: 0o700 });
    const shell = await openRecordedShell(user, 'bash', {
      env: { XDG_RUNTIME_DIR: runtime(user) },
    });
    onTestFinished(() => shell.pane.close());
    await shell.ready();
    const [dir = ''] = readdirSync(runtime(user));
    expect(readdirSync(join(runtime(user), dir))).toEqual(['reply']);
    shell.pane.type('exit');
    shell.pane.press('Enter');
    await shell.pane.shows(/left with 0/);
    expect(readdirSync(runtime(user))).toEqual([]);
  });
});

/** The recorder of the command under way, from its note in the spool. */
function pendingPid({ repository }: User): number | null {
  const spool = join(repository, '.git', 'proof', 'spool');
  if (!existsSync(spool)) return null;
  for (const name of readdirSync(spool)) {
    try {
      const { pid, gap } = JSON.parse(readFileSync(join(spool, name), 'utf8'));
      if (gap.argv[2] === 'sleep 300') return pid;
    } catch {
      // Being written.
    }
  }
  return null;
}

function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .split(' ')
    .filter(Boolean)
    .map(Number);
}

function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
