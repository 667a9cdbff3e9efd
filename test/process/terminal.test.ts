import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  NODE,
  newRecord,
  quote,
  type Recorded,
  RUNNER,
  runnerEnv,
  scratch,
  until,
} from './drive.ts';
import { type Outer, openOuter } from './outer.ts';

const sh = (script: string) => ['sh', '-c', script];
const missing = (...programs: string[]) =>
  programs.find((name) => !['/usr/bin', '/bin'].some((folder) => existsSync(join(folder, name))));

/** Runs the runner as the only program of a terminal. */
function open(argv: readonly string[], options = {}, size = {}): Outer & { record: Recorded } {
  const record = newRecord();
  const outer = openOuter([NODE, RUNNER, ...argv], { env: runnerEnv(record, options), ...size });
  return { ...outer, record };
}

/** Runs a script of commands in a terminal; `$RUN` in it is the runner. */
function openShell(script: string, options = {}): Outer & { record: Recorded } {
  const record = newRecord();
  const env = { ...runnerEnv(record, options), RUN: quote([NODE, RUNNER]) };
  const outer = openOuter(['bash', '--norc', '-c', script.replaceAll('$RUN', env.RUN)], { env });
  return { ...outer, record };
}

/** An interactive shell with job control, at its prompt. */
async function openJobControl(): Promise<Outer & { record: Recorded }> {
  const record = newRecord();
  const env = { ...runnerEnv(record), PS1: 'prompt> ', HISTFILE: '/dev/null' };
  // Without line editing, whose escape sequences would be between us and what is shown.
  const outer = openOuter(['bash', '--norc', '--noprofile', '--noediting', '-i'], { env });
  await outer.shows('prompt> ');
  return { ...outer, record };
}
const RUN = quote([NODE, RUNNER]);

describe('what the child sees', () => {
  it('a terminal of the same size on all three streams, its own and in front', async () => {
    const outer = open(
      sh(
        'test -t 0 && test -t 1 && test -t 2 && echo all; stty size; echo hi > /dev/tty; [ $(ps -o tpgid= -p $$) -eq $$ ] && echo front',
      ),
      {},
      { columns: 123, rows: 45 },
    );
    await outer.ended;
    expect(outer.screen()).toBe('all\r\n45 123\r\nhi\r\nfront\r\n');
    const { mode, size, exit } = outer.record.outcome();
    expect([mode, size, exit]).toEqual(['pty', { columns: 123, rows: 45 }, { code: 0 }]);
    expect(outer.record.stream('terminal').toString()).toBe(outer.screen());
  });

  it('the modes of the outer terminal', async () => {
    const outer = openShell('stty erase ^H -ixon iutf8 min 3; stty -g; $RUN stty -g');
    await outer.ended;
    const [plain, inner] = outer.screen().split('\r\n');
    expect(inner).toBe(plain);
  });

  it('exactly the environment it was given, and itself as typed', async () => {
    const env = { PATH: process.env.PATH ?? '', 'WITH.DOT': '1' };
    const outer = open(sh('tr "\\0" "\\n" < /proc/self/environ; ls /nowhere'), { env });
    await outer.ended;
    expect(outer.screen()).toBe(
      `PATH=${env.PATH}\r\nWITH.DOT=1\r\nls: cannot access '/nowhere': No such file or directory\r\n`,
    );
  });

  it('a new size when the window changes', async () => {
    const outer = open(sh(`trap 'stty size' WINCH; echo ready; while :; do sleep 0.05; done`));
    await outer.shows('ready');
    outer.resize(77, 22);
    await outer.shows('22 77\r\n');
    outer.type('\x03');
    await outer.ended;
  });

  it('stays usable as /dev/tty by a child that has redirected everything', async () => {
    const outer = open(
      sh('exec < /dev/null > /dev/null 2>&1; sleep 0.3; echo there > /dev/tty; exit 3'),
    );
    expect((await outer.ended).exitCode).toBe(3);
    expect(outer.screen()).toBe('there\r\n');
  });

  it('/dev/tty as output is the terminal as well', async () => {
    const outer = openShell(
      'x=$($RUN sh -c "test -t 0 && test -t 1 && stty -echo && echo tty; echo err >&2" 2>&1 > /dev/tty); echo "[$x]"; stty -a | grep -o " echo "',
    );
    await outer.ended;
    expect(outer.screen()).toBe('tty\r\n[err]\r\n echo \r\n');
  });

  it('colours, byte for byte', async () => {
    const directory = scratch();
    writeFileSync(join(directory, 'file'), '');
    const outer = open(['ls', '--color=auto', '-d', directory]);
    await outer.ended;
    expect(outer.screen()).toContain('\x1b[');
    expect(outer.record.stream('terminal').toString()).toBe(outer.screen());
  });

  it('no terminal of ours left open', async () => {
    const outer = open(sh('ls -l /proc/self/fd'));
    await outer.ended;
    expect(outer.screen()).not.toContain('ptmx');
  });
});

