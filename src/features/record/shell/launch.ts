import { basename } from 'node:path';
import type { Resolved } from '../machine.ts';
import { bashRc } from './bash-hooks.ts';
import { fishHooks } from './fish-hooks.ts';
import type { HookPlace } from './hook-place.ts';
import { shellError } from './shell-error.ts';
import { zshFiles } from './zsh-hooks.ts';

export type ShellName = 'bash' | 'zsh' | 'fish';

/** A shell that can be recorded, found on this machine. */
export interface FoundShell {
  name: ShellName;
  executable: string;
}

interface Finder {
  resolveExecutable(name: string, cwd: string, path: string | undefined): Resolved;
  versionOf(executable: string): string;
}

/**
 * The shell that was named, else the user's own from SHELL. Fails with `shell.unsupported`,
 * `shell.not-found` or `shell.too-old`.
 */
export function findShell(
  machine: Finder,
  place: { cwd: string; env: Readonly<Record<string, string>> },
  named: ShellName | undefined,
): FoundShell {
  const own = place.env.SHELL ?? '';
  const wanted = named ?? basename(own);
  if (!isShellName(wanted)) {
    const what = own === '' ? 'SHELL is not set' : `SHELL is ${own}`;
    throw shellError(
      'shell.unsupported',
      'That shell cannot be recorded',
      `${what}; hooks are there for bash, zsh and fish`,
      'proof shell --shell bash, or proof run -- COMMAND for single commands',
    );
  }
  // The very one that SHELL names, where it is that one: there may be several.
  const word = basename(own) === wanted ? own : wanted;
  const resolved = machine.resolveExecutable(word, place.cwd, place.env.PATH);
  if (!resolved.found) {
    throw shellError(
      'shell.not-found',
      `${wanted} was not found`,
      `there is no program ${word} that can be executed`,
      'proof shell --shell bash, or install it',
    );
  }
  requireVersion(wanted, resolved.path, machine.versionOf(resolved.path));
  return { name: wanted, executable: resolved.path };
}

/** How it is started: its words, its environment, and the files it reads. */
export function launch(
  { name, executable }: FoundShell,
  place: HookPlace,
  env: Readonly<Record<string, string>>,
): { argv: string[]; env: Record<string, string>; files: Record<string, string> } {
  switch (name) {
    case 'bash': {
      const files = { 'hooks.bash': bashRc(place) };
      const argv = [executable, '--rcfile', `${place.dir}/hooks.bash`, '-i'];
      return { argv, env: { ...env }, files };
    }
    case 'zsh': {
      const files = zshFiles(place, env.ZDOTDIR);
      return { argv: [executable, '-i'], env: { ...env, ZDOTDIR: place.dir }, files };
    }
    case 'fish': {
      const files = { 'hooks.fish': fishHooks(place) };
      const argv = [executable, '-i', '-C', `source ${fishQuoted(`${place.dir}/hooks.fish`)}`];
      return { argv, env: { ...env }, files };
    }
  }
}

function isShellName(name: string): name is ShellName {
  return name === 'bash' || name === 'zsh' || name === 'fish';
}

/** Where what the hooks rest on came: PS0 in bash, `$pipestatus` in fish. */
const OLDEST: Readonly<Record<ShellName, readonly [number, number]>> = {
  bash: [4, 4],
  zsh: [5, 0],
  fish: [3, 1],
};

function requireVersion(name: ShellName, path: string, said: string): void {
  const match = /\b(\d+)\.(\d+)/.exec(said);
  // One that does not say its version is tried: its hooks will show.
  if (match === null) return;
  const [major, minor] = OLDEST[name];
  const [, hasMajor, hasMinor] = match.map(Number) as [number, number, number];
  if (hasMajor > major || (hasMajor === major && hasMinor >= minor)) return;
  throw shellError(
    'shell.too-old',
    `This ${name} is too old to be recorded`,
    `${path} is ${name} ${hasMajor}.${hasMinor}; ${major}.${minor} is needed`,
    `install a newer ${name}, or proof shell --shell ${name === 'zsh' ? 'bash' : 'zsh'}`,
  );
}

function fishQuoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
