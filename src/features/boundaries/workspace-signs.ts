import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Manager, type RegistryHost, registryHosts } from './registry-hosts.ts';

/** What lies in a workspace that a first policy can be proposed from. */
export interface WorkspaceSigns {
  /** Package managers and build tools that are used here, `npm` for one. */
  readonly tools: readonly Tool[];
  /** Directories of sources at the root. */
  readonly folders: readonly string[];
  /** Directories that .gitignore names and that builds make. */
  readonly ignored: readonly string[];
  /** Files of secrets and of examples for them. */
  readonly dotenv: readonly string[];
  readonly secrets: readonly string[];
  readonly pipelines: readonly string[];
  /** Targets of a makefile that test, build or check. */
  readonly targets: readonly string[];
  readonly hosts: readonly RegistryHost[];
  /** Managers that fetch packages, and none of whose configuration names a host. */
  readonly unconfigured: readonly Manager[];
  /** prooflayer is installed in this workspace's own node_modules. */
  readonly installed: boolean;
}

export type Tool = 'npm' | 'pnpm' | 'yarn' | 'bun' | 'python' | 'go' | 'cargo' | 'make';

const SIGNS: readonly (readonly [tool: Tool, files: readonly string[]])[] = [
  ['pnpm', ['pnpm-lock.yaml']],
  ['yarn', ['yarn.lock']],
  ['bun', ['bun.lock', 'bun.lockb']],
  ['npm', ['package-lock.json', 'npm-shrinkwrap.json']],
  ['python', ['pyproject.toml', 'requirements.txt', 'setup.py', 'uv.lock', 'poetry.lock']],
  ['go', ['go.mod']],
  ['cargo', ['Cargo.toml']],
  ['make', ['Makefile', 'makefile', 'GNUmakefile']],
];

const MANAGERS: Readonly<Partial<Record<Tool, Manager>>> = {
  npm: 'npm',
  pnpm: 'npm',
  yarn: 'npm',
  bun: 'npm',
  python: 'pip',
  go: 'go',
  cargo: 'cargo',
};

/** What builds, tests and package managers make, by the names they usually have. */
const MADE = new Set(
  'dist build out target coverage node_modules .venv venv .next .nuxt .turbo .cache .parcel-cache .pytest_cache .mypy_cache .ruff_cache .tox .gradle htmlcov tmp'.split(
    ' ',
  ),
);

/** Looks at the names at the workspace's root and at a few small files; nothing is run. */
export function readWorkspaceSigns(
  root: string,
  home: string,
  env: Readonly<Record<string, string | undefined>>,
): WorkspaceSigns {
  const names = namesIn(root);
  const tools = toolsOf(names);
  const managers = [...new Set(tools.flatMap((tool) => MANAGERS[tool] ?? []))];
  const hosts = registryHosts(managers, { root, home, env });
  const covered = (manager: Manager) => registryHosts([manager], { root, home, env }).length > 0;
  const ignored = ignoredFolders(root);
  const isFolder = (name: string) =>
    statSync(join(root, name), { throwIfNoEntry: false })?.isDirectory() === true;
  return {
    tools,
    folders: names
      .filter((name) => !name.startsWith('.') && !MADE.has(name) && !ignored.includes(name))
      .filter(isFolder)
      .slice(0, MOST_FOLDERS),
    ignored,
    dotenv: names.filter((name) => /^\.env(\.|$)/.test(name)),
    secrets: names.filter(
      (name) => /^(secrets?|credentials|private)$/i.test(name) && isFolder(name),
    ),
    pipelines: ['.github', '.gitlab-ci.yml', '.circleci', 'Jenkinsfile', '.ci'].filter((name) =>
      names.includes(name),
    ),
    targets: tools.includes('make') ? targetsOf(root, names) : [],
    hosts,
    unconfigured: managers.filter((manager) => !covered(manager)),
    installed: existsSync(join(root, 'node_modules/prooflayer/schema/proof.schema.json')),
  };
}

const MOST_FOLDERS = 12;

function namesIn(root: string): string[] {
  try {
    return readdirSync(root).sort();
  } catch {
    return [];
  }
}

function toolsOf(names: readonly string[]): Tool[] {
  const found = SIGNS.filter(([, files]) => files.some((file) => names.includes(file)));
  const tools = found.map(([tool]) => tool);
  // Without a lock file nobody knows which one it is; npm comes with Node.
  const js = tools.some((tool) => MANAGERS[tool] === 'npm');
  return names.includes('package.json') && !js ? ['npm', ...tools] : tools;
}

/** Plain names of directories in .gitignore, of those that builds make. */
function ignoredFolders(root: string): string[] {
  const lines = smallText(join(root, '.gitignore')).split('\n');
  const named = lines.map((line) => line.trim().replace(/^\//, '').replace(/\/$/, ''));
  return [...new Set(named.filter((name) => MADE.has(name)))].sort();
}

/** Targets of the makefile by the names that tests, builds and checks usually have. */
function targetsOf(root: string, names: readonly string[]): string[] {
  const file = names.find((name) => /^(GNUm|M|m)akefile$/.test(name)) ?? 'Makefile';
  const targets = [...smallText(join(root, file)).matchAll(/^([A-Za-z0-9_.-]+)\s*:(?![:=])/gm)];
  const wanted = /^(all|build|check|lint|test|tests|unit|fmt|format)$/;
  return [...new Set(targets.map(([, name]) => name as string))].filter((name) =>
    wanted.test(name),
  );
}

const MOST_BYTES = 256 * 1024;

function smallText(path: string): string {
  try {
    const stat = statSync(path);
    return stat.isFile() && stat.size <= MOST_BYTES ? readFileSync(path, 'utf8') : '';
  } catch {
    return '';
  }
}