describe('how it ends', () => {
  it.each([0, 3, 255])('exit code %i', async (code) => {
    const outer = open(sh(`exit ${code}`));
    expect((await outer.ended).exitCode).toBe(code);
  });

  it.each([
    ['TERM', 15],
    ['KILL', 9],
    ['HUP', 1],
  ] as const)('death by SIG%s', async (name, number) => {
    const outer = open(sh(`kill -${name} $$`));
    expect(await outer.ended).toMatchObject({ signal: number });
    expect(outer.record.outcome().exit).toEqual({ signal: `SIG${name}` });
  });

  it('what is written right before the end is never lost (200 times)', async () => {
    const outer = open(sh('echo first; echo second >&2; echo last'), { repeat: 200, graceMs: 0 });
    await outer.ended;
    const expected = 'first\r\nsecond\r\nlast\r\n'.repeat(200);
    expect(outer.screen()).toBe(expected);
    expect(outer.record.stream('terminal').toString()).toBe(expected);
  }, 120_000);

  it('a long last output is whole', async () => {
    const outer = open(['seq', '200000']);
    await outer.ended;
    const expected = Array.from({ length: 200_000 }, (_, i) => `${i + 1}\r\n`).join('');
    expect(outer.screen() === expected).toBe(true);
    expect(outer.record.stream('terminal').toString() === expected).toBe(true);
  });
});

describe('keys', () => {
  it('Ctrl-C and Ctrl-\\ are signals to the child', async () => {
    for (const [key, number] of [
      ['\x03', 2],
      ['\x1c', 3],
    ] as const) {
      const outer = open(sh('echo ready; exec sleep 30'));
      await outer.shows('ready');
      outer.type(key);
      expect(await outer.ended).toMatchObject({ signal: number });
    }
  });

  it('a trapped Ctrl-C is delivered once', async () => {
    const outer = open(sh(`trap 'echo caught' INT; echo ready; sleep 0.4; sleep 0.4; echo end`));
    await outer.shows('ready');
    outer.type('\x03');
    await outer.ended;
    expect(outer.screen().match(/caught/g)).toHaveLength(1);
  });

  it('lines are edited by the terminal, and Ctrl-D ends the input', async () => {
    const outer = open(sh('echo ready; cat; echo "end $?"'));
    await outer.shows('ready');
    outer.type('ab\x7fc\r');
    await outer.shows('\r\nac\r\n');
    outer.type('\x04');
    await outer.shows('end 0');
    expect((await outer.ended).exitCode).toBe(0);
  });

  it('a long paste arrives whole', async () => {
    const target = join(scratch(), 'pasted');
    const outer = open(sh(`stty raw -echo; echo ready; head -c 100000 > ${target}; stty sane`));
    await outer.shows('ready');
    const paste = '0123456789'.repeat(10_000);
    outer.type(paste);
    await outer.ended;
    expect(readFileSync(target, 'utf8') === paste).toBe(true);
  });
});

