import { homedir } from 'node:os';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { ledgerExists } from '../ledger/store/database.ts';
import { findRepository, type Repository } from '../platform/git/repository.ts';

/** Where this command works: the workspace around the current directory, and the user's own files. */
export interface Places {
  /** Root of the worktree, or the directory that holds `.proof`, or the current directory. */
  root: string;
  repository: Repository | null;
  /** Where the ledger lies, or would be made. */
  ledgerDir: string;
  configDir: string;
}

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Going up from `cwd`, the nearest git worktree or `.proof` directory that has a ledger. Where none
 * has: the nearest worktree, else the current directory, as the place for a new one. So work in a
 * submodule is recorded with the project around it, until it has a ledger of its own.
 */
export function findPlaces(cwd: string, env: Env, explicit?: string): Places {
  const configDir = configDirOf(env);
  const repository = findRepository(cwd);
  const named = explicit ?? env.PROOF_LEDGER;
  if (named !== undefined && named !== '') {
    return {
      root: repository?.worktree ?? cwd,
      repository,
      ledgerDir: resolve(cwd, named),
      configDir,
    };
  }
  for (let dir = cwd; ; dir = dirname(dir)) {
    const here = findRepository(dir);
    const places = [
      ...(ledgerExists(join(dir, '.proof'))
        ? [{ root: dir, repository, ledgerDir: join(dir, '.proof') }]
        : []),
      ...(here?.worktree === dir
        ? [{ root: dir, repository: here, ledgerDir: ledgerOf(here) }]
        : []),
    ];
    const found = places.find(({ ledgerDir }) => ledgerExists(ledgerDir));
    if (found !== undefined) return { ...found, configDir };
    if (dirname(dir) === dir) break;
  }
  return repository === null
    ? { root: cwd, repository, ledgerDir: join(cwd, '.proof'), configDir }
    : { root: repository.worktree, repository, ledgerDir: ledgerOf(repository), configDir };
}

/** In the common git directory: shared by all worktrees, never committed, safe from `git clean`. */
function ledgerOf(repository: Repository): string {
  return join(repository.commonDir, 'proof');
}

/** XDG Base Directory: `$XDG_CONFIG_HOME/prooflayer`; relative values are to be ignored. */
function configDirOf(env: Env): string {
  const xdg = env.XDG_CONFIG_HOME;
  const base = xdg !== undefined && isAbsolute(xdg) ? xdg : join(homeOf(env), '.config');
  return join(base, 'prooflayer');
}

function homeOf(env: Env): string {
  if (env.HOME !== undefined && isAbsolute(env.HOME)) return env.HOME;
  try {
    return homedir();
  } catch {
    return '/';
  }
}
