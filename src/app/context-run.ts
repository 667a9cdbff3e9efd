import type { RunBoundary } from '../features/record/machine.ts';
import { type RunResult, runCommand } from '../features/record/run-command.ts';
import type { RunRequest } from '../features/record/run-request.ts';
import {
  runShell,
  type ShellRequest,
  type ShellResult,
} from '../features/record/shell/run-shell.ts';
import type { WorkspacePlace } from '../features/workspace/workspace.ts';
import type { Policy } from '../judge/boundary/policy.ts';
import type { Ledger } from '../ledger/store/ledger.ts';
import { resolveExecutable } from '../platform/process/executable.ts';
import { terminalSize } from '../platform/process/outer-terminal.ts';
import { cpuOfChildren } from '../platform/process/resource-sampling.ts';
import { runChild } from '../platform/process/run-child.ts';
import { openShellChannel } from '../platform/process/shell-channel.ts';
import { isInSession, versionOf, whyNoTerminal } from '../platform/process/shell-terminal.ts';
import { gitPlace } from './context-git.ts';
import type { Places } from './context-places.ts';

export { exitLike } from '../platform/process/exit-like.ts';

/** A policy that is to hold a run, and whether whoever runs it wants it held. */
export interface Holding {
  policy: Policy;
  file: string;
  /** False: said before it starts, and recorded. */
  enforce: boolean;
}

/** Runs and records a command on this machine, inside a sandbox where the policy asks for one. */
export async function runHere(
  ledgerDir: string | null,
  open: () => Promise<Ledger>,
  request: RunRequest,
  workspace: WorkspacePlace,
  held: { places: Places; holding: Holding; remark(text: string): void } | null = null,
): Promise<RunResult> {
  const walls = held === null ? null : await wallsFor(held.places, held.holding, request);
  const enclosure = walls?.enclosure ?? null;
  const machine = {
    runChild: (child, sink) => runChild(enclosure === null ? child : { ...child, enclosure }, sink),
    resolveExecutable,
    gitPlace,
    workspace,
  } satisfies Parameters<typeof runCommand>[0];
  const boundary: RunBoundary | undefined = walls?.boundary;
  // Before it starts: whoever counts on walls can still stop it.
  if (boundary?.unenforced !== undefined) held?.remark(unheldText(boundary.unenforced));
  return runCommand(
    machine,
    ledgerDir,
    open,
    boundary === undefined ? request : { ...request, boundary },
  );
}

function unheldText({ why, detail }: NonNullable<RunBoundary['unenforced']>): string {
  return why === 'asked'
    ? 'without the sandbox, as asked: what it changes is only observed'
    : `not held, only observed: ${detail}`;
}

async function wallsFor(places: Places, { policy, file, enforce }: Holding, request: RunRequest) {
  if (policy.mode !== 'enforce')
    return { boundary: { held: 'observed' } as const, enclosure: null };
  if (!enforce) {
    const detail = 'proof run --no-enforce';
    const boundary = { held: 'observed', unenforced: { why: 'asked', detail } } as const;
    return { boundary, enclosure: null };
  }
  const { argv, cwd, env } = request;
  const resolved = resolveExecutable(argv[0] ?? '', cwd, env.PATH);
  const executable = resolved.found ? resolved.path : null;
  const { raiseWalls } = await import('./context-sandbox.ts');
  return raiseWalls(places, policy, file, { argv, cwd, env, executable });
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
