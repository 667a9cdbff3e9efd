import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeWith } from '../system-programs.ts';
import { NODE, newRecord, quote, RUNNER, run, runnerEnv, scratch, start, until } from './drive.ts';
import { openOuter } from './outer.ts';

/**
 * Walls that shut nothing out, around the runs that the other tests in this folder make without:
 * how a command starts, hears, speaks and ends must be the same.
 */
const WALLS = { enclosed: true };
const sh = (script: string) => ['sh', '-c', script];

describeWith(['/usr/bin/bwrap', '/usr/bin/perl'])('a command behind walls', () => {
  it.each([0, 3, 130, 143, 255])('ends with its exit code %i', async (code) => {
    const ran = await run(sh(`exit ${code}`), { options: WALLS });
    expect([ran.code, ran.signal]).toEqual([code, null]);
  });

  it.each(['SIGTERM', 'SIGKILL', 'SIGINT', 'SIGHUP', 'SIGPIPE', 'SIGUSR1'] as const)(
    'dies of %s, and so do we',
    async (signal) => {
      const ran = await run(sh(`kill -${signal.slice(3)} $$`), { options: WALLS });
      expect([ran.code, ran.signal]).toEqual([null, signal]);
      expect(ran.record.outcome().exit).toEqual({ signal });
    },
  );

  it.each(['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2', 'SIGINT', 'SIGQUIT'] as const)(
    'hears %s that is sent to us, and has its own way of ending',
    async (signal) => {
      const record = newRecord();
      const name = signal.slice(3);
      const script = `trap 'echo got ${name}; exit 9' ${name}; echo ready; while :; do sleep 0.05; done`;
      const child = start([NODE, RUNNER, ...sh(script)], { env: runnerEnv(record, WALLS) });
      await until(() => record.stream('stdout').length > 0, 'the child to be ready');
      child.process.kill(signal);
      const { code, stdout } = await child.finished;
      expect([code, stdout.toString()]).toEqual([9, `ready\ngot ${name}\n`]);
    },
  );

  it('hears what is sent to the whole group', async () => {
    const record = newRecord();
    const script = `trap 'echo got TERM; exit 9' TERM; echo ready; while :; do sleep 0.05; done`;
    // A session of its own, so that the group can be signalled without the tests.
    const child = start(['setsid', '-w', NODE, RUNNER, ...sh(script)], {
      env: runnerEnv(record, WALLS),
    });
    await until(() => record.stream('stdout').length > 0, 'the child to be ready');
    const line = readFileSync(`/proc/${record.childPid()}/stat`, 'latin1');
    const group = Number(line.slice(line.lastIndexOf(')') + 2).split(' ')[2]);
    process.kill(-group, 'SIGTERM');
    await child.finished;
    expect(record.stream('stdout').toString()).toBe('ready\ngot TERM\n');
    expect(record.outcome().exit).toEqual({ code: 9 });
  });

  it('ends by a timeout, all of it', async () => {
    const script = `trap '' TERM; sleep 77 & echo ready; while :; do sleep 0.1; done`;
    const ran = await run(sh(script), { options: { ...WALLS, timeoutMs: 300 } });
    expect(ran.signal).toBe('SIGKILL');
    expect(ran.record.outcome()).toMatchObject({ timedOut: true });
  });

  it('sees its environment, its name and its input exactly', async () => {
    const env = {
      PATH: process.env.PATH ?? '',
      ODD: 'a=b\nc',
      'no.name-of-a-shell': 'x',
      EMPTY: '',
    };
    const shown = await run(['env', '-0'], { options: { ...WALLS, env } });
    expect(Object.fromEntries(shown.text.split('\0').filter(Boolean).map(pair))).toEqual(env);
    const named = await run(['sh', '-c', 'tr "\\0" " " < /proc/self/cmdline; cat'], {
      options: WALLS,
      stdin: Buffer.from([0, 1, 255, 10]),
    });
    expect(named.stdout.subarray(-4)).toEqual(Buffer.from([0, 1, 255, 10]));
  });

  it('has its CPU counted', async () => {
    const ran = await run(sh('i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done'), {
      options: WALLS,
    });
    const { usage } = ran.record.outcome();
    expect(usage.cpuUserMicros).toBeGreaterThan(10_000);
    expect(usage.cpuSource).toContain('inside');
  });

  it('leaves nobody behind, and says whom', async () => {
    const ran = await run(sh('sleep 4321 > /dev/null 2>&1 & echo over'), { options: WALLS });
    expect(ran.text).toBe('over\n');
    expect(ran.record.outcome().leftBehind).toEqual([{ command: 'sleep 4321', ended: true }]);
  });

  it('ends with us, however we end', async () => {
    const record = newRecord();
    const child = start([NODE, RUNNER, ...sh('sleep 54321 & echo ready; wait')], {
      env: runnerEnv(record, WALLS),
    });
    await until(() => record.stream('stdout').length > 0, 'the child to be ready');
    child.process.kill('SIGKILL');
    await until(() => spawnSync('pgrep', ['-f', '^sleep 54321']).status === 1, 'all to be gone');
  });

  it('is told apart from walls that could not be made', async () => {
    const ran = await run(['sh', '-c', 'true'], { options: WALLS, cwd: '/proc/self/fd' });
    expect([ran.code, ran.record.outcome().started]).toEqual([125, false]);
  });

  it('leads its own session in front of a terminal, of its size, and draws on it', async () => {
    const record = newRecord();
    const script =
      'test -t 0 && test -t 1 && test -t 2 && echo all; stty size; echo hi > /dev/tty; [ $(ps -o tpgid= -p $$) -eq $$ ] && echo front';
    const outer = openOuter([NODE, RUNNER, ...sh(script)], {
      env: runnerEnv(record, WALLS),
      columns: 123,
      rows: 45,
    });
    await outer.ended;
    expect(outer.screen()).toBe('all\r\n45 123\r\nhi\r\nfront\r\n');
  });

  it('is interrupted by Ctrl-C as it likes', async () => {
    const record = newRecord();
    const script = `trap 'echo heard; exit 4' INT; echo ready; while :; do sleep 0.05; done`;
    const outer = openOuter([NODE, RUNNER, ...sh(script)], { env: runnerEnv(record, WALLS) });
    await outer.shows('ready');
    outer.type('\x03');
    await outer.ended;
    expect(outer.screen()).toContain('heard');
    expect(record.outcome().exit).toEqual({ code: 4 });
  });

  it('is interrupted by Ctrl-C where only its output is piped', async () => {
    const record = newRecord();
    const script = `trap 'echo heard; exit 4' INT; echo ready; while :; do sleep 0.05; done`;
    const line = `${quote([NODE, RUNNER, ...sh(script)])} | cat`;
    const outer = openOuter(['bash', '--norc', '-c', line], { env: runnerEnv(record, WALLS) });
    await outer.shows('ready');
    outer.type('\x03');
    await outer.ended;
    expect(record.outcome().exit).toEqual({ code: 4 });
  });

  it('is suspended by Ctrl-Z, and goes on with fg', async () => {
    const record = newRecord();
    const env = { ...runnerEnv(record, WALLS), PS1: 'prompt> ', HISTFILE: '/dev/null' };
    const outer = openOuter(['bash', '--norc', '--noprofile', '--noediting', '-i'], { env });
    await outer.shows('prompt> ');
    outer.type(`${quote([NODE, RUNNER, ...sh('echo ready; sleep 1; echo over; exit 3')])}\r`);
    await outer.shows('ready\r\n');
    outer.type('\x1a');
    await outer.shows('Stopped');
    const mark = outer.screen().length;
    outer.type('fg\r');
    await outer.shows('over', mark);
    await outer.shows('prompt> ', outer.screen().indexOf('over', mark));
    outer.type('exit\r');
    await outer.ended;
    expect(record.outcome().exit).toEqual({ code: 3 });
  });

  it('reads a file as input, but not that very descriptor', async () => {
    const file = join(scratch(), 'in');
    const line = `printf 'a\\nb\\n' > ${file}; ${quote([NODE, RUNNER])} sh -c 'cat; readlink /proc/self/fd/0' < ${file}`;
    const record = newRecord();
    const { stdout } = await start(['sh', '-c', line], { env: runnerEnv(record, WALLS) }).finished;
    expect(stdout.toString()).toMatch(/^a\nb\n/);
    expect(stdout.toString()).not.toContain(file);
  });
});

function pair(text: string): [string, string] {
  const at = text.indexOf('=');
  return [text.slice(0, at), text.slice(at + 1)];
}
