import { spawnSync } from 'node:child_process';
import { describe } from 'vitest';
import { markMissing } from '../skips.ts';
import { NODE, PROOF } from './workspace.ts';

const UID = 65534;

/** Words before a command that make it run as a user whom permissions bind, as they do not bind root. */
export const AS_NOBODY = ['setpriv', `--reuid=${UID}`, `--regid=${UID}`, '--clear-groups'];

/** A user without a line in /etc/passwd, as in many containers. */
export const AS_STRANGER = ['setpriv', '--reuid=54321', '--regid=54321', '--clear-groups'];

/** Gives everything below to that user. */
export function giveToNobody(path: string): void {
  spawnSync('chown', ['-R', `${UID}:${UID}`, path]);
}

/** `describe` for tests with an unprivileged user; skipped by name where none can be had. */
export function describeAsNobody(name: string, body: () => void): void {
  const [file = '', ...words] = [...AS_NOBODY, NODE, PROOF, '--version'];
  // Also a clone below a home directory that only root may enter is out of that user's reach.
  if (spawnSync(file, words).status === 0) describe(name, body);
  else describe.skip(markMissing(name, ['setpriv as root']), body);
}
