import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { begin, type Running } from './processes.ts';
import { log, NODE, PROOF, verified, type Workspace, workspace } from './workspace.ts';

const APPEND = join(import.meta.dirname, 'append.ts');
const made: Workspace[] = [];
afterAll(() => {
  for (const at of made) at.remove();
});

function fresh(options: Parameters<typeof workspace>[0] = {}): Workspace {
  const at = workspace(options);
  made.push(at);
  return at;
}

/** Processes that append, all let go at one moment. */
async function appendTogether(
  at: Workspace,
  processes: number,
  appends: number,
): Promise<Running[]> {
  const all = Array.from({ length: processes }, (_, i) =>
    begin([NODE, APPEND, at.ledgerDir, at.configDir, `p${i}`, String(appends)], {
      cwd: at.dir,
      env: at.env,
    }),
  );
  await Promise.all(all.map((one) => one.said('open\n')));
  for (const { child } of all) child.stdin?.write('go\n');
  return all;
}

function acknowledged(stdout: string): { seq: number; text: string }[] {
  return [...stdout.matchAll(/^ack (\d+) (.*)$/gm)].map(([, seq, text = '']) => ({
    seq: Number(seq),
    text,
  }));
}

test('8 processes append 500 entries each: 4000 places, no hole, and every look in between verifies', async () => {
  const at = fresh();
  expect(at.proof(['task', 'start', 'together', '--json']).code).toBe(0);
  const first = log(at).length;
  const all = await appendTogether(at, 8, 500);
  // Somebody looks while they write: what is read has to be one state of the ledger.
  let under = true;
  const ends = Promise.all(all.map(({ finished }) => finished)).finally(() => {
    under = false;
  });
  let looks = 0;
  while (under) {
    const look = begin([NODE, PROOF, 'verify', '--json'], { cwd: at.dir, env: at.env });
    const { code, stdout, stderr } = await look.finished;
    expect({ code, stderr, stdout: code === 0 ? '' : stdout }).toEqual({
      code: 0,
      stderr: '',
      stdout: '',
    });
    looks++;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  const finished = await ends;
  expect(finished.map(({ code, stderr }) => ({ code, stderr }))).toEqual(
    finished.map(() => ({ code: 0, stderr: '' })),
  );
  const acks = finished.flatMap(({ stdout }) => acknowledged(stdout));
  expect(acks).toHaveLength(4000);
  expect(new Set(acks.map(({ seq }) => seq)).size).toBe(4000);

  const entries = log(at);
  expect(entries).toHaveLength(first + 4000);
  expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, i) => i));
  for (const { seq, text } of acks) expect(entries[seq]?.body.text).toBe(text);
  verified(at);
  console.info(`8 × 500 appends, verified ${looks} times meanwhile`);
});

test('tasks that grow at once are numbered without holes', async () => {
  const at = fresh();
  for (const name of ['a', 'b']) {
    expect(at.proof(['task', 'start', name, '--json']).code).toBe(0);
  }
  const notes = Array.from({ length: 24 }, (_, i) =>
    begin([NODE, PROOF, 'note', '--task', `T${(i % 2) + 1}`, `note ${i}`], {
      cwd: at.dir,
      env: at.env,
    }),
  );
  const ends = await Promise.all(notes.map(({ finished }) => finished));
  expect(ends.map(({ code }) => code)).toEqual(ends.map(() => 0));
  for (const task of ['T1', 'T2']) {
    const own = log(at).filter((entry) => entry.task === task);
    expect(own.map(({ n }) => n)).toEqual(Array.from({ length: 13 }, (_, i) => i + 1));
  }
  verified(at);
});

test.each(Array.from({ length: 6 }, (_, round) => round))(
  '4 processes init one workspace at once, round %i: one ledger, one key, the others are told',
  async () => {
    const at = fresh({ init: false });
    const racers = Array.from({ length: 4 }, () =>
      begin([NODE, PROOF, 'init', '--json'], { cwd: at.dir, env: at.env }),
    );
    const ends = await Promise.all(racers.map(({ finished }) => finished));
    const lost = ends.filter(({ code }) => code !== 0);
    expect(ends.filter(({ code }) => code === 0)).toHaveLength(1);
    expect(lost.map(({ code, stderr }) => [code, JSON.parse(stderr).error.code])).toEqual(
      lost.map(() => [1, 'ledger.exists']),
    );
    const id = JSON.parse(ends.find(({ code }) => code === 0)?.stdout ?? '').ledger;
    expect(readdirSync(join(at.configDir, 'keys'))).toEqual([`${id}.key`]);
    expect(log(at).map(({ kind }) => kind)).toEqual(['ledger.opened']);
    expect(at.proof(['note', 'first', '--json']).code).toBe(0);
    verified(at);
  },
);

test('two worktrees record at once into one ledger, each under the task chosen there', async () => {
  const at = fresh();
  const second = join(at.root, 'second');
  const git = (...words: string[]) =>
    expect(spawnSync('git', words, { cwd: at.dir, env: at.env }).status).toBe(0);
  git('commit', '-q', '--allow-empty', '-m', 'first');
  git('worktree', 'add', '-q', second);
  const here = [at.dir, second] as const;
  for (const cwd of here) {
    expect(at.proof(['task', 'start', `in ${cwd}`, '--json'], { cwd }).code).toBe(0);
  }
  const runs = Array.from({ length: 16 }, (_, i) =>
    begin([NODE, PROOF, 'run', '--', 'sh', '-c', `echo ${i}; exit ${i}`], {
      cwd: here[i % 2] as string,
      env: at.env,
    }),
  );
  const ends = await Promise.all(runs.map(({ finished }) => finished));
  expect(ends.map(({ code }) => code)).toEqual(ends.map((_, i) => i));
  const commands = log(at).filter(({ kind }) => kind === 'command');
  expect(commands).toHaveLength(16);
  for (const { task, body } of commands) {
    expect([task, body.worktree]).toEqual(
      body.exit.code % 2 === 0 ? ['T1', at.dir] : ['T2', second],
    );
  }
  expect(log(at, { cwd: second })).toEqual(log(at));
  verified(at);
  verified(at, { cwd: second });
});

test('git clean -fdx leaves the record alone', () => {
  const at = fresh();
  expect(at.proof(['task', 'start', 'kept', '--json']).code).toBe(0);
  expect(at.proof(['run', '--', 'sh', '-c', 'echo out > junk; echo kept']).code).toBe(0);
  const before = log(at);
  expect(spawnSync('git', ['clean', '-fdxq'], { cwd: at.dir, env: at.env }).status).toBe(0);
  expect(readdirSync(at.dir)).toEqual(['.git']);
  expect(log(at)).toEqual(before);
  expect(at.proof(['show', 'E2', '--output', 'stdout']).stdout).toBe('kept\n');
  verified(at);
});
