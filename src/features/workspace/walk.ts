import { lstatSync, readdirSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { mayBeDependencies } from './dependency-places.ts';
import { pathFromBytes, systemPath } from './path-bytes.ts';
import { type Part, Snapshot } from './snapshot.ts';

/** What a walk has to know of a workspace. */
export interface Ground {
  /** Its root, absolute. */
  root: string;
  /** What all worktrees share of git; null outside git. */
  commonDir: string | null;
  /** Where our own ledger and caches lie: never evidence of themselves. */
  ledgerDir: string;
  /** Whether a directory of dependency kind is one: git ignores it, or there is no git. */
  dependencies(path: string): boolean;
}

/** A look at every path of a workspace. */
export interface Walk {
  snapshot: Snapshot;
  parts: readonly Part[];
  /** Directories that hold a repository of their own, without the root. */
  repositories: readonly string[];
  unseen: { path: string; why: string }[];
}

/**
 * Walks a workspace with `lstat`, synchronously: it is twice as fast as the promises are. Links
 * are not followed. Of git's own directories only what can change how git behaves is looked at:
 * hooks and settings. Directories of dependency kind are looked at near their top only.
 */
export function walk(ground: Ground): Walk {
  const paths: string[] = [];
  const numbers: number[] = [];
  const parts: Part[] = [];
  const repositories: string[] = [];
  const unseen: Walk['unseen'] = [];

  const add = (path: string, stat: Stats, part: Part) => {
    paths.push(path);
    numbers.push(stat.mode, stat.ino, stat.size, stat.mtimeMs, stat.ctimeMs);
    parts.push(part);
  };
  const look = (path: string, place: string | Buffer): Stats | undefined => {
    try {
      return lstatSync(place, { throwIfNoEntry: false });
    } catch (error) {
      unseen.push({ path, why: reason(error) });
      return undefined;
    }
  };

  /** `place` is where `path` lies on disk: for a linked worktree’s `.git/hooks` that is elsewhere. */
  const descend = (path: string, place: string, part: Part, depth: number): void => {
    for (const name of namesIn(path, place, unseen)) {
      const inner = path === '' ? name : `${path}/${name}`;
      const innerPlace = `${place}/${name}`;
      if (innerPlace === ground.ledgerDir) continue;
      const stat = look(inner, systemPath(innerPlace));
      if (stat === undefined) continue;
      if (name === '.git' && part !== 'git') {
        if (path !== '') repositories.push(path);
        if (stat.isDirectory()) {
          gitSettings(inner, innerPlace);
          continue;
        }
      }
      if (!stat.isDirectory()) {
        add(inner, stat, part);
        continue;
      }
      if (part === 'workspace' && mayBeDependencies(name) && ground.dependencies(inner)) {
        add(inner, stat, 'dependencies');
        unseen.push({ path: inner, why: NEAR_THE_TOP });
        nearTop(inner, innerPlace);
        continue;
      }
      add(inner, stat, part);
      if (depth < DEEPEST) descend(inner, innerPlace, part, depth + 1);
      else unseen.push({ path: inner, why: `more than ${DEEPEST} directories deep` });
    }
  };
  const nearTop = (path: string, place: string): void => {
    for (const name of namesIn(path, place, unseen)) {
      const inner = `${path}/${name}`;
      const stat = look(inner, systemPath(`${place}/${name}`));
      if (stat === undefined) continue;
      add(inner, stat, 'dependencies');
      if (stat.isDirectory() && LISTS_MORE.test(inner)) nearTop(inner, `${place}/${name}`);
    }
  };
  const gitSettings = (path: string, place: string): void => {
    for (const name of SETTINGS) {
      const stat = look(`${path}/${name}`, `${place}/${name}`);
      if (stat === undefined) continue;
      add(`${path}/${name}`, stat, 'git');
      if (stat.isDirectory()) descend(`${path}/${name}`, `${place}/${name}`, 'git', 0);
    }
    submodules(`${path}/modules`, `${place}/modules`, 0);
  };
  /** A submodule's name may have slashes in it: then its git directory lies that much deeper. */
  const submodules = (path: string, place: string, depth: number): void => {
    if (depth > DEEPEST_SUBMODULE) return;
    for (const name of namesIn(path, place, [])) {
      const inner = `${path}/${name}`;
      const innerPlace = `${place}/${name}`;
      if (look(`${inner}/HEAD`, `${innerPlace}/HEAD`)) gitSettings(inner, innerPlace);
      else if (look(inner, innerPlace)?.isDirectory()) submodules(inner, innerPlace, depth + 1);
    }
  };

  const top = lstatSync(ground.root);
  add('', top, 'workspace');
  descend('', ground.root, 'workspace', 0);
  const linked = ground.commonDir !== null && ground.commonDir !== join(ground.root, '.git');
  if (linked) gitSettings('.git', ground.commonDir as string);
  return {
    snapshot: new Snapshot({ paths, stats: Float64Array.from(numbers) }),
    parts,
    repositories,
    unseen,
  };
}

/** Where a path of the walk lies on disk. */
export function placeOf(ground: Ground, path: string): string {
  const shared = path.startsWith('.git/') && ground.commonDir !== null;
  return shared
    ? `${ground.commonDir}${path.slice(4)}`
    : path === ''
      ? ground.root
      : `${ground.root}/${path}`;
}

function namesIn(path: string, place: string, unseen: Walk['unseen']): string[] {
  try {
    const names = readdirSync(systemPath(place));
    // U+FFFD is what bytes become that are no UTF-8 (or it is really there): then by bytes.
    if (!names.some((name) => name.includes('\ufffd'))) return names;
    return readdirSync(systemPath(place), { encoding: 'buffer' }).map(pathFromBytes);
  } catch (error) {
    unseen.push({ path: path === '' ? '.' : path, why: reason(error) });
    return [];
  }
}

function reason(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'EACCES' || code === 'EPERM' ? 'no permission' : (code ?? String(error));
}

const DEEPEST = 200;
const DEEPEST_SUBMODULE = 8;
const NEAR_THE_TOP = 'dependencies: watched by the times of their top directories and lock files';
/** Inside a directory of dependency kind, those that hold packages themselves. */
const LISTS_MORE = /\/(@[^/]+|lib|lib64|python[\d.]+|site-packages|debug|release)$/;
/** What changes how git behaves, and runs code (gitrepository-layout(5)). */
const SETTINGS = ['hooks', 'config', 'config.worktree', 'info'];
