import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  chmodSync,
  createReadStream,
  mkdirSync,
  openSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { NODE, newRecord, quote, RUNNER, run, runnerEnv, scratch, start, until } from './drive.ts';

const sh = (script: string) => ['sh', '-c', script];

describe('how it ends', () => {
  it.each([0, 3, 255])('exit code %i', async (code) => {
    const { code: seen, record } = await run(sh(`exit ${code}`));
    expect(seen).toBe(code);
    expect(record.outcome()).toMatchObject({ mode: 'pipes', exit: { code }, timedOut: false });
  });

  it.each(['TERM', 'KILL', 'INT', 'HUP', 'PIPE', 'USR1', 'ALRM'])(
    'death by SIG%s',
    async (name) => {
      const { signal, record } = await run(sh(`kill -${name} $$`));
      expect(signal).toBe(`SIG${name}`);
      expect(record.outcome().exit).toEqual({ signal: `SIG${name}` });
    },
  );

  it.each(['SEGV', 'ABRT'])(
    'death by SIG%s is 128+n to a shell, core limit or not',
    async (name) => {
      const number = { SEGV: 139, ABRT: 134 }[name];
      const { file } = newRecord();
      const command = quote([NODE, RUNNER, ...sh(`kill -${name} $$`)]);
      const env = { ...process.env, RUNNER_RECORD: file };
      for (const limit of ['0', 'unlimited']) {
        const cwd = scratch();
        const shell = start(['bash', '-c', `ulimit -c ${limit}; ${command}; echo $?`], {
          env,
          cwd,
        });
        expect((await shell.finished).stdout.toString()).toContain(`${number}\n`);
      }
    },
  );

  it('not found and not executable', async () => {
    const directory = scratch();
    writeFileSync(join(directory, 'plain'), 'x');
    mkdirSync(join(directory, 'folder'));
    expect((await run(['no-such-command-here'])).code).toBe(127);
    expect((await run(['./missing'], { cwd: directory })).code).toBe(127);
    expect((await run(['./plain'], { cwd: directory })).code).toBe(126);
    expect((await run(['./folder'], { cwd: directory })).code).toBe(126);
  });

  it('a script whose interpreter is missing is an error with a code, not a crash', async () => {
    const directory = scratch();
    writeFileSync(join(directory, 'broken'), '#!/no/such/interpreter\n');
    chmodSync(join(directory, 'broken'), 0o755);
    const { errors, code } = await run(['./broken'], { cwd: directory });
    expect(code).toBe(1);
    expect(errors).toContain('command-not-started');
  });
});

