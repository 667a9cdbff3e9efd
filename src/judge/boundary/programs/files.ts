import {
  certainStart,
  exactField,
  exactText,
  type Field,
  fieldAfter,
  joined,
  shown,
} from '../field.ts';
import { type Arguments, hasOption, readArguments, valuesOf } from '../options.ts';
import { type Find, named, type Reader, type Readers, reads, writes } from './reading.ts';

/** `dest/name of source`: where a copy lands if the target is a folder. */
function landing(target: Field, source: Field): Field | null {
  const text = exactText(source);
  const name = text?.replace(/\/+$/, '').split('/').at(-1);
  if (!name || name === '.' || name === '..') return null;
  return joined(target, { pieces: [`/${name}`], splits: false });
}

function targetAndSources(found: Arguments): {
  sources: readonly Field[];
  target: Field | undefined;
} {
  const [given] = valuesOf(found, '-t');
  if (given) return { sources: found.operands, target: given };
  return { sources: found.operands.slice(0, -1), target: found.operands.at(-1) };
}

/** The target, and where it lies only matters to what forbids, each source in it. */
function into(target: Field | undefined, sources: readonly Field[], deep: boolean): Find[] {
  if (!target) return [];
  const finds: Find[] = [{ kind: 'write', path: target, deep }];
  for (const source of sources) {
    const path = landing(target, source);
    if (path) finds.push({ kind: 'mention', path });
  }
  return finds;
}

const copy: Reader = (args, _input, name) => {
  const spec =
    '-t,--target-directory: -S,--suffix: -Z,--context? -r -R -a,--archive --recursive --backup? -T';
  const found = readArguments(args, spec);
  const { sources, target } = targetAndSources(found);
  const deep = name === 'mv' || hasOption(found, '-r', '-R', '-a', '--recursive');
  const finds = reads(sources, { deep });
  if (name === 'mv') finds.push(...writes(sources));
  return { finds: [...finds, ...into(target, sources, false)], anywhere: true };
};

/** A link gives a second name: what may not be written under one may not be linked to. */
const link: Reader = (args) => {
  const found = readArguments(args, '-t,--target-directory: -S,--suffix: --backup? -s,--symbolic');
  const { sources, target } =
    found.operands.length === 1
      ? { sources: found.operands, target: { pieces: ['.'], splits: false } }
      : targetAndSources(found);
  const finds: Find[] = [...into(target, sources, false)];
  const isSymbolic = hasOption(found, '-s');
  for (const source of sources) {
    finds.push({ kind: 'read', path: source });
    const isRelative = isSymbolic && !certainStart(source).startsWith('/');
    // A symbolic link is followed from the folder it lies in, which the target names or is.
    const folders = isRelative ? found.operands.filter((field) => field !== source) : [];
    for (const path of folders.flatMap((folder) => fromFolder(folder, source))) {
      finds.push({ kind: 'read', path }, { kind: 'write', path });
    }
    if (!isRelative) finds.push({ kind: 'write', path: source });
  }
  return { finds, anywhere: true };
};

/** A relative path as seen from a folder, or from the folder that a file lies in. */
function fromFolder(place: Field, path: Field): Field[] {
  const text = exactText(place);
  if (text === null) return [path];
  const around = text.replace(/\/+$/, '').replace(/[^/]*$/, '');
  return [around, `${text}/`].map((folder) => joined(exactField(folder || './'), path));
}

const install: Reader = (args) => {
  const spec =
    '-t,--target-directory: -m,--mode: -o,--owner: -g,--group: -S,--suffix: --strip-program: -d,--directory -D';
  const found = readArguments(args, spec);
  const finds: Find[] = valuesOf(found, '--strip-program').map((field) => ({
    kind: 'run',
    fields: [field],
  }));
  if (hasOption(found, '-d')) return { finds: [...finds, ...writes(found.operands)] };
  const { sources, target } = targetAndSources(found);
  return { finds: [...finds, ...reads(sources), ...into(target, sources, false)], anywhere: true };
};

/** Everything named is written; options of `spec` are not files. */
function writer(spec: string, more: { deep?: readonly string[]; skips?: number } = {}): Reader {
  return (args) => {
    const found = readArguments(args, `${spec} -r,-R,--recursive`);
    const skips = hasOption(found, '--reference') ? 0 : (more.skips ?? 0);
    const deep = hasOption(found, ...(more.deep ?? []));
    return {
      finds: [
        ...writes(found.operands.slice(skips), { deep }),
        ...reads(valuesOf(found, '--reference')),
      ],
      anywhere: true,
    };
  };
}

const tee: Reader = (args) => ({ finds: writes(readArguments(args, '').operands), anywhere: true });

const dd: Reader = (args) => {
  const finds = args.flatMap((field): Find[] => {
    const [key = ''] = certainStart(field).split('=', 1);
    const path = fieldAfter(field, key.length + 1);
    if (!path || !certainStart(field).includes('=')) return [];
    if (key === 'of') return [{ kind: 'write', path }];
    return key === 'if' ? [{ kind: 'read', path }] : [];
  });
  return { finds, anywhere: true };
};

/** In and out file; without one, standard input and output. */
const inAndOut: Reader = (args, _input, name) => {
  const found = readArguments(args, '-l: -s: -c: -g: -o: -n: -R: -f: -w: -C');
  const reverse = name === 'uniq' || hasOption(found, '-r') || found.operands.length > 1;
  return {
    finds: [
      ...reads(found.operands.slice(0, 1)),
      ...(reverse ? writes(found.operands.slice(1, 2)) : []),
    ],
    anywhere: true,
  };
};

