import { type RunResult, runCommand } from '../features/record/run-command.ts';
import type { RunRequest } from '../features/record/run-request.ts';
import type { WorkspacePlace } from '../features/workspace/workspace.ts';
import type { Ledger } from '../ledger/store/ledger.ts';
import { resolveExecutable } from '../platform/process/executable.ts';
import { runChild } from '../platform/process/run-child.ts';
import { gitPlace } from './context-git.ts';

export { exitLike } from '../platform/process/exit-like.ts';

/** Runs and records a command on this machine. */
export function runHere(
  ledgerDir: string | null,
  open: () => Promise<Ledger>,
  request: RunRequest,
  workspace: WorkspacePlace,
): Promise<RunResult> {
  const machine = { runChild, resolveExecutable, gitPlace, workspace };
  return runCommand(machine, ledgerDir, open, request);
}
