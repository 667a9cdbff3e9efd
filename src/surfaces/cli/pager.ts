import { spawnSync } from 'node:child_process';

/**
 * Shows text in the user's pager, chosen as git does: PROOF_PAGER, GIT_PAGER, PAGER, else `less`,
 * which lets what fits on one screen stand there. False where there is none, or `cat` is wanted.
 */
export function pageText(text: string, env: NodeJS.ProcessEnv): boolean {
  const pager = env.PROOF_PAGER ?? env.GIT_PAGER ?? env.PAGER ?? 'less';
  if (pager === '' || pager === 'cat') return false;
  const ran = spawnSync('sh', ['-c', pager], {
    input: text,
    stdio: ['pipe', 'inherit', 'inherit'],
    // As git sets them where the user has not: quit if it fits, keep colours, do not clear.
    env: { ...env, LESS: env.LESS ?? 'FRX', LV: env.LV ?? '-c' },
  });
  // 127: there is no such pager, and nothing was shown.
  return ran.error === undefined
    ? ran.status !== 127
    : (ran.error as { code?: string }).code === 'EPIPE';
}
