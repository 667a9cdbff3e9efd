/**
 * Short and long names of the same option, for deny and ask rules only: `rm --recursive --force`
 * is what `rm -rf *` means. A letter stands for the long name in any program not listed apart,
 * because for a rule that forbids, too much is better than too little.
 */
const usual: Readonly<Record<string, string>> = {
  r: 'recursive',
  R: 'recursive',
  f: 'force',
  d: 'delete',
  y: 'yes',
  g: 'global',
  a: 'all',
  q: 'quiet',
  v: 'verbose',
  n: 'dry-run',
  o: 'output',
  c: 'config',
};

const apart: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  curl: { X: 'request', o: 'output', d: 'data', T: 'upload-file', F: 'form', k: 'insecure' },
  wget: { O: 'output-document', i: 'input-file' },
  git: { f: 'force', d: 'delete', a: 'all', n: 'dry-run', m: 'message', i: 'interactive' },
  docker: { v: 'volume', e: 'env', p: 'publish', i: 'interactive', t: 'tty', d: 'detach' },
  kubectl: { n: 'namespace', f: 'filename', o: 'output', l: 'selector', A: 'all-namespaces' },
  sed: { i: 'in-place', n: 'quiet', e: 'expression', s: 'separate' },
  tar: { x: 'extract', c: 'create', t: 'list', f: 'file', C: 'directory' },
  rsync: { r: 'recursive', a: 'archive', e: 'rsh', n: 'dry-run' },
  node: { e: 'eval', p: 'print', r: 'require' },
  npm: { g: 'global', f: 'force', y: 'yes', D: 'save-dev' },
  chmod: { R: 'recursive' },
  chown: { R: 'recursive' },
};

/** Names that mean the same subcommand, so that a rule for one is a rule for all. */
const subcommands: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  npm: {
    i: 'install',
    in: 'install',
    ins: 'install',
    inst: 'install',
    insta: 'install',
    instal: 'install',
    isnt: 'install',
    isnta: 'install',
    isntal: 'install',
    isntall: 'install',
    add: 'install',
    'clean-install': 'ci',
    un: 'uninstall',
    rm: 'uninstall',
    r: 'uninstall',
    remove: 'uninstall',
    unlink: 'uninstall',
    'run-script': 'run',
    rum: 'run',
    urn: 'run',
    x: 'exec',
    t: 'test',
    tst: 'test',
    up: 'update',
    upgrade: 'update',
    udpate: 'update',
    c: 'config',
    ln: 'link',
    'add-user': 'login',
    adduser: 'login',
  },
  pnpm: { i: 'install', rm: 'remove', un: 'remove', uninstall: 'remove', up: 'update' },
  cargo: { b: 'build', t: 'test', r: 'run', c: 'check', d: 'doc', rm: 'remove' },
};

/** The usual name of a subcommand, itself where there is no other. */
export function usualSubcommand(program: string, word: string): string {
  const own = subcommands[program];
  return own && Object.hasOwn(own, word) ? own[word]! : word;
}

/** One option of a rule, as the ways in which a command may say it. */
export interface RuleOption {
  /** Letters that say it: `r` and `R` of rm. */
  readonly letters: readonly string[];
  readonly long: string | null;
  /** As written, with its value if it has one there. */
  readonly word: string;
}

/** The options that one word of a rule asks for: `-rf` two, `--force` one, `-delete` one. */
export function optionsOfRule(program: string, word: string): RuleOption[] {
  const names = apart[program] ?? usual;
  const lettersOf = (long: string) => Object.keys(names).filter((one) => names[one] === long);
  if (word.startsWith('--')) {
    const long = word.slice(2);
    return [{ letters: lettersOf(long), long, word }];
  }
  const letters = word.slice(1);
  // A program that writes long names after one dash (find -delete) means the whole word.
  if (letters.length > 4 || !/^[A-Za-z]+$/.test(letters)) {
    return [{ letters: letters.length === 1 ? [letters] : [], long: letters, word }];
  }
  return [...letters].map((letter) => {
    const long = Object.hasOwn(names, letter) ? names[letter]! : null;
    const same = long === null ? [] : lettersOf(long);
    return { letters: [...new Set([letter, ...same])], long, word: `-${letter}` };
  });
}

/** True if a word of a command says that option: in a cluster, whole, cut short, or with a value. */
export function saysOption(option: RuleOption, word: string): boolean {
  if (word === option.word) return true;
  if (word.startsWith('--')) {
    if (option.long === null) return false;
    const [name = '', value] = split(word.slice(2));
    const [wanted = '', wantedValue] = split(option.long);
    if (wantedValue !== undefined && value !== wantedValue) return false;
    return name !== '' && wanted.startsWith(name);
  }
  if (option.letters.some((letter) => word.slice(1).includes(letter))) return true;
  return option.long !== null && option.long.length > 1 && word === `-${option.long}`;
}

function split(text: string): [string, string?] {
  const at = text.indexOf('=');
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