describe('job control', () => {
  it('Ctrl-Z suspends, the shell has its terminal back, fg goes on', async () => {
    const outer = await openJobControl();
    outer.type(
      `stty -g > before; ${RUN} ${quote(sh('echo ready; sleep 1; echo over; exit 3'))}; echo "[$?]"\r`.replace(
        'before',
        `${outer.record.file}.before`,
      ),
    );
    await outer.shows('ready\r\n');
    outer.type('\x1a');
    await outer.shows('Stopped');
    const pid = outer.record.childPid();
    expect(readFileSync(`/proc/${pid}/stat`, 'latin1')).toContain(') T ');
    let mark = outer.screen().length;
    outer.type(`stty -g > ${outer.record.file}.between; echo shell\r`);
    await outer.shows('shell\r\n', mark);
    mark = outer.screen().length;
    outer.type('fg\r');
    await outer.shows('over', mark);
    await outer.shows('prompt> ', outer.screen().indexOf('over', mark));
    outer.type(`stty -g > ${outer.record.file}.after; exit\r`);
    await outer.ended;
    const modes = ['before', 'between', 'after'].map((name) =>
      readFileSync(`${outer.record.file}.${name}`, 'utf8'),
    );
    expect(new Set(modes).size).toBe(1);
    expect(outer.record.outcome().exit).toEqual({ code: 3 });
  });

  it('bg lets it run on behind the prompt, fg takes it back', async () => {
    const outer = await openJobControl();
    outer.type(
      `${RUN} ${quote(sh('echo ready; i=0; while [ $i -lt 12 ]; do sleep 0.1; i=$((i+1)); done; echo halfway; read x; echo "got $x"'))}\r`,
    );
    await outer.shows('ready\r\n');
    outer.type('\x1a');
    await outer.shows('Stopped');
    outer.type('bg\r');
    await outer.shows('halfway\r');
    expect(outer.screen()).toMatch(/ready\r\n\^Z\r\n\[1]\+ {2}Stopped/);
    const mark = outer.screen().length;
    outer.type('echo still the shell\r');
    await outer.shows('\r\nstill the shell', mark);
    outer.type('fg\r');
    await until(() => outer.screen().slice(mark).includes('runner.ts'), 'fg to name the job');
    expect(outer.screen().match(/Stopped/g)).toHaveLength(1);
    await new Promise((done) => setTimeout(done, 600));
    outer.type('word\r');
    await outer.shows('got word');
    await outer.shows('prompt> ', outer.screen().indexOf('got word'));
    outer.type('exit\r');
    await outer.ended;
  });

  it('a command started in the background leaves the terminal alone', async () => {
    const outer = await openJobControl();
    outer.type(`${RUN} ${quote(sh('test -t 1 && echo tty; sleep 0.3; echo done'))} &\r`);
    await outer.shows('tty');
    const mark = outer.screen().length;
    outer.type('echo typed\r');
    await outer.shows('\r\ntyped', mark);
    await outer.shows('done\r');
    expect(outer.screen()).not.toContain('Stopped');
    await until(() => existsSync(`${outer.record.file}.json`), 'the record');
    outer.type('exit\r');
    await outer.ended;
    expect(outer.record.outcome().exit).toEqual({ code: 0 });
  });

  it('an inner shell has job control of its own', async () => {
    const outer = open(['bash', '--norc', '--noprofile', '-i'], {
      env: { PATH: process.env.PATH ?? '', PS1: 'inner> ' },
    });
    await outer.shows('inner> ');
    outer.type('sleep 50\r');
    await new Promise((done) => setTimeout(done, 300));
    outer.type('\x1a');
    await outer.shows('Stopped');
    outer.type('jobs; kill %1; exit 4\r');
    outer.type('exit 4\r');
    expect((await outer.ended).exitCode).toBe(4);
  });
});

describe('stops and ends from outside', () => {
  it('a child stopped and continued by someone else, where there is no job control', async () => {
    const outer = open(sh('echo ready; read x; echo "got $x"'));
    await outer.shows('ready');
    await until(() => outer.record.childPid() !== null, 'the child');
    const pid = Number(outer.record.childPid());
    process.kill(pid, 'SIGSTOP');
    await new Promise((done) => setTimeout(done, 700));
    outer.type('word\r');
    expect(readFileSync(`/proc/${pid}/stat`, 'latin1')).toContain(') T ');
    process.kill(pid, 'SIGCONT');
    await outer.shows('got word');
    await outer.ended;
  });

  it.each(['in front', 'behind'])('a terminal that closes ends a job %s', async (where) => {
    const outer = await openJobControl();
    const record = outer.record;
    outer.type(`${RUN} ${quote(sh('echo ready; sleep 0.5; read x; echo end'))}\r`);
    await outer.shows('ready\r\n');
    if (where === 'behind') {
      outer.type('\x1a');
      await outer.shows('Stopped');
      const mark = outer.screen().length;
      outer.type('bg\r');
      await outer.shows(/&\r\nprompt> /, mark);
    }
    outer.kill('SIGKILL');
    await outer.ended;
    await until(() => existsSync(`${record.file}.json`), 'the end of the runner');
  });

  it('the child is hung up when we are killed', async () => {
    const file = join(scratch(), 'heard');
    const outer = open(
      sh(`trap 'echo hup > ${file}; exit' HUP; echo ready; while :; do sleep 0.05; done`),
    );
    await outer.shows('ready');
    outer.kill('SIGKILL');
    await until(() => existsSync(file) && readFileSync(file, 'utf8') === 'hup\n', 'the hang-up');
  });
});

