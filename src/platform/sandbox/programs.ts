import { accessSync, constants, statSync } from 'node:fs';

/** The programs a sandbox is made with. */
export interface SandboxPrograms {
  bubblewrap: string;
  perl: string;
}

/**
 * Looked for where the system keeps its programs, not along PATH: a PATH is the command's to
 * choose, and what stands first on it would build the walls around it.
 */
export function findPrograms(): { programs: SandboxPrograms } | { missing: string } {
  const bubblewrap = systemProgram('bwrap');
  if (bubblewrap === null) return { missing: 'bubblewrap' };
  const perl = systemProgram('perl');
  if (perl === null) return { missing: 'perl' };
  return { programs: { bubblewrap, perl } };
}

const FOLDERS = ['/usr/bin', '/bin', '/usr/local/bin', '/run/current-system/sw/bin'];

export function systemProgram(name: string): string | null {
  return FOLDERS.map((folder) => `${folder}/${name}`).find(isProgram) ?? null;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