const split: Reader = (args) => {
  const spec =
    '-a,--suffix-length: -b,--bytes: -C,--line-bytes: -l,--lines: -n,--number: -t,--separator: --filter: --additional-suffix: -f,--prefix: -k';
  const found = readArguments(args, spec);
  const finds: Find[] = valuesOf(found, '--filter').map((text) => ({ kind: 'script', text }));
  const prefix = found.operands[1] ?? valuesOf(found, '-f')[0] ?? { pieces: ['x'], splits: false };
  const output = joined(prefix, { pieces: [{ wild: '*' }], splits: false });
  if (!hasOption(found, '--filter')) finds.push({ kind: 'write', path: output });
  return { finds: [...finds, ...reads(found.operands.slice(0, 1))], anywhere: true };
};

const patch: Reader = (args) => {
  const spec =
    '-p,--strip: -i,--input: -o,--output: -d,--directory: -r,--reject-file: -B: -D: -F: -g: -V: -Y: -z: -E';
  const found = readArguments(args, spec);
  const finds = [...writes([...found.operands.slice(0, 1), ...valuesOf(found, '-o', '-r')])];
  finds.push(...reads([...valuesOf(found, '-i'), ...found.operands.slice(1, 2)]));
  if (found.operands.length === 0 && !hasOption(found, '-o', '--dry-run')) {
    finds.push({ kind: 'ask', why: 'the patch itself names the files it changes' });
  }
  return { finds };
};

/** Editors open what is named, and run what they are told to. */
const editor: Reader = (args, input, name) => {
  const spec =
    '-c: --cmd: -S: -s: -u: -U: -i: -w: -W: -T: -t? -q? --eval: -f: -l,--load: --batch --script:';
  const found = readArguments(args, spec);
  const finds: Find[] = found.options
    .filter(({ name: one }) =>
      ['-c', '--cmd', '-S', '-s', '-u', '-U', '--eval', '-f', '-l', '--script', '-W'].includes(one),
    )
    .filter(({ value }) => value !== null)
    .map(({ at }) => ({ kind: 'ask', why: 'an editor can run any command it is told to', at }));
  const commands = found.operands.filter((field) => certainStart(field).startsWith('+'));
  const texts = [...found.options.flatMap(({ value }) => value ?? []), ...commands].map(shown);
  if (input.kind === 'text' || input.kind === 'pipe') texts.push(...(input.text ?? '').split('\n'));
  for (const text of texts) finds.push(...afterBang(text));
  for (const text of commands) {
    if (!/^\+(\d*|\/.*)$/.test(shown(text))) {
      finds.push({
        kind: 'ask',
        why: 'an editor can run any command it is told to',
        at: args.indexOf(text),
      });
    }
  }
  const paths = found.operands.filter((field) => !commands.includes(field));
  if (paths.some((field) => certainStart(field).startsWith('!'))) {
    finds.push({ kind: 'ask', why: 'the editor runs a command to read from' });
  }
  if (input.kind !== 'inherited' && name !== 'nano') {
    finds.push({ kind: 'ask', why: 'the editor is told what to do by its input' });
  }
  return { finds: [...finds, ...reads(paths), ...writes(paths)] };
};

/** `!command` is how editors and pagers run one. */
export function afterBang(text: string): Find[] {
  const bang = text.indexOf('!');
  return bang < 0 ? [] : [{ kind: 'guess', text: exactField(text.slice(bang + 1)) }];
}

/** Programs that replace a file by its packed or unpacked form. */
const pack: Reader = (args, _input, name) => {
  const spec =
    '-S,--suffix: -b: -T,--threads: -o,--output: -c,--stdout,--to-stdout -t,--test -l,--list -p -k,--keep -D: --filelist:';
  const found = readArguments(args, spec);
  const onlyReads = hasOption(found, '-c', '-t', '-l') || /cat$/.test(name);
  const finds = [...reads(found.operands), ...writes(valuesOf(found, '-o'))];
  return { finds: onlyReads ? finds : [...finds, ...writes(found.operands)], anywhere: true };
};

export const files: Readers = {
  ...named('cp mv', copy),
  ...named('ln link', link),
  install,
  touch: writer('-d,--date: -t: --time: --reference:'),
  mkdir: writer('-m,--mode: -Z,--context?'),
  ...named('rmdir unlink mkfifo', writer('-m,--mode:')),
  mknod: writer('-m,--mode:'),
  rm: writer('', { deep: ['-r'] }),
  shred: writer('-n,--iterations: -s,--size: --random-source:'),
  truncate: writer('-s,--size: --reference:'),
  chmod: (args) =>
    writer('--reference:', { deep: ['-r'], skips: 1 })(
      args.filter((field) => !/^-[rwxXst]+$/.test(shown(field)) || shown(field) === '-R'),
      { kind: 'inherited' },
      'chmod',
    ),
  ...named(
    'chown chgrp chcon chattr setfacl',
    writer('--reference: --from:', { deep: ['-r'], skips: 1 }),
  ),
  tee,
  sponge: tee,
  dd,
  ...named('uniq xxd', inAndOut),
  ...named('split csplit', split),
  patch,
  ...named(
    'vi vim nvim view ex ed red nano emacs emacsclient pico micro joe code subl gvim mvim vimdiff hx kak',
    editor,
  ),
  ...named(
    'gzip gunzip bzip2 bunzip2 xz unxz lzma unlzma zstd unzstd lz4 compress uncompress brotli zcat bzcat xzcat zstdcat gzcat',
    pack,
  ),
};