describe('full-screen programs', () => {
  it.skipIf(missing('vi'))('vi: open a file, insert, :wq', async () => {
    const file = join(scratch(), 'text');
    writeFileSync(file, 'world\n');
    const outer = open(['vi', '-u', 'NONE', file]);
    await outer.shows('world');
    outer.type('ihello \x1b');
    await outer.shows('hello');
    outer.type(':wq\r');
    expect((await outer.ended).exitCode).toBe(0);
    expect(readFileSync(file, 'utf8')).toBe('hello world\n');
    expect(outer.record.stream('terminal').toString('latin1')).toBe(outer.screen());
  });

  it.skipIf(missing('top'))('top: quit with q', async () => {
    const outer = open(['top']);
    await outer.shows(/load average/);
    outer.type('q');
    expect((await outer.ended).exitCode).toBe(0);
  });

  it.skipIf(missing('less'))('less reads its keys although its input is a pipe', async () => {
    const outer = openShell('seq 500 | $RUN less; echo "[$?]"');
    await outer.shows(':');
    outer.type('G');
    await outer.shows('500');
    outer.type('q');
    await outer.shows('[0]');
  });

  it.skipIf(missing('more'))('more as well, and its lines still start on the left', async () => {
    const outer = openShell('seq 100 | $RUN more; echo "[$?]"; stty -a | grep -o " echo "');
    await outer.shows('--More--');
    await new Promise((done) => setTimeout(done, 300));
    outer.type(' ');
    await outer.shows('\r\n40\r\n41\r\n');
    outer.type('q');
    await outer.shows('[0]\r\n echo ');
  });

  it('a password is asked for on the user’s own terminal', async () => {
    const outer = openShell(
      `echo piped | $RUN bash -c 'read a; read -s -p "pw: " x </dev/tty; echo "<$a $x>"'`,
    );
    await outer.shows('pw: ');
    outer.type('secret\r');
    await outer.ended;
    expect(outer.screen()).toBe('pw: <piped secret>\r\n');
  });

  it('a bare line feed moves straight down', async () => {
    const outer = open(sh(`stty -opost; printf 'a\\nb'; stty opost`));
    await outer.ended;
    expect(outer.screen()).toBe('a\nb');
  });
});

it.skipIf(missing('vi'))(
  'without setsid the child stays in our session, and vi still works',
  async () => {
    const directory = scratch();
    for (const program of ['vi', 'stty'])
      symlinkSync(`/usr/bin/${program}`, join(directory, program));
    const file = join(directory, 'text');
    writeFileSync(file, 'world\n');
    const record = newRecord();
    const env = { ...runnerEnv(record), PATH: directory };
    const outer = openOuter([NODE, RUNNER, 'vi', '-u', 'NONE', file], { env });
    await outer.shows('world');
    outer.type('ihello \x1b');
    await outer.shows('hello');
    outer.type(':wq\r');
    expect((await outer.ended).exitCode).toBe(0);
    expect(readFileSync(file, 'utf8')).toBe('hello world\n');
  },
);

it('one inside another', async () => {
  const outer = open([
    NODE,
    RUNNER,
    NODE,
    RUNNER,
    'sh',
    '-c',
    'stty size; read x; echo "<$x>"; kill -TERM $$',
  ]);
  await outer.shows('30 90');
  outer.type('ab\x7fc\r');
  expect(await outer.ended).toMatchObject({ signal: 15 });
  expect(outer.screen()).toBe('30 90\r\nab\b \bc\r\n<ac>\r\n');
});

