import { type RunResult, runCommand } from '../features/record/run-command.ts';
import type { RunRequest } from '../features/record/run-request.ts';
import {
  runShell,
  type ShellRequest,
  type ShellResult,
} from '../features/record/shell/run-shell.ts';
import type { WorkspacePlace } from '../features/workspace/workspace.ts';
import type { Ledger } from '../ledger/store/ledger.ts';
import { resolveExecutable } from '../platform/process/executable.ts';
import { terminalSize } from '../platform/process/outer-terminal.ts';
import { cpuOfChildren } from '../platform/process/resource-sampling.ts';
import { runChild } from '../platform/process/run-child.ts';
import { openShellChannel } from '../platform/process/shell-channel.ts';
import { isInSession, versionOf, whyNoTerminal } from '../platform/process/shell-terminal.ts';
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

/** Runs an interactive shell on this machine, each of its commands an entry. */
export function runShellHere(
  ledger: Ledger,
  request: ShellRequest,
  workspaceAt: (cwd: string) => WorkspacePlace,
): Promise<ShellResult> {
  const machine = {
    workspaceAt,
    runChild,
    resolveExecutable,
    gitPlace,
    whyNoTerminal,
    isInSession,
    versionOf,
    cpuOfChildren,
    terminalSize: () => terminalSize(1),
    openChannel: openShellChannel,
  };
  return runShell(machine, ledger, request);
}
