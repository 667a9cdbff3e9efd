import { certainStart, exactText, type Field, fieldAfter } from '../field.ts';
import { hasOption, readArguments, valuesOf } from '../options.ts';
import { type Find, named, type Reader, type Readers } from './reading.ts';

const PACKAGE: Field = { pieces: ['package.json'], splits: false };

const spec =
  '-C,--prefix,--dir,--cwd: --script-shell,--shell: --node-options: --userconfig: --globalconfig: --git: --editor: --viewer: -c,--call: -p,--package: -w,--workspace: --registry: --cache: --loglevel: --tag: --otp: --before: --omit: --include: -F,--filter: --init-module: --node-gyp: --onload-script: -s,--silent -q,--quiet -d';

/** npm and its like: scripts of the workspace, packages from elsewhere, settings that run code. */
const manager: Reader = (args, _input, name) => {
  const dashes = args.findIndex((field) => exactText(field) === '--');
  const own = dashes < 0 ? args : args.slice(0, dashes);
  const before = readArguments(own, spec);
  const finds: Find[] = [];
  for (const { name: option, value, at } of before.options) {
    const runs = [
      '--script-shell',
      '--node-options',
      '--git',
      '--editor',
      '--viewer',
      '--userconfig',
      '--globalconfig',
      '--init-module',
      '--node-gyp',
      '--onload-script',
    ];
    if (runs.includes(option))
      finds.push({ kind: 'ask', why: `${option} makes it run other code`, at });
    if (option === '-C' && value) finds.push({ kind: 'mention', path: value });
    if (option === '-c' && value) finds.push({ kind: 'script', text: value });
  }
  const [subcommand, ...operands] = before.operands;
  const word = exactText(subcommand) ?? '';
  finds.push(...bySubcommand(name, word, operands, args, subcommand));
  for (const path of args) finds.push({ kind: 'mention', path });
  return { finds, ...plainWords(args) };
};

function bySubcommand(
  name: string,
  word: string,
  operands: readonly Field[],
  args: readonly Field[],
  subcommand: Field | undefined,
): Find[] {
  if (/^(exec|x|dlx)$/.test(word) || (name === 'bun' && word === 'x')) {
    const { rest } = readArguments(args.slice(args.indexOf(subcommand!) + 1), spec, {
      stops: true,
    });
    // `npm exec rm -- -rf`: what follows the dashes is the program's.
    const fields = rest.filter((field, index) => index === 0 || exactText(field) !== '--');
    return fields.length > 0 ? [{ kind: 'run', fields: withoutVersion(fields) }] : [];
  }
  if (word === 'explore') {
    const dashes = args.findIndex((field) => exactText(field) === '--');
    return dashes < 0 ? [] : [{ kind: 'run', fields: args.slice(dashes + 1) }];
  }
  if (word === 'pkg' && /^(set|delete|fix)$/.test(exactText(operands[0]) ?? '')) {
    return [{ kind: 'write', path: PACKAGE }];
  }
  if (/^(set-script|version|init)$/.test(word)) return [{ kind: 'write', path: PACKAGE }];
  if (
    (/^(config|c)$/.test(word) && /^(set|delete|edit|fix)$/.test(exactText(operands[0]) ?? '')) ||
    word === 'set'
  ) {
    return [{ kind: 'ask', why: 'its settings can make it run other code' }];
  }
  if (/^(node|eval)$/.test(word) && name !== 'npm')
    return [{ kind: 'run', fields: [subcommandField(word), ...operands] }];
  return [];
}

function subcommandField(word: string): Field {
  return { pieces: [word], splits: false };
}

/** The words without options that only make it quieter. */
function plainWords(args: readonly Field[]): { plain?: readonly Field[] } {
  const first = args.findIndex((field) => !certainStart(field).startsWith('-'));
  const head = args.slice(0, Math.max(first, 0));
  const quiet = head.every((field) =>
    /^(-s|-q|-d|--silent|--quiet|--no-color|--color)$/.test(exactText(field) ?? ''),
  );
  return head.length > 0 && quiet ? { plain: args.slice(head.length) } : {};
}

/** `npx pkg …`: a program that may come from elsewhere. */
const runner: Reader = (args) => {
  const found = readArguments(
    args,
    '-p,--package: -c,--call: -w,--workspace: --registry: --node-options: --script-shell,--shell: --userconfig: -n,--node-arg: -y,--yes',
    { stops: true },
  );
  const finds: Find[] = valuesOf(found, '-c').map((text) => ({ kind: 'script', text }));
  if (hasOption(found, '--node-options', '--script-shell', '--userconfig', '-n')) {
    finds.push({ kind: 'ask', why: 'an option makes it run other code' });
  }
  if (found.rest.length > 0) finds.push({ kind: 'run', fields: withoutVersion(found.rest) });
  return { finds };
};

/** `rimraf@5` is rimraf. */
function withoutVersion(fields: readonly Field[]): Field[] {
  const name = exactText(fields[0]);
  if (name === null) return [...fields];
  const plain = name.replace(/(?<=.)@[^/]*$/, '');
  return plain === name ? [...fields] : [{ pieces: [plain], splits: false }, ...fields.slice(1)];
}

