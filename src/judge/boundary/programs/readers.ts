import { certainStart, exactText, type Field } from '../field.ts';
import { type Arguments, hasOption, readArguments, valuesOf } from '../options.ts';
import { afterBang } from './files.ts';
import { type Find, named, type Reader, type Readers, reads, writes } from './reading.ts';
import { foundBelow } from './wrappers.ts';

/** What it names is read, whatever the options; a value of one taken for a file harms nothing. */
const plain: Reader = (args) => ({ finds: readsOf(args), anywhere: true });

function readsOf(args: readonly Field[]): Find[] {
  const found = readArguments(args, '--files0-from:');
  // `diff -r`: other readers take no folders, whatever the letter means to them.
  const deep = hasOption(found, '-r', '-R', '--recursive');
  const finds = reads([...found.operands, ...attached(found)], { deep });
  if (hasOption(found, '--files0-from')) {
    finds.push({ kind: 'ask', why: 'a list nobody sees names the files' });
  }
  return finds;
}

/** `--file=x`, where the program is not known well enough to say which options take files. */
function attached({ options }: Arguments): Field[] {
  return options.flatMap(({ value }) => (value ? [value] : []));
}

/** Names and dates only. */
const listing: Reader = (args) => ({
  finds: readArguments(args, '-I: -L: -P: -w: -T:').operands.map((path) => ({
    kind: 'read',
    path,
    isListing: true,
  })),
  anywhere: true,
});

const tree: Reader = (args, input, name) => {
  const found = readArguments(args, '-o: -L: -P: -I: --filelimit: --charset:');
  return { ...listing(args, input, name), finds: [...writes(valuesOf(found, '-o'))] };
};

const HERE: Field = { pieces: ['.'], splits: false };

const nothing: Reader = () => ({ finds: [], loose: true, anywhere: true });

/** A first operand that is no file (a pattern, a filter), then files. */
function patternThenFiles(
  spec: string,
  patterns: readonly string[],
): (args: readonly Field[]) => { found: Arguments; files: readonly Field[] } {
  return (args) => {
    const found = readArguments(args, spec);
    const files = hasOption(found, ...patterns) ? found.operands : found.operands.slice(1);
    return { found, files };
  };
}

const grepArguments = patternThenFiles(
  '-e,--regexp: -f,--file: -m,--max-count: -A,--after-context: -B,--before-context: -C,--context: -D,--devices: -d,--directories: --include: --exclude: --exclude-dir: --exclude-from: --label: --color,--colour? -r,-R,--recursive,--dereference-recursive --binary-files:',
  ['-e', '-f'],
);

const grep: Reader = (args, _input, name) => {
  const { found, files } = grepArguments(args);
  const recursive =
    hasOption(found, '-r') ||
    name === 'rgrep' ||
    valuesOf(found, '-d').some((d) => exactText(d) === 'recurse');
  const includes = valuesOf(found, '--include').map(exactText);
  // `*.ts` is not meant for files that hide.
  const narrow = includes.length > 0 && includes.every((glob) => /^\*\.\w+$/.test(glob ?? ''));
  // Without a file, -r means the directory, whatever comes through a pipe.
  const where = files.length === 0 && recursive ? [foundBelow('.')] : files;
  return {
    finds: [
      ...reads(valuesOf(found, '-f', '--exclude-from')),
      ...reads(where, { deep: recursive && !narrow }),
    ],
    anywhere: true,
  };
};

const rgArguments = patternThenFiles(
  '-e,--regexp: -f,--file: -m,--max-count: -A,--after-context: -B,--before-context: -C,--context: -g,--glob: --iglob: -t,--type: -T,--type-not: -j,--threads: -r,--replace: -d,--max-depth: -M,--max-columns: -E,--encoding: --sort: --sortr: --color: --colors: --pre: --pre-glob: --hostname-bin: --ignore-file: --engine: --files --type-list --hidden -u,--unrestricted --no-ignore -z,--search-zip',
  ['-e', '-f', '--files', '--type-list'],
);

const rg: Reader = (args, input) => {
  const { found, files } = rgArguments(args);
  const finds: Find[] = valuesOf(found, '--pre', '--hostname-bin').map((field) => ({
    kind: 'run',
    fields: [field, { pieces: [{ unknown: 'a file that is searched' }], splits: false }],
  }));
  // What is hidden or ignored it passes over by itself, but for what is named.
  const all = hasOption(found, '--hidden', '-.', '-u', '--no-ignore');
  const here = files.length === 0 && input.kind === 'inherited';
  finds.push(...reads(valuesOf(found, '-f', '--ignore-file')));
  if (hasOption(found, '--files')) {
    finds.push(...files.map((path): Find => ({ kind: 'read', path, isListing: true })));
  } else if (!hasOption(found, '--type-list')) {
    const globs = valuesOf(found, '-g', '--iglob').map(exactText);
    const narrow =
      !all &&
      (hasOption(found, '-t') ||
        (globs.length > 0 && globs.every((glob) => /^\*\.\w+$/.test(glob ?? ''))));
    finds.push(...reads(here ? [HERE] : files, { deep: !narrow }));
  }
  return { finds, anywhere: true };
};

const fd: Reader = (args) => {
  const found = readArguments(
    args,
    '-e,--extension: -t,--type: -E,--exclude: -d,--max-depth: -x,--exec: -X,--exec-batch: -c: -j: --base-directory:',
    {},
  );
  const mark = args.findIndex((field) =>
    /^(-x|-X|--exec|--exec-batch)$/.test(exactText(field) ?? ''),
  );
  const finds: Find[] = [];
  if (mark >= 0) {
    finds.push({ kind: 'run', fields: [...args.slice(mark + 1), foundBelow('.')] });
  } else if (hasOption(found, '-x', '-X')) {
    finds.push({ kind: 'ask', why: 'it runs a command for each file it finds' });
  }
  return { finds, anywhere: true };
};

