import { changesPrograms, holdsCode, influenceOf, setInSum } from '../assignments.ts';
import { exactText, type Field, joined, shown } from '../field.ts';
import { assignmentIn, exactWords, hasOption, readArguments, valuesOf } from '../options.ts';
import { type Find, named, type Reader, type Readers, type Reading, reads } from './reading.ts';

const NEUTRAL = 'it changes nothing outside of this shell';

const nothing: Reader = () => ({ finds: [], loose: true, neutral: NEUTRAL });

function asks(why: string): Reading {
  return { finds: [{ kind: 'ask', why }] };
}

/** Names inside `[…]` of these are computed, and a sum can hold a command. */
function arithmetic(args: readonly Field[]): Find[] {
  return args.some((field) => holdsCode(shown(field)))
    ? [{ kind: 'ask', why: 'a command can hide in what is computed' }]
    : [];
}

function sums(args: readonly Field[]): Find[] {
  const name = args.map((field) => setInSum(shown(field))).find((one) => one !== null);
  return name ? settingOf(name, false) : [];
}

const test: Reader = (args) => ({ finds: arithmetic(args), loose: true, neutral: NEUTRAL });

/** `eval` joins its words with spaces and reads them again. */
const evaluate: Reader = (args) => {
  const words = exactText(args[0]) === '--' ? args.slice(1) : args;
  const spaced = words.flatMap((word, index) =>
    index === 0 ? [word] : [{ pieces: [' '], splits: false }, word],
  );
  const finds: Find[] = [
    { kind: 'script', text: joined(...spaced) },
    { kind: 'ask', why: 'what eval changes in this shell is not followed' },
  ];
  return { finds };
};

const source: Reader = (args) => ({
  finds: [
    ...reads(args.slice(0, 1)),
    { kind: 'ask', why: 'the commands of another file run in this shell', at: 0 },
  ],
});

const trap: Reader = (args) => {
  const { operands } = readArguments(args, '-l -p -P');
  const [code, ...signals] = operands;
  if (!code || signals.length === 0 || ['', '-'].includes(exactText(code) ?? '?')) {
    return { finds: [], neutral: NEUTRAL };
  }
  return { finds: [{ kind: 'script', text: code }], neutral: 'its text is judged' };
};

/** `export`, `declare` and their like: what they set, and for whom. */
const declare: Reader = (args, _input, name) => {
  const { options, operands } = readArguments(args, '');
  const finds = arithmetic(operands);
  const exports = name === 'export' || hasOption({ options, operands }, '-x');
  for (const field of operands) {
    const variable = assignmentIn(field)?.name ?? exactText(field);
    if (variable === null) finds.push({ kind: 'ask', why: 'which variable is set cannot be read' });
    else finds.push(...settingOf(variable, exports));
  }
  if (options.some(({ name: one }) => /^-[fn]$/.test(one)) && operands.length > 0) {
    finds.push({ kind: 'ask', why: 'functions or references of this shell are changed' });
  }
  return { finds, neutral: NEUTRAL, loose: true };
};

function settingOf(variable: string, exported: boolean): Find[] {
  const isPlain = exported ? influenceOf(variable) === 'harmless' : !changesPrograms(variable);
  if (isPlain) return [];
  return [{ kind: 'ask', why: `${variable} can change what later commands do` }];
}

const readLine: Reader = (args) => {
  const found = readArguments(args, '-a: -d: -i: -n: -N: -p: -t: -u:');
  const names = [...found.operands, ...valuesOf(found, '-a')];
  return { finds: names.flatMap(set), loose: true, neutral: NEUTRAL };
};

function set(field: Field): Find[] {
  const name = exactText(field);
  if (name === null || holdsCode(name)) {
    return [{ kind: 'ask', why: 'which variable is set cannot be read' }];
  }
  return settingOf(name, false);
}

const mapfile: Reader = (args) => {
  const found = readArguments(args, '-d: -n: -O: -s: -u: -C: -c:');
  const finds = found.operands.flatMap(set);
  for (const text of valuesOf(found, '-C')) finds.push({ kind: 'script', text });
  return { finds, neutral: NEUTRAL };
};

const print: Reader = (args, _input, name) => {
  if (name !== 'printf' || exactText(args[0]) !== '-v')
    return { finds: [], loose: true, anywhere: true };
  return { finds: args[1] ? set(args[1]) : [], loose: true, anywhere: true };
};

/** `set -e` and its like; anything else can change how the rest is read. */
const setOptions: Reader = (args) => {
  const words = exactWords(args);
  const plain = words?.every((word, index) => {
    if (words[index - 1] && /^[-+][a-z]*o$/.test(words[index - 1]!)) {
      return /^(errexit|nounset|pipefail|xtrace|errtrace|functrace|noclobber|verbose|noglob)$/.test(
        word,
      );
    }
    return /^[-+][euxvfEToC]+$/.test(word) || word === '--' || !/^[-+]/.test(word);
  });
  return plain ? { finds: [], neutral: NEUTRAL } : asks('it changes how the shell reads the rest');
};

const changesShell: Reader = () => asks('it changes what names mean in this shell');

const unset: Reader = (args) => ({
  finds: [
    ...arithmetic(args),
    ...args.flatMap((field): Find[] => {
      const name = exactText(field);
      if (name?.startsWith('-')) return [];
      return name === null ? set(field) : settingOf(name, false);
    }),
  ],
  neutral: NEUTRAL,
});

const hash: Reader = (args) =>
  hasOption(readArguments(args, '-p:'), '-p')
    ? asks('it puts another program behind a name')
    : { finds: [], neutral: NEUTRAL };

/** `cd` inside of the workspace needs no rule; where it leads is seen by the shell's state. */
const changeDirectory: Reader = () => ({
  finds: [],
  loose: true,
  neutral: NEUTRAL,
  anywhere: true,
});

export const builtins: Readers = {
  ...named(': true false exit logout return break continue shift wait dirs popd', nothing),
  ...named('cd pushd', changeDirectory),
  ...named('test [', test),
  let: (args) => ({ finds: [...arithmetic(args), ...sums(args)], neutral: NEUTRAL, loose: true }),
  eval: evaluate,
  ...named('source .', source),
  trap,
  ...named('export declare typeset local readonly', declare),
  ...named('read', readLine),
  ...named('mapfile readarray', mapfile),
  ...named('echo printf', print),
  set: setOptions,
  unset,
  hash,
  alias: (args) => ({
    finds: [
      ...args.flatMap((field): Find[] => {
        const text = assignmentIn(field)?.value;
        return text ? [{ kind: 'script', text }] : [];
      }),
      ...(args.length > 0 ? changesShell(args, { kind: 'inherited' }, 'alias').finds : []),
    ],
  }),
  ...named('unalias enable shopt bind complete compopt compgen fc history', changesShell),
  getopts: (args) => ({ finds: args.slice(1, 2).flatMap(set), loose: true, neutral: NEUTRAL }),
};
