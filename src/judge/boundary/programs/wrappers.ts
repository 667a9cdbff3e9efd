import { certainStart, exactText, type Field, joined, shown } from '../field.ts';
import { assignmentIn, hasOption, readArguments, valuesOf } from '../options.ts';
import { type Find, named, type Reader, type Readers, reads, writes } from './reading.ts';

/**
 * A program whose arguments end in a command line. `skips`: how many words stand before it
 * (`timeout 5`); `wraps`: rules need not name it.
 */
function before(spec: string, how: { skips?: number; wraps?: boolean } = {}): Reader {
  return (args) => {
    const { rest } = readArguments(args, spec, { stops: true });
    const fields = rest.slice(how.skips ?? 0);
    const finds: Find[] = fields.length > 0 ? [{ kind: 'run', fields }] : [];
    return { finds, loose: true, wraps: how.wraps === true && fields.length > 0 };
  };
}

/** Words as one text, as programs do that hand them to a shell. */
export function asText(fields: readonly Field[]): Field {
  return joined(
    ...fields.flatMap((field, index) =>
      index === 0 ? [field] : [{ pieces: [' '], splits: false }, field],
    ),
  );
}

const env: Reader = (args) => {
  const spec = '-u,--unset: -C,--chdir: -S,--split-string: -a,--argv0: -P:';
  const found = readArguments(args, spec, { stops: true });
  const finds: Find[] = [];
  const split = found.options.find(({ name, value }) => name === '-S' && value);
  if (split) {
    // The text takes the place of the option: what follows are words of its command.
    const after = args.slice(split.at + (args[split.at + 1] === split.value ? 2 : 1));
    const text = asText([split.value!, ...after]);
    finds.push({ kind: 'script', text });
  }
  const given = found.rest.filter((field, index) => index > 0 || exactText(field) !== '-');
  const first = given.findIndex((field) => !assignmentIn(field));
  const sets = first < 0 ? given : given.slice(0, first);
  const fields = first < 0 ? [] : given.slice(first);
  const cwd = valuesOf(found, '-C')[0];
  if (fields.length > 0 && !hasOption(found, '-S')) {
    finds.push({ kind: 'run', fields, sets, ...(cwd ? { cwd } : {}) });
  }
  return { finds, loose: true };
};

const sudo: Reader = (args) => {
  const spec =
    '-u,--user: -g,--group: -h,--host: -p,--prompt: -C,--close-from: -D,--chdir: -R,--chroot: -r,--role: -t,--type: -T,--command-timeout: -U,--other-user: -e,--edit';
  const found = readArguments(args, spec, { stops: true });
  if (hasOption(found, '-e')) return { finds: [...reads(found.rest), ...writes(found.rest)] };
  const first = found.rest.findIndex((field) => !assignmentIn(field));
  const sets = first < 0 ? found.rest : found.rest.slice(0, first);
  const fields = first < 0 ? [] : found.rest.slice(first);
  const cwd = valuesOf(found, '-D')[0];
  const finds: Find[] =
    fields.length > 0 ? [{ kind: 'run', fields, sets, ...(cwd ? { cwd } : {}) }] : [];
  return { finds, loose: true };
};

/** `su -c TEXT`, `runuser -u USER -- COMMAND`. */
const su: Reader = (args) => {
  const found = readArguments(
    args,
    '-c,--command,--session-command: -g: -G: -s,--shell: -u,--user: -w:',
  );
  const finds: Find[] = valuesOf(found, '-c').map((text) => ({ kind: 'script', text }));
  if (hasOption(found, '-u') && found.operands.length > 0) {
    finds.push({ kind: 'run', fields: found.operands });
  }
  return { finds, loose: true };
};

const time: Reader = (args) => {
  const found = readArguments(args, '-f,--format: -o,--output: -a -v -p', { stops: true });
  const finds: Find[] = writes(valuesOf(found, '-o'));
  if (found.rest.length > 0) finds.push({ kind: 'run', fields: found.rest });
  return { finds, loose: true, wraps: found.rest.length > 0 };
};

/** `command -v x` looks a name up; otherwise it runs it. */
const command: Reader = (args) => {
  const found = readArguments(args, '', { stops: true });
  if (hasOption(found, '-v', '-V'))
    return { finds: [], loose: true, neutral: 'it looks up a name' };
  const finds: Find[] = found.rest.length > 0 ? [{ kind: 'run', fields: found.rest }] : [];
  return { finds, loose: true, wraps: true };
};

