import { EXIT, ProofError } from '../../core/errors.ts';

/** Flags that every command takes. */
export interface GlobalFlags {
  json: boolean;
  help: boolean;
  version: boolean;
  quiet: boolean;
  debug: boolean;
  color: 'auto' | 'always' | 'never';
  ledger: string | undefined;
  directory: string | undefined;
}

export const GLOBAL_FLAGS: readonly (readonly [
  flag: string,
  value: string | null,
  does: string,
])[] = [
  ['--json', null, 'print the documented JSON shape instead of text'],
  ['--ledger', 'DIR', 'use the ledger in this directory'],
  ['-C', 'DIR', 'work as if started in this directory'],
  ['--color', 'WHEN', 'auto, always or never'],
  ['--quiet', null, 'no remarks beside the answer'],
  ['--debug', null, 'show where an error came from'],
  ['--help', null, 'help for this command (also -h)'],
  ['--version', null, 'the version of this command'],
];

export type UsageErrorCode =
  | 'usage.unknown-command'
  | 'usage.unknown-flag'
  | 'usage.missing-value'
  | 'usage.missing-argument'
  | 'usage.too-many-arguments'
  | 'usage.bad-value';

export function usageError(code: UsageErrorCode, message: string, why: string, remedy: string) {
  return new ProofError<UsageErrorCode>({ code, message, why, remedy, exit: EXIT.usage });
}

/** Takes a global flag at `words[at]`; returns how many words it used, 0 if it is none. */
export function takeGlobal(words: readonly string[], at: number, flags: GlobalFlags): number {
  const word = words[at] as string;
  const [name, inline] = splitFlag(word);
  switch (name) {
    case '--json':
    case '--quiet':
    case '--debug':
    case '--help':
    case '--version':
      flags[name.slice(2) as 'json'] = true;
      return 1;
    case '-h':
      flags.help = true;
      return 1;
    case '--no-color':
      flags.color = 'never';
      return 1;
    case '--ledger':
    case '-C':
    case '--color': {
      const value = inline ?? words[at + 1];
      if (value === undefined)
        throw usageError(
          'usage.missing-value',
          `${name} needs a value`,
          'nothing follows it',
          'proof help',
        );
      if (name === '--ledger') flags.ledger = value;
      else if (name === '-C') flags.directory = value;
      else flags.color = colorWhen(value);
      return inline === undefined ? 2 : 1;
    }
    default:
      return 0;
  }
}

export function noFlags(): GlobalFlags {
  return {
    json: false,
    help: false,
    version: false,
    quiet: false,
    debug: false,
    color: 'auto',
    ledger: undefined,
    directory: undefined,
  };
}

/** `--name=value` in two; the value is undefined without an equals sign. */
export function splitFlag(word: string): [name: string, value: string | undefined] {
  const at = word.startsWith('--') ? word.indexOf('=') : -1;
  return at < 0 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)];
}

function colorWhen(value: string): GlobalFlags['color'] {
  if (value === 'auto' || value === 'always' || value === 'never') return value;
  throw usageError(
    'usage.bad-value',
    `--color cannot be "${value}"`,
    'it is auto, always or never',
    'proof --color never …',
  );
}
