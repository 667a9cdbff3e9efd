/**
 * Directories whose contents a package manager or a build made: tens of thousands of files that
 * nobody edits. They are watched cheaply, and every entry says so. Where git tracks files in one,
 * it is looked at like any other.
 */
export function mayBeDependencies(name: string): boolean {
  return ALWAYS.has(name) || IF_IGNORED.has(name);
}

/** Whether the last name of a path says it all. */
export function isAlwaysDependencies(path: string): boolean {
  return ALWAYS.has(path.slice(path.lastIndexOf('/') + 1));
}

const ALWAYS = new Set([
  'node_modules',
  'bower_components',
  '.pnpm-store',
  '.venv',
  '.tox',
  '.nox',
  '__pycache__',
  '.gradle',
  '.terraform',
]);

/** Words that people name their own directories with too. */
const IF_IGNORED = new Set(['venv', 'target']);