/** What comes through the pipe becomes arguments nobody can read, unless it is a list of files. */
const xargs: Reader = (args, input) => {
  const spec =
    '-a,--arg-file: -d,--delimiter: -E: -I: -i,--replace? -e,--eof? -L: -l,--max-lines? -n,--max-args: -P,--max-procs: -s,--max-chars: --process-slot-var:';
  const found = readArguments(args, spec, { stops: true });
  const command = found.rest.length > 0 ? found.rest : [{ pieces: ['echo'], splits: false }];
  const names = input.kind === 'pipe' ? input.names : undefined;
  const given = names
    ? names.map(foundBelow)
    : [{ pieces: [{ unknown: 'what xargs reads' }], splits: true }];
  const mark = valuesOf(found, '-I').map(shown)[0] ?? (hasOption(found, '-i') ? '{}' : null);
  const each =
    mark === null ? [[...command, ...given]] : given.map((one) => replaced(command, mark, one));
  return {
    finds: [
      ...reads(valuesOf(found, '-a')),
      ...each.map((fields): Find => ({ kind: 'run', fields, input: { kind: 'inherited' } })),
    ],
    loose: true,
    anywhere: true,
  };
};

/** A file that a search lists below a folder. */
export function foundBelow(folder: string): Field {
  const found = { unknown: 'a file that is found', tame: 'below' } as const;
  return { pieces: [`${folder.replace(/\/+$/, '')}/`, found], splits: false };
}

/** Words with every `mark` in them replaced by one that stands for what comes later. */
export function replaced(fields: readonly Field[], mark: string, by: Field): Field[] {
  return fields.map((field) => {
    const text = exactText(field);
    if (text === null || mark === '' || !text.includes(mark)) return field;
    const texts = text.split(mark);
    return joined(
      ...texts.flatMap((one, index) => {
        const plain = { pieces: [one], splits: false };
        return index === 0 ? [plain] : [by, plain];
      }),
    );
  });
}

const parallel: Reader = (args) => {
  const spec = '-j,--jobs: -a,--arg-file: -I: -n: -N: -L: -C: -S: --results: --joblog: -k -m -X';
  const found = readArguments(args, spec, { stops: true });
  const stop = found.rest.findIndex((field) => /^:::?:?\+?$/.test(exactText(field) ?? ''));
  const template = stop < 0 ? found.rest : found.rest.slice(0, stop);
  const given = { pieces: [{ unknown: 'what parallel puts in' }], splits: true };
  const finds: Find[] = [{ kind: 'script', text: asText([...template, given]) }];
  if (template.length > 0) finds.push({ kind: 'run', fields: [...template, given] });
  if (template.length === 0) {
    for (const text of found.rest.slice(stop + 1)) finds.push({ kind: 'script', text });
  }
  return { finds, loose: true };
};

/** `script -c TEXT FILE`, `flock FILE COMMAND`, `flock FILE -c TEXT`. */
const script: Reader = (args) => {
  const found = readArguments(args, '-c,--command: -O: -I: -B: -T: -t? -E: -m: -o:');
  const logs = [...found.operands, ...valuesOf(found, '-O', '-I', '-B', '-T')];
  const finds: Find[] = valuesOf(found, '-c').map((text) => ({ kind: 'script', text }));
  return { finds: [...finds, ...writes(logs)], loose: true };
};

const flock: Reader = (args) => {
  const spec = '-w,--timeout: -E,--conflict-exit-code: -c,--command:';
  const { rest } = readArguments(args, spec, { stops: true });
  const after = rest.slice(1);
  const isText = ['-c', '--command'].includes(exactText(after[0]) ?? '');
  const finds: Find[] = writes(rest.slice(0, 1));
  if (isText && after[1]) finds.push({ kind: 'script', text: after[1] });
  else if (after.length > 0) finds.push({ kind: 'run', fields: after });
  return { finds, loose: true };
};

const trace: Reader = (args) => {
  const spec =
    '-e: -o: -p: -s: -u: -E: -a: -b: -I: -O: -S: -P: -X: -x: -l: -n: -F: -A: -D --output:';
  const found = readArguments(args, spec, { stops: true });
  const finds: Find[] = [];
  for (const path of valuesOf(found, '-o', '--output')) {
    if (/^[|!]/.test(certainStart(path))) {
      finds.push({ kind: 'ask', why: 'the trace goes to another program' });
    } else finds.push({ kind: 'write', path });
  }
  if (found.rest.length > 0) finds.push({ kind: 'run', fields: found.rest });
  return { finds, loose: true };
};