describe('output', () => {
  it('keeps the streams apart', async () => {
    const { code, text, errors, record } = await run(sh('echo out; echo err >&2; exit 3'));
    expect([code, text, errors]).toEqual([3, 'out\n', 'err\n']);
    expect(record.stream('stdout').toString()).toBe('out\n');
    expect(record.stream('stderr').toString()).toBe('err\n');
    expect(record.outcome()).not.toHaveProperty('merged');
  });

  it('keeps the exact order where the user sends both into one pipe', async () => {
    const script = 'i=0; while [ $i -lt 200 ]; do echo o$i; echo e$i >&2; i=$((i+1)); done';
    const record = newRecord();
    const shell = start(sh(`${quote([NODE, RUNNER, ...sh(script)])} 2>&1 | cat`), {
      env: runnerEnv(record),
    });
    const expected = Array.from({ length: 200 }, (_, i) => `o${i}\ne${i}\n`).join('');
    expect((await shell.finished).stdout.toString()).toBe(expected);
    expect(record.stream('stdout').toString()).toBe(expected);
    expect(record.outcome().merged).toBe(true);
  });

  it('can be opened again by name, as a real pipe can', async () => {
    const { text, errors, code } = await run(
      sh('echo x > /dev/stderr; echo y | tee /dev/stderr; echo z | tee /dev/stdout'),
    );
    expect([code, errors, text]).toEqual([0, 'x\ny\n', 'y\nz\nz\n']);
  });

  it('200 MB of binary arrive unchanged, with flat memory', async () => {
    const directory = scratch();
    const record = newRecord();
    const source = join(import.meta.dirname, 'noise.ts');
    const user = openSync(join(directory, 'user'), 'w');
    const child = spawn(NODE, [RUNNER, NODE, source, '200'], {
      env: runnerEnv(record),
      stdio: ['ignore', user, 'inherit'],
    });
    const [code] = await once(child, 'exit');
    const { noise } = await import('./noise.ts');
    const hash = createHash('sha256');
    for (const chunk of noise(200)) hash.update(chunk);
    const expected = hash.digest('hex');
    expect(code).toBe(0);
    expect(await sha256(join(directory, 'user'))).toBe(expected);
    expect(await sha256(`${record.file}.stdout`)).toBe(expected);
    expect(record.outcome().own.peakRss).toBeLessThan(250e6);
  });

  it('flat memory and nothing lost behind a slow reader and a slow sink', async () => {
    const record = newRecord();
    const script = `${quote([NODE, RUNNER, 'head', '-c', '30000000', '/dev/zero'])} | { sleep 1; wc -c; }`;
    const shell = start(sh(script), { env: runnerEnv(record, { sinkDelayMs: 1 }) });
    expect((await shell.finished).stdout.toString().trim()).toBe('30000000');
    expect(record.stream('stdout').length).toBe(30_000_000);
    expect(record.outcome().own.peakRss).toBeLessThan(200e6);
    expect(record.outcome().openAfterExit).toEqual([]);
  });

  it('a reader slower than the grace is not mistaken for a background child', async () => {
    const record = newRecord();
    const script = `${quote([NODE, RUNNER, 'head', '-c', '400000', '/dev/zero'])} | { sleep 1; wc -c; }`;
    const shell = start(sh(script), { env: runnerEnv(record, { graceMs: 50 }) });
    expect((await shell.finished).stdout.toString().trim()).toBe('400000');
    expect(record.outcome().openAfterExit).toEqual([]);
    expect(record.stream('stdout').length).toBe(400_000);
  });

  it('what is written right before the end is never lost (200 times)', async () => {
    const { text, errors, record } = await run(sh('echo first; echo second >&2; echo last'), {
      options: { repeat: 200, graceMs: 0 },
    });
    expect(text).toBe('first\nlast\n'.repeat(200));
    expect(errors).toBe('second\n'.repeat(200));
    expect(record.stream('stdout').toString()).toBe(text);
    expect(record.stream('stderr').toString()).toBe(errors);
  }, 60_000);

  it('a child that closes its descriptors and lives on', async () => {
    const { text, code, record } = await run(
      sh('echo before; exec >&- 2>&-; sleep 0.3; echo unseen; exit 7'),
    );
    expect([code, text]).toEqual([7, 'before\n']);
    expect(record.outcome().durationMicros).toBeGreaterThan(300_000);
  });

  it('a reader that leaves ends the child by SIGPIPE', async () => {
    const record = newRecord();
    const script = `${quote([NODE, RUNNER, 'yes'])} | head -1; echo "\${PIPESTATUS[0]}"`;
    const shell = start(['bash', '-c', script], { env: runnerEnv(record) });
    expect((await shell.finished).stdout.toString()).toBe('y\n141\n');
    expect(record.outcome()).toMatchObject({
      exit: { signal: 'SIGPIPE' },
      readerClosed: ['stdout'],
    });
  });

  it('the other stream goes on being recorded when one reader left', async () => {
    const record = newRecord();
    const child = `trap '' PIPE; i=0; while [ $i -lt 50 ]; do echo o || :; echo e$i >&2; sleep 0.01; i=$((i+1)); done`;
    const shell = start(['bash', '-c', `${quote([NODE, RUNNER, ...sh(child)])} | true`], {
      env: runnerEnv(record),
    });
    const { stderr } = await shell.finished;
    expect(stderr.toString()).toContain('e49');
    expect(record.stream('stderr').toString()).toBe(stderr.toString());
  });

  it('a full disk is told apart from a reader that left', async () => {
    const record = newRecord();
    const script = `${quote([NODE, RUNNER, ...sh('echo lost; sleep 0.2')])} > /dev/full`;
    await start(['bash', '-c', script], { env: runnerEnv(record) }).finished;
    expect(record.outcome().undelivered).toEqual([{ stream: 'stdout', code: 'ENOSPC' }]);
    expect(record.stream('stdout').toString()).toBe('lost\n');
  });

  it('a broken sink changes nothing for the user', async () => {
    const { text, code, record } = await run(
      sh('for i in 1 2 3 4 5; do echo $i; sleep 0.1; done; exit 4'),
      { options: { sinkThrowsAfter: 2 } },
    );
    expect([code, text]).toEqual([4, '1\n2\n3\n4\n5\n']);
    expect(record.outcome().sinkFailed).toContain('the sink is broken');
    // On a busy machine two lines may come as one chunk.
    const recorded = record.stream('stdout').toString();
    expect(recorded).toMatch(/^1\n2\n/);
    expect(text.startsWith(recorded) && recorded !== text).toBe(true);
  });
});

