import { spawnSync } from 'node:child_process';
import { resolveExecutable } from './executable.ts';
import { readTerminalModes } from './outer-terminal.ts';
import { readProcess } from './process-table.ts';
import { lookAtOwnStreams, planStreams } from './stream-plan.ts';

/** Why no shell can be given a terminal of its own inside ours; null where one can. */
export function whyNoTerminal(): 'no-terminal' | 'in-background' | 'taken' | 'no-setsid' | null {
  const own = lookAtOwnStreams();
  if (!own.stdin.terminal || own.stdin.identity !== own.stdout.identity) return 'no-terminal';
  if (planStreams(own).stdin !== 'inner') return 'in-background';
  if (!resolveExecutable('setsid', '/', process.env.PATH).found) return 'no-setsid';
  return readTerminalModes(0)?.canonical ? null : 'taken';
}

export function isInSession(leader: number): boolean {
  return leader > 0 && readProcess('self')?.session === leader;
}

/** The first line that `--version` prints; empty where there is none. */
export function versionOf(executable: string): string {
  const { BASH_ENV: _, ENV: __, ...env } = process.env;
  const asked = spawnSync(executable, ['--version'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: PATIENCE_MS,
    env,
  });
  return asked.stdout?.split('\n', 1)[0] ?? '';
}

const PATIENCE_MS = 5_000;
