import { exactText, type Field, shown } from '../field.ts';
import type { Input } from '../hearing.ts';
import { readArguments } from '../options.ts';
import { type Find, named, type Reader, type Readers, reads } from './reading.ts';

/** A shell: text after `-c`, a file, or what comes to its standard input. */
const shell: Reader = (args, input, name) => {
  const spec =
    '-o: -O: +o: +O: --rcfile,--init-file: -c,--command -C,--init-command: --features: -s --posix -l -i';
  const { options, rest } = readArguments(args, spec, { stops: true });
  const finds: Find[] = [];
  const startup = options.filter(({ name: one }) => ['--rcfile', '-C'].includes(one));
  if (startup.length > 0) {
    finds.push({ kind: 'ask', why: 'commands of another file run first', at: startup[0]!.at });
  }
  const words = rest.filter((field) => !/^\+[A-Za-z]/.test(shown(field)));
  if (options.some(({ name: one }) => one === '-c')) {
    if (words[0]) finds.push({ kind: 'script', text: words[0] });
    else finds.push({ kind: 'ask', why: 'the text after -c is missing' });
    if (/^(fish|zsh|tcsh|csh|nu|xonsh|elvish|rc|es)$/.test(name)) {
      finds.push({
        kind: 'ask',
        why: `it is read as bash would, and ${name} may read it otherwise`,
      });
    }
    return { finds };
  }
  const isFile = words.length > 0 && !options.some(({ name: one }) => one === '-s');
  if (isFile) return { finds: [...finds, ...scriptFile(words[0]!)] };
  return { finds: [...finds, ...fromInput(input, 'a shell')] };
};

function scriptFile(file: Field): Find[] {
  const path = exactText(file);
  if (path !== null && /^(-|\/dev\/(stdin|fd\/\d+)|\/proc\/self\/fd\/\d+)$/.test(path)) {
    return [{ kind: 'ask', why: 'what comes through a pipe is run' }];
  }
  return reads([file]);
}

/** What a shell does with its standard input when no text and no file is given. */
function fromInput(input: Input, who: string): Find[] {
  if (input.kind === 'text') {
    if (input.text === null)
      return [{ kind: 'ask', why: `${who} runs a text that cannot be read` }];
    return [{ kind: 'script', text: { pieces: [input.text], splits: false } }];
  }
  if (input.kind === 'pipe') {
    const finds: Find[] = [{ kind: 'ask', why: `what comes through the pipe is run by ${who}` }];
    if (input.text !== undefined) {
      finds.push({ kind: 'script', text: { pieces: [input.text], splits: false } });
    }
    return finds;
  }
  if (input.kind === 'file') return [{ kind: 'ask', why: `${who} runs what a file holds` }];
  return [];
}

interface Language {
  readonly names: string;
  /** Options in the notation of readArguments; those of `code` take a text that is run. */
  readonly spec: string;
  readonly code: readonly string[];
  /** Options whose value is a file or module that runs as well. */
  readonly loads?: readonly string[];
}

const languages: readonly Language[] = [
  { names: 'python python2 python3 pypy pypy3', spec: '-c: -m: -W: -X: -Q:', code: ['-c'] },
  {
    names: 'node nodejs',
    spec: '-e,--eval: -p,--print: -pe: -r,--require: --import: --loader,--experimental-loader: -C,--conditions: --env-file,--env-file-if-exists: --input-type: --title: -i,--interactive',
    code: ['-e', '-p', '-pe'],
    loads: ['-r', '--import', '--loader'],
  },
  {
    names: 'perl',
    spec: '-e: -E: -I: -M: -m: -i? -0? -l? -F: -C? -D: -x?',
    code: ['-e', '-E'],
    loads: ['-M', '-m', '-I'],
  },
  {
    names: 'ruby irb',
    spec: '-e: -I: -r: -C: -E: -F: -i? -0? -x? -W?',
    code: ['-e'],
    loads: ['-r', '-I'],
  },
  {
    names: 'php',
    spec: '-r: -B: -R: -E: -F: -f: -d: -c: -S: -t: -z:',
    code: ['-r', '-B', '-R', '-E'],
    loads: ['-d', '-c'],
  },
  { names: 'lua luajit', spec: '-e: -l: -W', code: ['-e'], loads: ['-l'] },
  { names: 'osascript', spec: '-e: -l: -s:', code: ['-e'] },
  { names: 'Rscript R', spec: '-e: --file:', code: ['-e'] },
  {
    names: 'julia',
    spec: '-e,--eval: -E,--print: -L,--load: -C: -p: -t:',
    code: ['-e', '-E'],
    loads: ['-L'],
  },
  {
    names:
      'ghc runghc runhaskell elixir iex groovy scala kotlin clojure clj sbcl guile racket swipl ocaml gjs',
    spec: '-e,--eval: -c: -E: --execute:',
    code: ['-e', '-c', '-E', '--execute'],
  },
  { names: 'erl', spec: '-eval: -run: -s:', code: ['-eval'] },
  { names: 'tclsh wish expect', spec: '-c: -f:', code: ['-c'] },
  {
    names: 'psql mysql mariadb sqlite3 mongosh redis-cli',
    spec: '-c,--command: -e,--execute,--eval: -f,--file: -h: -U: -d: -p: -P: -u: -n: -cmd:',
    code: ['-c', '-e', '-cmd'],
  },
  {
    names: 'pwsh powershell',
    spec: '-c,-Command,-command: -File: -EncodedCommand,-enc,-e:',
    code: ['-c', '-EncodedCommand'],
  },
];