describe('mixed streams', () => {
  const noisy = Buffer.from(Array.from({ length: 200_000 }, (_, i) => (i * 11) & 255));

  it('piped input, exact to the last byte and its end', async () => {
    const source = join(scratch(), 'bytes');
    const target = join(scratch(), 'copy');
    writeFileSync(source, noisy);
    const outer = openShell(
      `cat ${source} | $RUN sh -c 'test -t 0 || test -t 1 && cat > ${target}; echo end'`,
    );
    await outer.ended;
    expect(outer.screen()).toBe('end\r\n');
    expect(readFileSync(target).equals(noisy)).toBe(true);
    expect(outer.record.stream('terminal').toString()).toBe('end\n');
    expect(outer.record.outcome()).toMatchObject({ mode: 'pty', bareLineFeeds: true });
  });

  it('a file as input keeps its place', async () => {
    const file = join(scratch(), 'lines');
    writeFileSync(file, 'one\ntwo\nthree\n');
    const outer = openShell(
      `{ read a; $RUN sh -c 'read b; echo "child $b"'; read c; echo "$a $c"; } < ${file}`,
    );
    await outer.ended;
    expect(outer.screen()).toBe('child two\r\none three\r\n');
  });

  it('no input', async () => {
    const outer = openShell(`$RUN sh -c 'cat; test -t 1 && echo tty' < /dev/null`);
    await outer.ended;
    expect(outer.screen()).toBe('tty\r\n');
  });

  it('Ctrl-C ends a whole pipeline', async () => {
    const outer = openShell(`sleep 30 | $RUN sh -c 'echo ready; cat'; echo not reached`);
    await outer.shows('ready');
    outer.type('\x03');
    expect(await outer.ended).toMatchObject({ signal: 2 });
  });

  it('errors sent elsewhere stay apart', async () => {
    const file = join(scratch(), 'errors');
    const outer = openShell(
      `$RUN sh -c 'test -t 1 && echo out; test -t 2 || echo err >&2; echo x > /dev/stderr' 2>${file}`,
    );
    await outer.ended;
    expect(outer.screen()).toBe('out\r\n');
    expect(readFileSync(file, 'utf8')).toBe('err\nx\n');
    expect(outer.record.stream('stderr').toString()).toBe('err\nx\n');
    expect(outer.record.stream('terminal').toString()).toBe('out\r\n');
  });

  it('output sent elsewhere, errors still on the terminal', async () => {
    const outer = openShell(
      `$RUN sh -c 'test -t 2 && echo tty >&2; test -t 1 || echo piped' | cat`,
    );
    await outer.ended;
    expect(outer.screen()).toContain('tty\r\n');
    expect(outer.screen()).toContain('piped\r\n');
    expect(outer.record.stream('stdout').toString()).toBe('piped\n');
    expect(outer.record.stream('stderr').toString()).toBe('tty\n');
    expect(outer.record.outcome().mode).toBe('pipes');
  });

  it('a new size reaches a child with piped input', async () => {
    const outer = openShell(
      `sleep 30 | $RUN bash -c 'trap "stty size <&1" WINCH; echo ready; while :; do sleep 0.05; done'`,
    );
    await outer.shows('ready');
    outer.resize(61, 17);
    await outer.shows('17 61\r\n');
    outer.type('\x03');
    await outer.ended;
  });
});

describe('what is left behind', () => {
  it.each([
    ['a normal end', 'echo hi', undefined],
    ['a child killed in raw mode', 'stty raw -echo; kill -KILL $$', undefined],
    ['SIGTERM to us', 'echo ready; exec sleep 30', 'SIGTERM'],
    ['SIGHUP to us', 'echo ready; exec sleep 30', 'SIGHUP'],
    ['SIGINT to us', 'echo ready; exec sleep 30', 'SIGINT'],
  ] as const)('the modes of the terminal, after %s', async (_, script, signal) => {
    const outer = openShell(`stty -g; trap : INT; ${RUN} ${quote(sh(script))}; stty -g; echo over`);
    if (signal) {
      await outer.shows('ready');
      await until(() => outer.record.childPid() !== null, 'the child');
      const parent = readFileSync(`/proc/${outer.record.childPid()}/stat`, 'latin1')
        .split(') ')[1]
        ?.split(' ')[1];
      process.kill(Number(parent), signal);
    }
    await outer.shows('over');
    const lines = outer
      .screen()
      .split(/\r*\n/)
      .filter((line) => /^[0-9a-f:]{40,}$/.test(line));
    expect(lines).toHaveLength(2);
    expect(lines[1]).toBe(lines[0]);
  });

  it('a background child with piped input keeps its terminal', async () => {
    const outer = openShell(
      `$RUN sh -c '(sleep 1; echo late) & echo now' < /dev/null; echo shell; sleep 1.5`,
      { graceMs: 100 },
    );
    await outer.ended;
    expect(outer.screen()).toBe('now\r\nshell\r\nlate\r\n');
    expect(outer.record.outcome().openAfterExit).toEqual(['terminal']);
  });

  it('a background child that survives the hang-up goes on as well', async () => {
    const outer = openShell(
      `$RUN sh -c 'trap "" HUP; (sleep 1; echo late) & echo now'; echo shell; sleep 1.5`,
      { graceMs: 100 },
    );
    await outer.ended;
    expect(outer.screen().replaceAll('\r', '')).toBe('now\nshell\nlate\n');
    expect(outer.record.outcome().openAfterExit).toEqual(['terminal']);
  });
});
