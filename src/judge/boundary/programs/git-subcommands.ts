import { certainStart, exactText, type Field, fieldAfter, joined } from '../field.ts';
import { type Arguments, hasOption, readArguments } from '../options.ts';
import { type Find, reads, writes } from './reading.ts';

/** Options of all subcommands; a letter means what it means where it takes a value. */
const spec =
  '--output: --ext-diff --textconv --no-index -O,--open-files-in-pager? -x,--exec: --extcmd: --upload-pack,--receive-pack: -u: -o,--output-directory: -m,--message: -F,--file: -C,--reuse-message: -c,--reedit-message: --author: --date: --trailer: -S? --grep: --format: --pretty? --since: --until: --after: --before: -n: -L: -G: -e: -f: --config: --template: --contents: --exclude-from: --pathspec-from-file: --tree-filter: --index-filter: --msg-filter: --env-filter: --commit-filter: --parent-filter: --tag-name-filter: --setup: --strategy: --sort: --points-at: --contains: -b: -B: --orphan: -s: --source: --reference: --depth: --branch: --onto: --add-file: --remote: --tool,-t: --gpg-sign? -i,--interactive --cached --staged --patch,-p';

/** What a subcommand reads, writes and runs besides the repository itself. */
export function gitSubcommand(
  word: string,
  args: readonly Field[],
  cwd: Field | undefined,
): { finds: Find[]; values: readonly Field[] } {
  const found = readArguments(
    args,
    /^(add|clean|checkout|switch|rm|mv|push|fetch|branch|tag|reset)$/.test(word)
      ? spec.replace(/ -f:| -e:| -n:| -s:| -L:| -G:/g, '')
      : spec,
  );
  const at = cwd ? { cwd } : {};
  return {
    finds: [...options(word, found, at), ...operandsOf(word, found, args, at)],
    values: found.options.flatMap(({ value }) => (value ? [value] : [])),
  };
}

type At = { readonly cwd?: Field };

function options(word: string, found: Arguments, at: At): Find[] {
  const finds: Find[] = [];
  for (const { name, value, at: index } of found.options) {
    const ask = (why: string) => finds.push({ kind: 'ask', why, at: index });
    if (name === '--output' && value) finds.push({ kind: 'write', path: value, ...at });
    if (name === '--ext-diff' || name === '--textconv')
      ask('the repository names a program that shows it');
    if (name === '--open-files-in-pager' || (name === '-O' && word === 'grep'))
      ask('it opens what it finds with another program');
    if (/^--(upload-pack|receive-pack)$/.test(name) || (name === '-u' && word === 'clone')) {
      if (value) finds.push({ kind: 'script', text: value });
      ask('it names the program of the other side');
    }
    if (name === '-x' && /^(rebase|difftool|fetch|push|archive|daemon)$/.test(word) && value) {
      finds.push({ kind: 'script', text: value });
      if (word !== 'rebase') ask('it names a program to run');
    }
    if (name === '--extcmd' && value) finds.push({ kind: 'script', text: value });
    if (/^--(\w+-filter|setup)$/.test(name) && value) finds.push({ kind: 'script', text: value });
    if (name === '--config' || (name === '-c' && word === 'clone'))
      ask('settings can make git run a command');
    if (name === '--template') ask('hooks are copied from there');
    if (name === '-F' && value && /^(commit|tag|notes|merge)$/.test(word))
      finds.push({ kind: 'read', path: value, ...at });
    if (name === '-f' && word === 'grep' && value) finds.push({ kind: 'read', path: value, ...at });
    if (/^--(contents|exclude-from|pathspec-from-file|add-file)$/.test(name) && value) {
      finds.push({ kind: 'read', path: value, ...at });
    }
    if (name === '-o' && value && /^(archive|format-patch)$/.test(word)) {
      finds.push({ kind: 'write', path: value, deep: word === 'format-patch', ...at });
    }
    if (
      value &&
      !/^(-m|--author|--date|--grep|--format|--pretty|--trailer|--since|--until|--after|--before|--output)$/.test(
        name,
      )
    ) {
      finds.push(...mentions([value]));
    }
    if (name === '-i' && /^(rebase|clean|add)$/.test(word))
      ask('it waits for answers, or opens an editor');
    if (name === '--tool') ask('it names a program to run');
  }
  return finds;
}

