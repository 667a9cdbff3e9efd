/**
 * The rule that a person would write for a command, from its words; null where nobody should be
 * offered one.
 *
 * Tools with subcommands keep theirs (`git switch *`), programs that run what they are told keep
 * every word, and what deletes, fetches or becomes somebody else is left to be asked each time:
 * an "always" for `rm` is how others lost their files.
 */
export function draftRule(words: readonly string[]): string | null {
  const [program = '', ...rest] = words;
  if (!words.every((word) => PLAIN.test(word)) || /^\w+=/.test(program)) return null;
  const name = program.slice(program.lastIndexOf('/') + 1);
  if (NEVER.has(name)) return null;
  if (RUNNERS.has(name) || program.includes('/')) {
    const runsText = rest.some((word) => /^-[A-Za-z]*[cepr]|^--(eval|print|command)/.test(word));
    const bare = rest.length === 0 && RUNNERS.has(name);
    return bare || (RUNNERS.has(name) && runsText) ? null : words.join(' ');
  }
  const depth = depthOf(name, rest);
  // Options before the subcommand: nobody knows which of the words it is.
  const kept = rest.slice(0, depth);
  if (kept.length < depth && kept.length < rest.length) return null;
  if (kept.some((word) => word.startsWith('-'))) return null;
  return [program, ...kept, ...(rest.length > depth ? ['*'] : [])].join(' ');
}

/** How many words after the program say what it does. */
function depthOf(name: string, rest: readonly string[]): number {
  if (!SUBCOMMANDS.has(name)) return 0;
  return DEEPER[name]?.test(rest[0] ?? '') ? 2 : 1;
}

const PLAIN = /^[A-Za-z0-9_@%+=:,./-]+$/;

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

const NEVER = words(
  'rm rmdir shred dd mkfs sudo su doas chmod chown chgrp kill killall pkill curl wget nc ncat ssh scp sftp rsync eval source . exec trap env xargs find parallel crontab at mount umount shutdown reboot systemctl passwd alias export unset hash enable builtin command',
);
const RUNNERS = words(
  'bash sh dash zsh fish ksh node deno python python2 python3 perl ruby php lua osascript awk gawk sed busybox tclsh Rscript pwsh',
);
const SUBCOMMANDS = words(
  'git npm pnpm yarn bun npx bunx cargo go docker podman kubectl helm terraform make just task pip pip3 pipx uv poetry gh glab brew apt apt-get dotnet mvn gradle bundle rails mix nix deno rustup aws gcloud az',
);

/** Where the first word alone says too little. */
const DEEPER: Readonly<Record<string, RegExp>> = {
  npm: /^(run|run-script|exec)$/,
  pnpm: /^(run|exec)$/,
  yarn: /^(run|workspace)$/,
  bun: /^(run|x)$/,
  git: /^(remote|stash|worktree|submodule|config|bisect)$/,
  docker: /^(compose|image|container|volume|network)$/,
  kubectl: /^(config|rollout)$/,
  go: /^(mod|tool|work)$/,
  uv: /^(pip|run|tool)$/,
  gh: /./,
  aws: /./,
  gcloud: /./,
  az: /./,
};
