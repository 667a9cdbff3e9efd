import { type Access, judgeAccess } from './access.ts';
import { isStricter } from './decision.ts';
import type { Env, Hearing } from './hearing.ts';

/**
 * Judges a file that a command reads or writes, and adds what is worth a word: every write, and
 * of reads what is not simply allowed. Another machine's files are not ours, but a container may
 * have ours in it: there only what is denied counts.
 */
export function addAccess(
  { policy, place, found }: Hearing,
  wanted: Access,
  env: Env,
  cwds: readonly string[] | null = env.shell.cwds,
): void {
  const least = env.elsewhere ? 'deny' : wanted.access === 'write' ? 'allow' : 'ask';
  for (const part of judgeAccess(policy, place, wanted, cwds)) {
    if (!isStricter(least, part.verdict)) found.add(part);
  }
}
