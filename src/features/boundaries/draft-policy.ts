import type { Tool, WorkspaceSigns } from './workspace-signs.ts';

/**
 * The first `proof.yaml` of a workspace, as text. It observes only; its lists are what people do
 * every day with the tools that were found, and each section says what it is for.
 */
export function draftPolicy(signs: WorkspaceSigns, schema: string): string {
  const tools = signs.tools.map((tool) => PROPOSALS[tool]);
  const generated = [
    ...tools.flatMap((one) => one.generated),
    ...signs.ignored.map((name) => `${name}/**`),
  ];
  const ask = [...tools.flatMap((one) => one.manifests), ...signs.pipelines.map(withContents)];
  const allow = [
    ...tools.flatMap((one) => one.allow),
    ...signs.targets.map((target) => `make ${target}`),
  ];
  const narrower = signs.folders.map((name) => `${name}/**`);
  return `# yaml-language-server: $schema=${schema}
#
# What a task in this workspace may do. Read it, change it, commit it.
#   proof boundary show            what holds, and where it is written
#   proof boundary test "COMMAND"  what would be said about a command, part by part
#   proof boundary suggest T1      rules drafted from what a task really did
# The strictest rule wins: deny, then ask, then allow. The order of lines says nothing.

# observe: decide and record, stop nothing.
# ask:     what is asked or denied does not run by itself.
# enforce: and the sandbox holds as well.
mode: observe

# Files, as globs from this directory; a leading / makes one absolute, ~/ is the home directory.
# dir/** is dir and all that lies in it, also names with a dot in front.
scope:
  # What may be changed. Narrower is better${narrower.length === 0 ? '' : `, for example:\n  #   write: ${flow(narrower)}`}
  write: ["**"]
  # May change, and is never a violation.
${block('generated', unique(generated))}
  # Changed only after asking.
${block('ask', unique(ask))}
  # Not even read by an agent; with {path: …, for: all} not by programs it runs either.
${block('deny', secretsOf(signs))}

# Words, compared whole; a final * stands for any further words, or none.
commands:
  default: {human: allow, agent: ask}
${block('allow', unique([...EVERYDAY, ...allow]))}
${block('ask', unique([...ASKED, ...tools.flatMap((one) => one.ask)]))}
${block('deny', DENIED)}
  # Tried whenever this file is read: a rule that says something else is refused.
  examples:
    allow: ["git status", "git diff | head -20"]
    ask: ["git push origin main", "git status && git push"]
    deny: ["sudo true", "ls; sudo true"]

# Hosts that sandboxed commands may reach (mode: enforce); all others are denied.
network:
${hostsOf(signs)}
  default: deny

# Models that may answer; * stands for anything.
# models: {allow: [some-model-*]}
`;
}

interface Proposal {
  readonly generated: readonly string[];
  readonly manifests: readonly string[];
  readonly allow: readonly string[];
  readonly ask: readonly string[];
}

const JAVASCRIPT = { generated: ['node_modules/**'], manifests: ['package.json'] };

const scripts = (tool: string, more: readonly string[]): Proposal => ({
  ...JAVASCRIPT,
  allow: [`${tool} test *`, `${tool} run *`, ...more],
  ask: [`${tool} publish *`],
});

const PROPOSALS: Readonly<Record<Tool, Proposal>> = {
  npm: {
    ...scripts('npm', ['npm ci', 'npm ls *']),
    ask: ['npm install *', 'npm publish *', 'npm uninstall *'],
  },
  pnpm: {
    ...scripts('pnpm', ['pnpm install --frozen-lockfile']),
    ask: ['pnpm add *', 'pnpm publish *'],
  },
  yarn: {
    ...scripts('yarn', ['yarn install --immutable']),
    ask: ['yarn add *', 'yarn npm publish *'],
  },
  bun: {
    ...scripts('bun', ['bun install --frozen-lockfile']),
    ask: ['bun add *', 'bun publish *'],
  },
  python: {
    generated: ['.venv/**', 'venv/**', '**/__pycache__/**', '.pytest_cache/**'],
    manifests: ['pyproject.toml'],
    allow: ['pytest *', 'python -m pytest *', 'python3 -m pytest *'],
    ask: ['pip install *', 'uv add *', 'twine upload *'],
  },
  go: {
    generated: [],
    manifests: [],
    allow: ['go build *', 'go test *', 'go vet *', 'gofmt -l *'],
    ask: ['go get *', 'go install *'],
  },
  cargo: {
    generated: ['target/**'],
    manifests: ['Cargo.toml'],
    allow: ['cargo build *', 'cargo check *', 'cargo test *', 'cargo clippy *', 'cargo fmt *'],
    ask: ['cargo add *', 'cargo install *', 'cargo publish *'],
  },
  make: { generated: [], manifests: [], allow: ['make'], ask: [] },
};

const EVERYDAY: readonly string[] = [
  ...['git status *', 'git diff *', 'git log *', 'git show *', 'git add *', 'git commit *'],
  ...['ls *', 'cat *', 'head *', 'tail *', 'wc *', 'grep *', 'rg *', 'find *', 'sort *', 'diff *'],
  ...['pwd', 'cd *', 'echo *', 'test *', 'true', 'mkdir *', 'touch *', 'cp *', 'mv *'],
];
const ASKED: readonly string[] = [
  ...['git push *', 'git reset --hard *', 'git clean *', 'rm -rf *'],
];
const DENIED: readonly string[] = ['sudo *', 'git push --force *'];

/** Examples of environment files are there to be read. */
function secretsOf({ dotenv, secrets }: WorkspaceSigns): string[] {
  const examples = dotenv.filter((name) => /\.(example|sample|template|dist)$/.test(name));
  const files =
    examples.length === 0
      ? ['.env*']
      : ['.env', '.env.local', '.env.*.local', '.env.{development,test,staging,production}'];
  const keys = ['~/.ssh/**', '~/.gnupg/**', '~/.aws/**', '~/.kube/**', '~/.config/gcloud/**'];
  return [...files, ...secrets.map(withContents), ...keys];
}

function withContents(name: string): string {
  return /\.(ya?ml)$|file$/.test(name) ? name : `${name}/**`;
}

function unique(items: readonly string[]): string[] {
  return [...new Set(items)];
}

/** A list under its key, one rule a line; `[]` where there is none. */
function block(key: string, items: readonly string[]): string {
  if (items.length === 0) return `  ${key}: []`;
  return [`  ${key}:`, ...items.map((item) => `    - ${JSON.stringify(item)}`)].join('\n');
}

function flow(items: readonly string[]): string {
  return `[${items.join(', ')}]`;
}

function hostsOf({ hosts, unconfigured }: WorkspaceSigns): string {
  const named = hosts.map(({ host, from }) => `    - ${JSON.stringify(host)} # ${from}`);
  const missing = unconfigured.map(
    (manager) => `  # ${manager} is used here and no registry is configured for it: add its host.`,
  );
  const list = named.length === 0 ? ['  allow: []'] : ['  allow:', ...named];
  return [...missing, ...list].join('\n');
}
