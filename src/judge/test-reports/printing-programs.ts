/**
 * Whether a command only prints, copies or fetches what is there already. A test summary in what it
 * writes is of another run, and must not pass for one of its own.
 */
export function onlyShows(argv: readonly string[]): boolean {
  const [program = '', ...words] = argv;
  const name = program.slice(program.lastIndexOf('/') + 1);
  if (PRINTS.has(name)) return true;
  const verbs = VERBS[name];
  const verb = words.find((word) => !word.startsWith('-'));
  return verbs !== undefined && verb !== undefined && verbs.has(verb);
}

const PRINTS = new Set(
  (
    'cat tac head tail less more bat batcat nl od xxd hexdump strings echo printf grep egrep fgrep ' +
    'rg ag ack sed awk gawk cut sort uniq tee diff colordiff delta jq yq xmllint ls find fd tree stat ' +
    'wc file cp mv ln rsync scp sftp tar zip unzip gzip gunzip zcat xz xzcat zstd zstdcat curl wget ' +
    'http history man vi vim nvim nano emacs code touch'
  ).split(' '),
);

/** `git commit` and `git push` run hooks, and hooks run tests; these do not. */
const VERBS: Readonly<Record<string, ReadonlySet<string>>> = {
  git: new Set(
    'show log diff grep blame cat-file checkout switch restore stash pull fetch clone reset status archive apply worktree'.split(
      ' ',
    ),
  ),
  gh: new Set(['run', 'pr', 'issue', 'api', 'release']),
  docker: new Set(['logs', 'cp', 'pull']),
  kubectl: new Set(['logs', 'cp', 'get', 'describe']),
  npm: new Set(['install', 'i', 'ci', 'view', 'pack', 'ls']),
  pnpm: new Set(['install', 'i', 'add', 'ls']),
  yarn: new Set(['install', 'add', 'info']),
  proof: new Set(['show', 'log', 'diff', 'search', 'status', 'undo', 'tests', 'attach']),
};