describe('input and surroundings', () => {
  it('piped input is exact, and so is its end', async () => {
    const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 7) & 255));
    const { stdout, code } = await run(['cat'], { stdin: bytes });
    expect(code).toBe(0);
    expect(stdout.equals(bytes)).toBe(true);
  });

  it('leaves the rest of a shared input to whoever comes next', async () => {
    const record = newRecord();
    const file = join(scratch(), 'lines');
    writeFileSync(file, 'one\ntwo\nthree\n');
    const script = `read a; ${quote([NODE, RUNNER, ...sh('read b; echo "child $b"')])}; read c; echo "$a $c"`;
    const shell = start(sh(`{ ${script}; } < ${file}`), { env: runnerEnv(record) });
    expect((await shell.finished).stdout.toString()).toBe('child two\none three\n');
  });

  it('the environment is passed exactly', async () => {
    const env = {
      PATH: process.env.PATH ?? '',
      ODD: 'a=b\nc',
      'WITH.DOT': '1',
      'BASH_FUNC_f%%': '() { :; }',
    };
    const { stdout } = await run(['env', '-0'], { options: { env } });
    expect(stdout.toString().split('\0').filter(Boolean)).toEqual(
      Object.entries(env).map(([name, value]) => `${name}=${value}`),
    );
  });

  it('the child sees its own name as typed', async () => {
    const directory = scratch();
    writeFileSync(join(directory, 'me.sh'), '#!/bin/sh\necho "$0"\n');
    chmodSync(join(directory, 'me.sh'), 0o755);
    expect((await run(['./me.sh'], { cwd: directory })).text).toBe('./me.sh\n');
    expect((await run(['ls', '/no/such/file'])).errors).toMatch(/^ls: /);
  });

  it('stays in our process group, and inherits further descriptors', async () => {
    const file = join(scratch(), 'extra');
    writeFileSync(file, '');
    const script = `${quote([NODE, RUNNER, ...sh('echo three >&3; cat /dev/fd/63; ps -o pgid= -p $$')])} 3>>${file} 63</etc/hostname; ps -o pgid= -p $$`;
    const shell = start(['bash', '-c', script], { env: runnerEnv(newRecord()) });
    const lines = (await shell.finished).stdout.toString().split('\n');
    expect(readFileSync(file, 'utf8')).toBe('three\n');
    expect(lines[0]).toBe(readFileSync('/etc/hostname', 'utf8').trim());
    expect(lines[1]?.trim()).toBe(lines[2]?.trim());
  });

  it('reports what it cost', async () => {
    const burn =
      'const b = Buffer.alloc(80e6, 1); while (process.cpuUsage().user < 500_000); setTimeout(() => b, 100)';
    const { record } = await run([NODE, '-e', burn]);
    const { usage, durationMicros } = record.outcome();
    expect((usage.cpuUserMicros ?? 0) + (usage.cpuSystemMicros ?? 0)).toBeGreaterThan(300_000);
    expect(usage.peakRssBytes).toBeGreaterThan(80e6);
    expect(durationMicros).toBeGreaterThan(500_000);
  });
});

describe('on a poorer system', () => {
  /** A PATH with these programs and no others. */
  function only(...programs: string[]): string {
    const directory = scratch();
    for (const program of programs) symlinkSync(`/bin/${program}`, join(directory, program));
    return directory;
  }

  it('without mkfifo the streams are Node’s own, and all else is the same', async () => {
    const record = newRecord();
    const env = { ...runnerEnv(record, { graceMs: 100 }), PATH: only('sh', 'cat', 'sleep') };
    const script = '(sleep 0.6; echo late) & echo out; echo err >&2; exit 3';
    const child = start([NODE, RUNNER, ...sh(script)], { env });
    const { code, stdout, stderr } = await child.finished;
    expect([code, stdout.toString(), stderr.toString()]).toEqual([3, 'out\nlate\n', 'err\n']);
    expect(record.stream('stdout').toString()).toBe('out\n');
    expect(record.stream('stderr').toString()).toBe('err\n');
  });
});

