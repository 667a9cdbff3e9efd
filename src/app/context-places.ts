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
    const root = repository?.worktree ?? cwd;
    return { root, repository, ledgerDir: resolve(cwd, named), configDir };
  }
  const found = nearestLedger(cwd, repository);
  if (found !== null) return { ...found, configDir };
  return repository === null
    ? { root: cwd, repository, ledgerDir: join(cwd, '.proof'), configDir }
    : { root: repository.worktree, repository, ledgerDir: ledgerOf(repository), configDir };
}

function nearestLedger(
  cwd: string,
  repository: Repository | null,
): Omit<Places, 'configDir'> | null {
  let around = repository;
  for (let dir = cwd; ; dir = dirname(dir)) {
    const plain = join(dir, '.proof');
    if (ledgerExists(plain)) return { root: dir, repository, ledgerDir: plain };
    if (around !== null && around.worktree === dir) {
      if (ledgerExists(ledgerOf(around))) {
        return { root: dir, repository: around, ledgerDir: ledgerOf(around) };
      }
      around = findRepository(dirname(dir));
    }
    if (dirname(dir) === dir) return null;
  }
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

/** The home directory; `/` for a user that has none. */
export function homeOf(env: Env): string {
  if (env.HOME !== undefined && isAbsolute(env.HOME)) return env.HOME;
  try {
    return homedir();
  } catch {
    return '/';
  }
}
