import { certainStart, exactText, type Field, fieldAfter } from '../field.ts';
import { readArguments } from '../options.ts';
import { gitSubcommand } from './git-subcommands.ts';
import type { Find, Reader, Readers } from './reading.ts';

const spec =
  '-C: -c: --git-dir: --work-tree: --namespace: --super-prefix: --config-env: --attr-source: --exec-path? -p,--paginate -P,--no-pager --no-optional-locks --no-replace-objects --literal-pathspecs --no-advice --bare --glob-pathspecs --noglob-pathspecs --icase-pathspecs --list-cmds?';

/** Options before the subcommand that change nothing. */
const quiet = new Set([
  '-P',
  '--no-optional-locks',
  '--no-replace-objects',
  '--literal-pathspecs',
  '--no-advice',
  '-C',
]);

/** `git`: its own options first, since they can make any subcommand run something. */
const git: Reader = (args) => {
  const found = readArguments(args, spec, { stops: true });
  const finds: Find[] = [];
  let isPlain = true;
  let cwd: Field | undefined;
  const aliases = new Map<string, string>();
  for (const { name, value, at } of found.options) {
    if (name === '-c') {
      const set = settingOf(value);
      finds.push(...set.finds.map((find) => (find.kind === 'ask' ? { ...find, at } : find)));
      if (set.alias) aliases.set(set.alias.name, set.alias.value);
      isPlain &&= set.isPlain;
    } else if (name === '-C') {
      cwd = value ?? undefined;
      if (value) finds.push({ kind: 'mention', path: value });
    } else if (!quiet.has(name)) {
      isPlain = false;
      if (/^--(exec-path|git-dir|work-tree|config-env)$/.test(name)) {
        finds.push({ kind: 'ask', why: `${name} makes git run or change other things`, at });
      }
    }
  }
  const [subcommand, ...rest] = found.rest;
  const word = exactText(subcommand);
  let values: readonly Field[] = [];
  if (word !== null) {
    finds.push(...expanded(aliases.get(word), rest));
    const read = gitSubcommand(word, rest, cwd);
    const offset = args.length - rest.length;
    for (const find of read.finds) {
      const isPlaced = find.kind === 'ask' && find.at !== undefined;
      finds.push(isPlaced ? { ...find, at: find.at! + offset } : find);
    }
    values = read.values;
  }
  return { finds, values, ...(isPlain && found.options.length > 0 ? { plain: found.rest } : {}) };
};

interface Setting {
  readonly finds: readonly Find[];
  readonly alias?: { readonly name: string; readonly value: string };
  readonly isPlain: boolean;
}

/** Settings that only change how things look or who is named. */
const plainSettings =
  /^(color(\.\w+)*|user\.(name|email)|core\.(quotepath|abbrev|autocrlf|safecrlf|longpaths|precomposeunicode)|advice\.\w+|init\.defaultbranch|log\.(date|decorate|showsignature)|diff\.(noprefix|mnemonicprefix|renames|algorithm|context|colormoved)|status\.\w+|column\.\w+|commit\.gpgsign|tag\.gpgsign|push\.default|pull\.(rebase|ff)|merge\.(ff|conflictstyle)|rebase\.(autostash|autosquash)|grep\.\w+|gc\.auto|fetch\.prune|protocol\.version)$/i;

function settingOf(value: Field | null): Setting {
  const text = value ? certainStart(value) : '';
  const equals = text.indexOf('=');
  const key = equals < 0 ? text : text.slice(0, equals);
  const held = value && equals >= 0 ? exactText(fieldAfter(value, equals + 1) ?? undefined) : '';
  const alias = /^alias\.(.+)$/i.exec(key)?.[1];
  if (alias && held !== null) {
    const run = held.startsWith('!') ? held.slice(1) : null;
    const finds: Find[] = [{ kind: 'ask', why: 'an alias makes git run something else' }];
    if (run !== null) finds.push({ kind: 'script', text: { pieces: [run], splits: false } });
    return {
      finds,
      isPlain: false,
      ...(run === null ? { alias: { name: alias, value: held } } : {}),
    };
  }
  if (plainSettings.test(key) && (held !== null || !value)) return { finds: [], isPlain: true };
  const finds: Find[] = [{ kind: 'ask', why: `${key || 'a setting'} can make git run a command` }];
  if (held && /[\s/!]|^[a-z-]+$/i.test(held)) {
    finds.push({ kind: 'script', text: { pieces: [held.replace(/^!/, '')], splits: false } });
  }
  return { finds, isPlain: false };
}

/** `-c alias.x='push --force' x`: what it comes to. */
function expanded(alias: string | undefined, rest: readonly Field[]): Find[] {
  if (alias === undefined) return [];
  const words = alias.split(/\s+/).filter((word) => word !== '');
  const fields = ['git', ...words].map((word): Field => ({ pieces: [word], splits: false }));
  return [{ kind: 'run', fields: [...fields, ...rest] }];
}

export const gitReaders: Readers = { git };
