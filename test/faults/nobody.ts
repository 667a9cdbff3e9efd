import { spawnSync } from 'node:child_process';
import { describe } from 'vitest';
import { markMissing } from '../skips.ts';
import { NODE, PROOF } from './workspace.ts';

/** A user whom permissions bind, as they do not bind root. */
export const NOBODY = 65534;
/** A user without a line in /etc/passwd, as in many containers. */
export const STRANGER = 54321;

/** Words before a command that make it run as that user. */
export function as(uid: number): string[] {
  return ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups'];
}

/** Gives everything below to that user. */
export function giveTo(uid: number, ...paths: readonly string[]): void {
  spawnSync('chown', ['-R', `${uid}:${uid}`, ...paths]);
}

/** `describe` for tests with an unprivileged user; skipped by name where none can be had. */
export function describeAsNobody(name: string, body: () => void): void {
  const [file = '', ...words] = [...as(NOBODY), NODE, PROOF, '--version'];
  // Also a clone below a home directory that only root may enter is out of that user's reach.
  if (spawnSync(file, words).status === 0) describe(name, body);
  else describe.skip(markMissing(name, ['setpriv as root']), body);
}