describe('signals and time', () => {
  it.each(['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2', 'SIGINT', 'SIGQUIT'] as const)(
    '%s sent to us is the child’s',
    async (signal) => {
      const record = newRecord();
      const name = signal.slice(3);
      const script = `trap 'echo got ${name}; exit 9' ${name}; echo ready; while :; do sleep 0.05; done`;
      const child = start([NODE, RUNNER, ...sh(script)], { env: runnerEnv(record) });
      await until(() => record.stream('stdout').length > 0, 'the child to be ready');
      child.process.kill(signal);
      const { code, stdout } = await child.finished;
      expect([code, stdout.toString()]).toEqual([9, `ready\ngot ${name}\n`]);
    },
  );

  it('a child that ignores SIGTERM is waited for', async () => {
    const record = newRecord();
    const script = `trap '' TERM; echo ready; sleep 0.6; echo done; exit 5`;
    const child = start([NODE, RUNNER, ...sh(script)], { env: runnerEnv(record) });
    await until(() => record.stream('stdout').length > 0, 'the child to be ready');
    child.process.kill('SIGTERM');
    const { code, stdout } = await child.finished;
    expect([code, stdout.toString()]).toEqual([5, 'ready\ndone\n']);
  });

  it('a timeout ends the child and what it has started', async () => {
    const { signal, record } = await run(sh('sleep 77 & echo $!; wait; echo never'), {
      options: { timeoutMs: 300 },
    });
    expect(signal).toBe('SIGTERM');
    expect(record.outcome()).toMatchObject({ timedOut: true, openAfterExit: [] });
    const grandchild = Number(record.stream('stdout').toString());
    await until(() => !alive(grandchild), 'the grandchild to be gone');
  });

  it('a timeout ends a child that ignores SIGTERM after 5 s', async () => {
    const { signal, record } = await run(sh(`trap '' TERM; while :; do sleep 0.2; done`), {
      options: { timeoutMs: 200 },
    });
    expect(signal).toBe('SIGKILL');
    const { durationMicros, timedOut } = record.outcome();
    expect(timedOut).toBe(true);
    expect(durationMicros).toBeGreaterThan(5_100_000);
    expect(durationMicros).toBeLessThan(7_000_000);
  });
});

describe('background children', () => {
  it('short ones are awaited', async () => {
    const { text, record } = await run(sh('(sleep 0.3; echo late) & echo now'));
    expect(text).toBe('now\nlate\n');
    expect(record.stream('stdout').toString()).toBe('now\nlate\n');
    expect(record.outcome().openAfterExit).toEqual([]);
  });

  it('long ones are a gap in the record, not in what the user sees', async () => {
    const { text, errors, code, record } = await run(
      sh('(sleep 1; echo late; echo late >&2; sleep 0.2; echo later) & echo now; exit 6'),
      { options: { graceMs: 100 } },
    );
    expect([code, text, errors]).toEqual([6, 'now\nlate\nlater\n', 'late\n']);
    expect(record.stream('stdout').toString()).toBe('now\n');
    expect(record.outcome().openAfterExit.toSorted()).toEqual(['stderr', 'stdout']);
    expect(record.outcome().durationMicros).toBeLessThan(1_000_000);
  });

  it('a busy one does not keep us for ever, and loses nothing', async () => {
    const { text, record } = await run(sh('(seq 3000000) & sleep 0.05'), {
      options: { graceMs: 50, sinkDelayMs: 3 },
    });
    expect(createHash('sha256').update(text).digest('hex')).toBe(
      createHash('sha256')
        .update(Array.from({ length: 3_000_000 }, (_, i) => `${i + 1}\n`).join(''))
        .digest('hex'),
    );
    expect(record.outcome().openAfterExit).toContain('stdout');
  });
});

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !readFileSync(`/proc/${pid}/stat`, 'latin1').includes(') Z ');
  } catch {
    return false;
  }
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest('hex');
}
