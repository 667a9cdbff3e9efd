/**
 * Directories whose contents a package manager or a build made: tens of thousands of files that
 * nobody edits. They are watched cheaply, and every entry says so.
 */
export function isDependencies(name: string): boolean {
  return NAMES.has(name);
}

const NAMES = new Set([
  'node_modules',
  'bower_components',
  '.pnpm-store',
  '.venv',
  'venv',
  '.tox',
  '.nox',
  '__pycache__',
  'target',
  '.gradle',
  '.terraform',
]);
