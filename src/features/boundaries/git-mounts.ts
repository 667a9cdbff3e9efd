import type { Look, RuleReport, SandboxPlaces } from './mount-plan.ts';
import { isWithin, type MountTable, parentOf } from './mount-table.ts';

/**
 * The repository inside a sandbox. Committing, rebasing and switching branches work: objects, refs,
 * index, logs and the files of a rebase are written. What git executes, or reads orders from, is
 * not: hooks, settings, and the pointers that say where those are. Every other repository that the
 * user's own git would enter from here (submodules, other worktrees) is held the same way.
 */
export function mountGit(
  table: MountTable,
  places: SandboxPlaces,
  look: Look,
): { reports: RuleReport[]; make: string[]; mayNotAppear: string[] } {
  const { root, gitDir, commonDir } = places;
  if (gitDir === null || commonDir === null) return { reports: [], make: [], mayNotAppear: [] };
  const because = 'always: the repository itself';
  const make: string[] = [];
  const mayNotAppear: string[] = [];
  const keep = (path: string) => {
    if (look.kind(path) !== null) table.carve({ path, how: 'read-only', because });
    else mayNotAppear.push(path);
  };
  const hold = (git: string, files: readonly string[]) => {
    const hooks = `${git}/hooks`;
    if (look.kind(hooks) === null) make.push(hooks);
    // An own hooks directory behind a link is reached under its real path.
    const real = look.real(hooks) ?? hooks;
    if (real === hooks) table.carve({ path: hooks, how: 'read-only', because });
    else if (table.writable(real)) table.carve({ path: real, how: 'read-only', because });
    for (const file of files) keep(`${git}/${file}`);
    const attributes = `${git}/info/attributes`;
    if (look.kind(attributes) !== null)
      table.carve({ path: attributes, how: 'read-only', because });
    for (const path of namedInSettings(
      look.text(`${git}/config`) ?? '',
      git,
      root,
      places.homes[0] ?? null,
    ))
      if (look.kind(path) !== null && table.writable(path))
        table.carve({ path, how: 'read-only', because: 'always: named in the git settings' });
  };

  if (commonDir !== root) table.set({ path: commonDir, how: 'writable', because });
  hold(commonDir, ['config', 'config.worktree', 'commondir', 'gitdir', 'remotes', 'branches']);

  const worktrees = `${commonDir}/worktrees`;
  if (look.kind(worktrees) === 'directory')
    table.carve({ path: worktrees, how: 'read-only', because });
  if (gitDir !== commonDir) {
    table.set({ path: gitDir, how: 'writable', because });
    for (const file of ['commondir', 'gitdir', 'config.worktree']) keep(`${gitDir}/${file}`);
  }
  const pointer = `${root}/.git`;
  if (look.kind(pointer) === 'file') table.carve({ path: pointer, how: 'read-only', because });

  const modules = modulesBelow(`${commonDir}/modules`, look);
  for (const module of modules) {
    table.carve({ path: module, how: 'writable', because });
    hold(module, ['config', 'config.worktree', 'commondir', 'remotes', 'branches']);
    const link = worktreeOf(module, look.text(`${module}/config`) ?? '');
    if (link !== null && look.kind(`${link}/.git`) === 'file' && table.writable(link))
      table.carve({ path: `${link}/.git`, how: 'read-only', because });
  }
  return {
    make,
    mayNotAppear,
    reports: [
      {
        list: 'always',
        rule: '.git/{hooks,config}',
        line: null,
        held: 'mount',
        why: 'what git executes or takes orders from is not written',
      },
    ],
  };
}

/** Git directories of submodules: those of `modules/a/b` too, names may have slashes. */
function modulesBelow(directory: string, look: Look): string[] {
  const found: string[] = [];
  const visit = (place: string, depth: number) => {
    if (depth > 4 || found.length >= MOST_MODULES || look.kind(place) !== 'directory') return;
    if (look.kind(`${place}/HEAD`) !== null) {
      found.push(place);
      visit(`${place}/modules`, depth + 1);
      return;
    }
    for (const name of look.names(place)) visit(`${place}/${name}`, depth + 1);
  };
  visit(directory, 0);
  return found;
}

const MOST_MODULES = 30;

function worktreeOf(module: string, config: string): string | null {
  const value = settings(config).find(({ name }) => name === 'core.worktree')?.value;
  return value === undefined ? null : resolve(module, value);
}

/** Files and directories that the settings have git execute from, or read more settings from. */
export function namedInSettings(
  config: string,
  gitDir: string,
  root: string,
  home: string | null,
): string[] {
  return settings(config).flatMap(({ name, value }) => {
    const from = name === 'core.hookspath' ? root : gitDir;
    if (!/^(core\.hookspath|include(if)?\.path)$/.test(name)) return [];
    if (value.startsWith('~/')) return home === null ? [] : [resolve(home, value.slice(2))];
    return [resolve(from, value)];
  });
}

/**
 * The lines of a git configuration file that matter here. Where it is written more strangely than
 * this reads it, a place stays unheld, nothing breaks.
 */
function settings(text: string): { name: string; value: string }[] {
  let section = '';
  return text.split('\n').flatMap((line) => {
    const head = /^\s*\[\s*([A-Za-z0-9.-]+)(?:\s+"[^"]*")?\s*\]/.exec(line);
    if (head !== null) section = (head[1] as string).toLowerCase();
    const rest = head === null ? line : line.slice(head[0].length);
    const set = /^\s*([A-Za-z][A-Za-z0-9-]*)\s*=\s*(.*?)\s*$/.exec(rest);
    if (set === null) return [];
    const value = (set[2] as string).replace(/^"(.*)"$/, '$1');
    return [{ name: `${section}.${(set[1] as string).toLowerCase()}`, value }];
  });
}

function resolve(base: string, path: string): string {
  let place = path.startsWith('/') ? '/' : base;
  for (const word of path.split('/')) {
    if (word === '' || word === '.') continue;
    if (word === '..') place = parentOf(place);
    else place = place === '/' ? `/${word}` : `${place}/${word}`;
  }
  return place;
}

/** Whether a path belongs to the repository's own files. */
export function isGitsOwn(path: string, { gitDir, commonDir }: SandboxPlaces): boolean {
  return [gitDir, commonDir].some((place) => place !== null && isWithin(path, place));
}