function interpreter({ spec, code, loads = [] }: Language): Reader {
  return (args, input, name) => {
    const read = readArguments(args, spec, { stops: true });
    // What python runs ends its options: the rest is for the module.
    const last = /^py/.test(name) ? read.options.findIndex((one) => /^-[cm]$/.test(one.name)) : -1;
    const options = last < 0 ? read.options : read.options.slice(0, last + 1);
    const runs = last < 0 ? null : read.options[last]!.value;
    const rest = runs === null ? read.rest : afterValue(args, runs);
    const finds: Find[] = [];
    for (const option of options) {
      if (code.includes(option.name) && option.value) {
        finds.push({ kind: 'code', text: option.value, language: name, at: option.at });
      }
      if (loads.includes(option.name)) {
        finds.push({ kind: 'ask', why: `${option.name} loads code of its own`, at: option.at });
      }
      if (option.name === '--env-file' && option.value)
        finds.push({ kind: 'read', path: option.value });
      if (option.name === '-i' && /^(perl|ruby)$/.test(name)) finds.push(...inPlace(rest));
    }
    const hasCode = options.some((one) => code.includes(one.name) || one.name === '-m');
    const module = options.find((one) => one.name === '-m' && /^py/.test(name))?.value;
    if (module)
      return { finds: [...finds, { kind: 'run', fields: [module, ...rest], vouched: true }] };
    if (hasCode) {
      const paths = /^py/.test(name) ? [] : rest;
      return { finds: [...finds, ...paths.map((path): Find => ({ kind: 'mention', path }))] };
    }
    const file = rest[0];
    if (file && exactText(file) !== '-') {
      const paths = rest.slice(1).map((path): Find => ({ kind: 'mention', path }));
      return { finds: [...finds, ...reads([file]), ...outside(file), ...paths] };
    }
    return { finds: [...finds, ...codeFromInput(input, name)] };
  };
}

/** The arguments after the one that holds an option's value, attached or not. */
function afterValue(args: readonly Field[], value: Field): readonly Field[] {
  const at = args.findIndex((field) => field === value || shown(field).endsWith(shown(value)));
  return args.slice(at + 1);
}

/** `/tmp/x.py` is code that a rule for `python *` did not mean. */
function outside(file: Field): Find[] {
  return [{ kind: 'mention', path: file }];
}

function inPlace(paths: readonly Field[]): Find[] {
  return paths.map((path) => ({ kind: 'write', path }));
}

function codeFromInput(input: Input, name: string): Find[] {
  if (input.kind === 'inherited') return [];
  const finds: Find[] = [{ kind: 'ask', why: `${name} runs what comes to its standard input` }];
  const text = input.kind === 'text' ? input.text : input.kind === 'pipe' ? input.text : undefined;
  if (typeof text === 'string') {
    finds.push({ kind: 'code', text: { pieces: [text], splits: false }, language: name });
  }
  return finds;
}

/** `at` and its like run later what comes to their standard input, or what a file holds. */
const later: Reader = (args, input) => ({
  finds: [
    ...fromInput(input, 'a shell later'),
    ...args.map((path): Find => ({ kind: 'mention', path })),
  ],
});

export const shells: Readers = {
  ...named('at batch crontab', later),
  ...named(
    'sh bash dash zsh ksh ksh93 mksh pdksh ash rbash yash fish tcsh csh nu xonsh elvish posh',
    shell,
  ),
  ...Object.assign({}, ...languages.map((one) => named(one.names, interpreter(one)))),
};