const make: Reader = (args) => {
  const found = readArguments(
    args,
    '-f,--file,--makefile: -C,--directory: -I,--include-dir: -o,--old-file: -W,--what-if: -j? -l? -O? --eval,-E:',
  );
  const finds: Find[] = [];
  for (const { name, value, at } of found.options) {
    if (name === '--eval') {
      finds.push({ kind: 'ask', why: 'it is given rules of its own', at });
      const text = exactText(value ?? undefined);
      if (text !== null)
        finds.push({
          kind: 'script',
          text: { pieces: [text.replace(/^[^:]*:+\s*;?/, '')], splits: false },
        });
    }
    if (/^-[fCI]$/.test(name) && value) finds.push({ kind: 'mention', path: value });
    if (name === '-f' && ['-', '/dev/stdin'].includes(exactText(value ?? undefined) ?? '')) {
      finds.push({ kind: 'ask', why: 'its rules come through a pipe', at });
    }
  }
  for (const field of found.operands) {
    const set = /^([\w.-]+)\s*[:+?!]*=(.*)$/s.exec(certainStart(field));
    if (!set) continue;
    finds.push({ kind: 'ask', why: `${set[1]} can change what it runs`, at: args.indexOf(field) });
    finds.push({ kind: 'script', text: { pieces: [set[2]!], splits: false } });
  }
  return { finds };
};

/** Build tools whose options bring in programs or settings that are programs. */
const builder: Reader = (args) => {
  const found = readArguments(
    args,
    '--config: -Z: --manifest-path: --target-dir: --out-dir,--artifact-dir: --lockfile-path: -p,--package: -C: --features: -c: -o: --rootdir: --pdbcls: --confcutdir: --basetemp: --junitxml,--junit-xml: --require,-r: --import: --loader: --globalSetup: --setupFiles: --runner: --environment: --reporter: --testRunner: --plugin: --rulesdir: --resolve-plugins-relative-to: --parser: --formatter,-f: --init-script,-I: --settings-file,-s:',
  );
  const finds: Find[] = args.map((path) => ({ kind: 'mention', path }));
  for (const { name, value, at } of found.options) {
    if (
      /^(--config|-Z|-C|--pdbcls|--globalSetup|--setupFiles|--runner|--testRunner|--init-script)$/.test(
        name,
      )
    ) {
      const text = exactText(value ?? undefined);
      // A file of the workspace is the workspace's own; a setting in the words is not.
      if (text === null || text.includes('=') || /^(--pdbcls|-Z|-C)$/.test(name)) {
        finds.push({ kind: 'ask', why: `${name} can make it run other code`, at });
      }
    }
    if (/^(--target-dir|--out-dir|--basetemp|--junitxml)$/.test(name) && value) {
      finds.push({ kind: 'write', path: value });
    }
  }
  const toolchain = args.find((field) => certainStart(field).startsWith('+'));
  if (toolchain)
    finds.push({ kind: 'ask', why: 'another toolchain runs', at: args.indexOf(toolchain) });
  return { finds };
};

const pytest: Reader = (args, input, name) => {
  const found = readArguments(args, '-p: -c: -o: -k: -m: -n: -W: -r:');
  const plugins = found.options.filter(
    ({ name: one, value }) => one === '-p' && !certainStart(value ?? args[0]!).startsWith('no:'),
  );
  const { finds } = builder(args, input, name);
  const asks = plugins.map(({ at }): Find => ({ kind: 'ask', why: 'a plugin is loaded', at }));
  return { finds: [...finds, ...asks] };
};

/** go's options begin with one dash or two, and take their values after `=` or as the next word. */
const go: Reader = (args) => {
  const finds: Find[] = args.map((path) => ({ kind: 'mention', path }));
  for (const [at, field] of args.entries()) {
    const found = /^--?([a-z]+)(=)?/i.exec(certainStart(field));
    if (!found) continue;
    const value = found[2] ? fieldAfter(field, found[0].length) : args[at + 1];
    if (!value) continue;
    if (/^(o|outputdir|trace|(cover|cpu|mem|block|mutex)profile)$/.test(found[1]!)) {
      finds.push({ kind: 'write', path: value });
    } else if (/^(exec|toolexec|vettool)$/.test(found[1]!)) {
      finds.push(
        { kind: 'script', text: value },
        { kind: 'ask', why: 'it names a program to run', at },
      );
    } else if (
      /^(modfile|overlay|pkgdir)$/.test(found[1]!) ||
      /ext(ld|ar)/.test(certainStart(value))
    ) {
      finds.push({ kind: 'ask', why: 'it can make go build other code', at });
    }
  }
  return { finds };
};

export const packages: Readers = {
  go,
  ...named('pytest py.test', pytest),
  ...named('cargo vitest jest mocha ava tap eslint prettier gradle mvn tox nox', builder),
  ...named('npm pnpm yarn bun cnpm', manager),
  ...named('npx bunx pnpx uvx pipx', runner),
  ...named('make gmake bmake', make),
};
