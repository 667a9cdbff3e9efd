import { lstatSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';

/** The files of this machine, as the planning of a sandbox asks for them. */
export function lookAtDisk() {
  return {
    kind(path: string): 'directory' | 'file' | 'symlink' | 'other' | null {
      const stat = quietly(() => lstatSync(path, { throwIfNoEntry: false }));
      if (stat === null || stat === undefined) return null;
      if (stat.isDirectory()) return 'directory';
      if (stat.isSymbolicLink()) return 'symlink';
      return stat.isFile() ? 'file' : 'other';
    },
    names(path: string): readonly string[] {
      const names = quietly(() => readdirSync(path)) ?? [];
      // A name that is no UTF-8 cannot be handed on, and a mount on another one would fail.
      return names.filter((name) => !name.includes('\uFFFD'));
    },
    real(path: string): string | null {
      // An exception for each path that does not exist would take longer than all other looks.
      const stat = quietly(() => statSync(path, { throwIfNoEntry: false }));
      return stat === null || stat === undefined ? null : quietly(() => realpathSync.native(path));
    },
    text(path: string): string | null {
      const stat = quietly(() => lstatSync(path, { throwIfNoEntry: false }));
      if (!stat?.isFile() || stat.size > MOST_BYTES) return null;
      return quietly(() => readFileSync(path, 'utf8'));
    },
  };
}

const MOST_BYTES = 256 * 1024;

function quietly<T>(ask: () => T): T | null {
  try {
    return ask();
  } catch {
    return null; // not there, or not ours to look at: to a command of ours it is the same
  }
}
