import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** A host that a package manager is told to fetch from, and the file or variable that says so. */
export interface RegistryHost {
  readonly host: string;
  readonly from: string;
}

type Env = Readonly<Record<string, string | undefined>>;

export type Manager = 'npm' | 'pip' | 'cargo' | 'go';

/**
 * Hosts found in the package managers' own configuration: files of the workspace and of the user,
 * and the environment. Only hosts are taken; names, passwords and paths in the addresses are not.
 * What is built into a manager and configured nowhere is not known here.
 */
export function registryHosts(
  managers: readonly Manager[],
  { root, home, env }: { root: string; home: string; env: Env },
): RegistryHost[] {
  const found = new Map<string, RegistryHost>();
  const add = (text: string, from: string) => {
    for (const host of hostsIn(text)) if (!found.has(host)) found.set(host, { host, from });
  };
  for (const manager of managers) {
    const { files, variables, keys } = SOURCES[manager];
    for (const path of files(root, home, env)) {
      for (const line of configLines(path)) {
        if (keys.test(line)) add(line, shortened(path, root, home));
      }
    }
    for (const [name, value] of Object.entries(env)) {
      if (variables.test(name) && value !== undefined) add(value, `$${name}`);
    }
  }
  return [...found.values()];
}

/** The policy is committed: it names no directory of this machine that it need not. */
function shortened(path: string, root: string, home: string): string {
  if (path.startsWith(`${root}/`)) return path.slice(root.length + 1);
  return path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path;
}

interface Source {
  files(root: string, home: string, env: Env): string[];
  readonly variables: RegExp;
  /** Lines that name where packages come from, and not, say, a proxy. */
  readonly keys: RegExp;
}

const SOURCES: Readonly<Record<Manager, Source>> = {
  npm: {
    files: (root, home, env) => [
      ...['.npmrc', '.yarnrc', '.yarnrc.yml', 'bunfig.toml'].map((name) => join(root, name)),
      ...['.npmrc', '.yarnrc', '.yarnrc.yml', '.bunfig.toml'].map((name) => join(home, name)),
      env.NPM_CONFIG_USERCONFIG ?? env.npm_config_userconfig ?? '',
      env.NPM_CONFIG_GLOBALCONFIG ?? env.npm_config_globalconfig ?? '',
      '/etc/npmrc',
      '/usr/etc/npmrc',
      '/usr/local/etc/npmrc',
    ],
    variables: /^(npm_config_registry|yarn_npm_registry_server)$/i,
    keys: /registry/i,
  },
  pip: {
    files: (root, home, env) => [
      ...['pip.conf', 'uv.toml', 'pyproject.toml'].map((name) => join(root, name)),
      join(home, '.config/pip/pip.conf'),
      join(home, '.pip/pip.conf'),
      join(home, '.config/uv/uv.toml'),
      env.PIP_CONFIG_FILE ?? '',
      '/etc/pip.conf',
    ],
    variables: /^(PIP_(EXTRA_)?INDEX_URL|UV_(EXTRA_|DEFAULT_)?INDEX(_URL)?)$/,
    keys: /^\s*((extra[-_])?index([-_]url)?|url|find[-_]links)\s*=/i,
  },
  cargo: {
    files: (root, home, env) => [
      join(root, '.cargo/config.toml'),
      join(env.CARGO_HOME ?? join(home, '.cargo'), 'config.toml'),
    ],
    variables: /^CARGO_REGISTRIES_.*_INDEX$/,
    keys: /^\s*(registry|index)\s*=/,
  },
  go: {
    files: (_root, home, env) => [env.GOENV ?? join(home, '.config/go/env')],
    variables: /^(GOPROXY|GOSUMDB)$/,
    keys: /^(GOPROXY|GOSUMDB)=/,
  },
};

const MOST_BYTES = 256 * 1024;

function configLines(path: string): string[] {
  if (path === '') return [];
  try {
    const stat = statSync(path);
    if (!stat.isFile() || stat.size > MOST_BYTES) return [];
    const lines = readFileSync(path, 'utf8').split('\n');
    return lines.filter((line) => !/^\s*[#;]/.test(line));
  } catch {
    // Not there, or not for us: then it says nothing.
    return [];
  }
}

/** The hosts of all addresses in a text, with a port where it is not the usual one. */
function hostsIn(text: string): string[] {
  const hosts: string[] = [];
  for (const [address] of text.matchAll(/\bhttps?:\/\/[^\s"',|]+/gi)) {
    try {
      hosts.push(new URL(address).host);
    } catch {
      // No address after all.
    }
  }
  return hosts.filter((host) => host !== '');
}