const watch: Reader = (args) => {
  const { rest } = readArguments(args, '-n,--interval: -q,--equexit:', { stops: true });
  if (rest.length === 0) return { finds: [] };
  return {
    finds: [
      { kind: 'script', text: asText(rest) },
      { kind: 'run', fields: rest },
    ],
    loose: true,
  };
};

/** Long wrappers whose options nobody can list: the command begins after `--`, or anywhere. */
const anywhereAfter: Reader = (args) => {
  const dashes = args.findIndex((field) => exactText(field) === '--');
  const from = dashes < 0 ? args : args.slice(dashes + 1);
  const starts = dashes < 0 ? from.flatMap((_, index) => startsAt(from, index)) : [from];
  const finds: Find[] = starts
    .filter((fields) => fields.length > 0)
    .map((fields): Find => ({ kind: 'run', fields }));
  for (const path of args) finds.push({ kind: 'mention', path }, { kind: 'guess', text: path });
  return { finds, loose: true };
};

/** Each word that could be a program's name begins a command. */
function startsAt(args: readonly Field[], index: number): Field[][] {
  const text = exactText(args[index]);
  return text !== null && /^[A-Za-z/.]/.test(text) ? [args.slice(index)] : [];
}

const own = (args: readonly Field[]): Field[] | null => {
  const dashes = args.findIndex((field) => exactText(field) === '--');
  return exactText(args[0]) === 'run' && dashes > 0 ? args.slice(dashes + 1) : null;
};

/** `proof run -- …` judges what it runs by itself. */
const proof: Reader = (args) => {
  const fields = own(args);
  return fields ? { finds: [{ kind: 'run', fields }], loose: true, wraps: true } : { finds: [] };
};

export const wrappers: Readers = {
  env,
  ...named('sudo doas pkexec sudoedit', sudo),
  ...named('su runuser', su),
  time,
  command,
  ...named('builtin', before('')),
  exec: (args, input, name) => {
    const read = before('-a:')(args, input, name);
    // Without a command it only redirects this shell.
    return read.finds.length > 0 ? read : { finds: [], neutral: 'it only redirects this shell' };
  },
  nohup: before('', { wraps: true }),
  nice: before('-n,--adjustment: -1 -2 -3 -4 -5 -6 -7 -8 -9', { wraps: true }),
  timeout: before('-s,--signal: -k,--kill-after:', { skips: 1, wraps: true }),
  stdbuf: before('-i,--input: -o,--output: -e,--error:', { wraps: true }),
  ...named(
    'setsid unbuffer chronic fakeroot catchsegv torsocks proxychains proxychains4 rlwrap xvfb-run',
    before('-f: -C: -n: -s: -e: -p:'),
  ),
  ionice: before('-c,--class: -n,--classdata: -p: -P: -u:'),
  chrt: before('-T: -P: -D:', { skips: 1 }),
  taskset: before('', { skips: 1 }),
  ...named('setarch linux32 linux64 i386 x86_64', anywhereAfter),
  ...named('busybox toybox', before('')),
  chroot: before('--userspec: --groups:', { skips: 1 }),
  unshare: before('-S,--setuid: -G,--setgid: -R,--root: -w,--wd:'),
  nsenter: before('-t,--target: -S,--setuid: -G,--setgid:'),
  ...named('cross-env cross-env-shell', env),
  ...named('entr', before('')),
  ...named(
    'systemd-run systemd-inhibit dbus-run-session dbus-launch firejail bwrap proot valgrind gdb lldb perf hyperfine sshpass caffeinate arch op doppler dotenv dotenvx direnv mise asdf nix nix-shell uv poetry pipenv pdm hatch conda mamba micromamba rbenv pyenv nodenv rustup bundle concurrently nodemon wsl heroku fly vagrant lima colima multipass with-contenv s6-setuidgid gosu tini dumb-init setpriv capsh cgexec prlimit numactl schedtool faketime pseudo tsocks torify tmux screen ltrace-run sem',
    anywhereAfter,
  ),
  xargs,
  ...named('parallel', parallel),
  script,
  flock,
  ...named('strace ltrace truss dtruss ktrace', trace),
  watch,
  proof,
};