const sort: Reader = (args) => {
  const spec =
    '-o,--output: -k,--key: -t,--field-separator: -S,--buffer-size: -T,--temporary-directory: --parallel: --batch-size: --compress-program: --files0-from: --random-source: --sort: -c,--check?';
  const found = readArguments(args, spec);
  const finds: Find[] = valuesOf(found, '--compress-program').map((field) => ({
    kind: 'run',
    fields: [field],
  }));
  finds.push(...writes(valuesOf(found, '-o')), ...reads(found.operands));
  finds.push(...reads(valuesOf(found, '--random-source')));
  if (hasOption(found, '--files0-from')) {
    finds.push({ kind: 'ask', why: 'a list nobody sees names the files' });
  }
  return { finds, anywhere: true };
};

/** Readers with one option that names an output. */
const withOutput: Reader = (args) => {
  const found = readArguments(
    args,
    '-o,--output: -n,--head-count: -i,--input-range: -f: -t: -e: -m,--magic-file: --pager:',
  );
  const finds: Find[] = [...reads(found.operands), ...writes(valuesOf(found, '-o'))];
  for (const text of valuesOf(found, '--pager')) finds.push({ kind: 'script', text });
  return { finds, anywhere: true };
};

const pager: Reader = (args, _input, name) => {
  const found = readArguments(
    args,
    '-o,-O,--log-file,--LOG-FILE: -k,--lesskey-file: --lesskey-src: --lesskey-content: -P,--pager: -H,--html? -C,--config-file: -p: -t: -T: -x: -b: -h: -j: -y: -z: -M: -L: -R -m: -S: -s: -e:',
  );
  const finds: Find[] = writes(valuesOf(found, '-o'));
  if (hasOption(found, '-k', '--lesskey-src', '--lesskey-content')) {
    finds.push({ kind: 'ask', why: 'keys of a pager can run commands' });
  }
  if (name === 'man') {
    for (const text of valuesOf(found, '-P', '-H')) finds.push({ kind: 'script', text });
    if (hasOption(found, '-H', '-C'))
      finds.push({ kind: 'ask', why: 'it shows the page with another program' });
    for (const path of found.operands) finds.push({ kind: 'mention', path });
    return { finds, anywhere: true };
  }
  const commands = found.operands.filter((field) => certainStart(field).startsWith('+'));
  for (const command of commands) finds.push(...afterBang(certainStart(command)));
  if (commands.some((field) => /[!|vs&]/.test(certainStart(field).slice(1)))) {
    finds.push({ kind: 'ask', why: 'a pager is told to run a command' });
  }
  return {
    finds: [...finds, ...reads(found.operands.filter((f) => !commands.includes(f)))],
    anywhere: true,
  };
};

const jq: Reader = (args) => {
  const spec =
    '-f,--from-file: -L: --arg:: --argjson:: --slurpfile:: --rawfile:: --argfile:: --indent: --tab --args --jsonargs -n';
  const named_: Find[] = [];
  const rest: Field[] = [];
  for (let at = 0; at < args.length; at++) {
    const text = exactText(args[at]);
    if (text === '--arg' || text === '--argjson') at += 2;
    else if (text === '--slurpfile' || text === '--rawfile' || text === '--argfile') {
      if (args[at + 2]) named_.push({ kind: 'read', path: args[at + 2]! });
      at += 2;
    } else rest.push(args[at]!);
  }
  const found = readArguments(rest, spec.replaceAll('::', ':'));
  const files = hasOption(found, '-f', '--args', '--jsonargs')
    ? found.operands
    : found.operands.slice(1);
  return {
    finds: [...named_, ...reads([...valuesOf(found, '-f', '-L'), ...files])],
    anywhere: true,
  };
};

const yq: Reader = (args, input, name) => {
  const found = readArguments(
    args,
    '-i,--inplace,--in-place -o: -p: -I: --from-file: -s,--split-exp:',
  );
  const inPlace = hasOption(found, '-i', '-s');
  return {
    finds: [...jq(args, input, name).finds, ...(inPlace ? writes(found.operands) : [])],
    anywhere: true,
  };
};

const date: Reader = (args) => ({
  finds: reads(
    valuesOf(readArguments(args, '-f,--file: -d,--date: -r,--reference: -s,--set:'), '-f'),
  ),
  anywhere: true,
});

export const readers: Readers = {
  ...named(
    'cat head tail wc nl tac rev cut paste fold fmt expand unexpand od hexdump hd strings md5sum sha1sum sha224sum sha256sum sha384sum sha512sum b2sum cksum sum diff sdiff diff3 cmp comm join base64 base32 basenc pr column look xmllint csvcut csvlook bc dc numfmt tsort ptx sha3sum crc32 uuencode',
    plain,
  ),
  ...named('ls dir vdir stat du df exa eza lsd readlink realpath namei', listing),
  tree,
  ...named(
    'pwd whoami id uname hostname sleep seq nproc uptime free arch tty groups logname factor basename dirname yes expr cal which type whereis whatis apropos tput clear jobs times',
    nothing,
  ),
  date,
  ...named('grep egrep fgrep rgrep zgrep zegrep zfgrep', grep),
  ...named('rg ripgrep', rg),
  ...named('fd fdfind', fd),
  sort,
  ...named('shuf iconv file bat batcat tr', withOutput),
  ...named('less more most man zless zmore pg', pager),
  jq,
  ...named('yq dasel tomlq xq', yq),
};