function operandsOf(word: string, found: Arguments, args: readonly Field[], at: At): Find[] {
  const operands = found.operands;
  const dashes = args.findIndex((field) => exactText(field) === '--');
  const paths = dashes < 0 ? operands : args.slice(dashes + 1);
  const first = exactText(operands[0]) ?? '';
  switch (word) {
    case 'submodule':
      if (first !== 'foreach') break;
      return [
        {
          kind: 'script',
          text: spaced(withoutOptions(args.slice(args.indexOf(operands[0]!) + 1))),
        },
      ];
    case 'bisect':
      return first === 'run'
        ? [{ kind: 'run', fields: args.slice(args.indexOf(operands[0]!) + 1) }]
        : [];
    case 'rm':
      return writes(paths, { deep: hasOption(found, '-r'), ...at });
    case 'mv':
      return writes(paths, at);
    case 'restore':
      return hasOption(found, '--staged') && !hasOption(found, '-W', '--worktree')
        ? mentions(paths)
        : writes(paths, { deep: true, ...at });
    case 'checkout':
      if (dashes >= 0) return writes(paths, { deep: true, ...at });
      return operands.flatMap((path): Find[] =>
        exactText(path) === '.'
          ? [{ kind: 'write', path, deep: true, ...at }]
          : [{ kind: 'mention', path }],
      );
    case 'clean':
      if (hasOption(found, '-n', '--dry-run')) return [];
      return writes(paths.length > 0 ? paths : [{ pieces: ['.'], splits: false }], {
        deep: true,
        ...at,
      });
    case 'apply':
    case 'am':
      if (hasOption(found, '--check', '--stat', '--numstat', '--summary'))
        return reads(operands, at);
      return [
        ...reads(operands, at),
        { kind: 'ask', why: 'the patch itself names the files it changes' },
      ];
    case 'init':
    case 'bundle':
      return word === 'init'
        ? writes(operands, at)
        : first === 'create'
          ? writes(operands.slice(1, 2), at)
          : reads(operands.slice(1), at);
    case 'worktree':
      return first === 'add' ? writes(operands.slice(1, 2), at) : [];
    case 'clone':
      return [
        ...remotes(operands.slice(0, 1)),
        ...writes(operands.slice(1, 2), { deep: true, ...at }),
      ];
    case 'format-patch':
      return hasOption(found, '--stdout', '-o')
        ? []
        : writes([{ pieces: [{ wild: '*' }, '.patch'], splits: false }], at);
    case 'config':
      return config(found, operands);
    case 'remote':
      if (!/^(add|set-url|rename|remove|rm|set-head|set-branches)$/.test(first)) return [];
      return [
        ...remotes(operands.slice(1)),
        {
          kind: 'ask',
          why: "it changes the repository's settings",
          at: args.indexOf(operands[0]!),
        },
      ];
    case 'fetch':
    case 'pull':
    case 'push':
    case 'ls-remote':
      return remotes(operands);
    case 'hash-object':
      return reads(operands, at);
    case 'diff':
    case 'grep':
      if (hasOption(found, '--no-index')) {
        return reads(word === 'diff' ? operands : operands.slice(1), { deep: true, ...at });
      }
      return mentions(word === 'grep' && !hasOption(found, '-e') ? operands.slice(1) : operands);
    case 'difftool':
    case 'mergetool':
    case 'instaweb':
    case 'web--browse':
    case 'filter-branch':
    case 'hook':
    case 'credential':
    case 'send-email':
    case 'daemon':
    case 'shell':
    case 'cvsserver':
    case 'p4':
    case 'svn':
      return [{ kind: 'ask', why: `git ${word} runs other programs` }];
  }
  return mentions(operands);
}

/** Words that may name files, alone or in a revision (`HEAD:.env`). */
function mentions(operands: readonly Field[]): Find[] {
  return operands.flatMap((path): Find[] => {
    const colon = certainStart(path).indexOf(':');
    const inside = colon >= 0 ? fieldAfter(path, colon + 1) : null;
    const magic = /^:\([^)]*\)|^:[!^/]+/.exec(certainStart(path));
    const plain = magic ? fieldAfter(path, magic[0].length) : null;
    return [path, inside, plain].flatMap((one): Find[] =>
      one ? [{ kind: 'mention', path: one }] : [],
    );
  });
}

/** `ext::sh -c …` is an address that runs a command. */
function remotes(operands: readonly Field[]): Find[] {
  return operands.flatMap((field): Find[] => {
    const start = certainStart(field);
    if (/^(ext|fd)::/i.test(start)) {
      const text = fieldAfter(field, start.indexOf('::') + 2);
      return [
        ...(text ? [{ kind: 'script' as const, text }] : []),
        { kind: 'ask', why: 'the address runs a command' },
      ];
    }
    return start.startsWith('-') ? [{ kind: 'ask', why: 'an address looks like an option' }] : [];
  });
}

function config(found: Arguments, operands: readonly Field[]): Find[] {
  const first = exactText(operands[0]) ?? '';
  const reading = hasOption(
    found,
    '--get',
    '--get-all',
    '--get-regexp',
    '--get-urlmatch',
    '--list',
    '-l',
    '--get-color',
    '--get-colorbool',
  );
  const isNew = /^(get|list|set|unset|edit|rename-section|remove-section)$/.test(first);
  if (reading || first === 'get' || first === 'list') return [];
  const changing = hasOption(
    found,
    '--add',
    '--unset',
    '--unset-all',
    '--replace-all',
    '--edit',
    '-e',
    '--rename-section',
    '--remove-section',
  );
  if (!changing && !isNew && operands.length < 2) return [];
  const finds: Find[] = [{ kind: 'ask', why: "it changes git's settings, which can run commands" }];
  for (const operand of operands) {
    const run = certainStart(operand).startsWith('!') ? fieldAfter(operand, 1) : null;
    if (run) finds.push({ kind: 'script', text: run });
  }
  return finds;
}

function withoutOptions(fields: readonly Field[]): readonly Field[] {
  const first = fields.findIndex((field) => !certainStart(field).startsWith('-'));
  return first < 0 ? [] : fields.slice(first);
}

function spaced(fields: readonly Field[]): Field {
  return joined(
    ...fields.flatMap((field, index) =>
      index === 0 ? [field] : [{ pieces: [' '], splits: false }, field],
    ),
  );
}
