import { accessSync, constants, statSync } from 'node:fs';
import { resolve } from 'node:path';

export type ResolvedExecutable =
  | { found: true; path: string }
  | { found: false; reason: 'not-found' | 'not-executable' };

/**
 * Finds a command as execvp(3) and every shell do: a name with a slash is a path relative to
 * `cwd`, any other name is looked for along `path`. `not-found` is what a shell ends with 127,
 * `not-executable` (no permission, a directory) what it ends with 126.
 */
export function resolveExecutable(
  name: string,
  cwd: string,
  path: string | undefined,
): ResolvedExecutable {
  if (name === '') return { found: false, reason: 'not-found' };
  const candidates = name.includes('/')
    ? // Only a directory can be called `name/`, and `resolve` would drop the slash.
      [resolve(cwd, name) + (name.endsWith('/') ? '/' : '')]
    : // An empty element means the current directory; no PATH at all means confstr(_CS_PATH).
      (path ?? '/bin:/usr/bin').split(':').map((directory) => resolve(cwd, directory, name));

  let refused = false;
  for (const candidate of candidates) {
    const state = executability(candidate);
    if (state === 'yes') return { found: true, path: candidate };
    // As execvp does, go on looking behind one that may not be run, but remember it.
    if (state === 'refused') refused = true;
  }
  return { found: false, reason: refused ? 'not-executable' : 'not-found' };
}

function executability(path: string): 'yes' | 'refused' | 'absent' {
  try {
    if (!statSync(path).isFile()) return 'refused';
    accessSync(path, constants.X_OK);
    return 'yes';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EACCES' ? 'refused' : 'absent';
  }
}
