import { randomBytes } from 'node:crypto';
import type { ProofError } from '../../../core/errors.ts';
import { Spool } from '../../../ledger/spool.ts';
import type { Ledger } from '../../../ledger/store/ledger.ts';
import type { ChildOutcome } from '../machine.ts';
import { nestingIn } from '../nesting.ts';
import type { ShellFacts } from './command-of-shell.ts';
import { findShell, launch, type ShellName } from './launch.ts';
import type { SessionCount, SessionRequest } from './session-request.ts';
import { shellError } from './shell-error.ts';
import type { ShellMachine } from './shell-machine.ts';
import { newRun, ShellSession } from './shell-session.ts';

export interface ShellRequest
  extends Pick<SessionRequest, 'taskAt' | 'pinned' | 'cwd' | 'recorded' | 'notice'> {
  /** Named, or the user's own. */
  shell: ShellName | undefined;
  env: Readonly<Record<string, string>>;
  actor: ShellFacts['actor'];
  /** Bytes kept of each command's output. */
  bound: number;
  version: string;
  /** Just before it starts. */
  starting(shell: ShellName): void;
}

export interface ShellResult extends SessionCount {
  shell: ShellName;
  /** How the shell itself ended, and so is this process to end. */
  exit: ChildOutcome['exit'];
  unsaid: readonly (string | ProofError)[];
}

/**
 * Runs an interactive shell on a terminal of its own inside the user's, and records every command
 * typed in it. Fails, before anything is started, with a `shell.…` error; after that nothing that
 * fails here ends the shell.
 */
export async function runShell(
  machine: ShellMachine,
  ledger: Ledger,
  request: ShellRequest,
): Promise<ShellResult> {
  const { env, cwd } = request;
  const nesting = nestingIn(env);
  // A terminal multiplexer started inside hands the variable on to shells that are not recorded.
  const around = Number(env.PROOF_SHELL ?? '');
  if (nesting?.ledger === ledger.id() && machine.isInSession(around)) {
    throw shellError(
      'shell.inside-itself',
      'This shell is recorded already',
      'what is typed in it becomes entries of this ledger as it is',
      'proof log, or exit to leave it',
    );
  }
  const found = findShell(machine, { cwd, env }, request.shell);
  requireTerminal(machine);
  const channel = machine.openChannel(env);
  if (channel === null) {
    throw shellError(
      'shell.no-channel',
      'The shell’s hooks have nowhere to be',
      'no private directory with a FIFO could be made in XDG_RUNTIME_DIR or TMPDIR',
      'free some space there, or point TMPDIR elsewhere',
    );
  }
  try {
    const nonce = randomBytes(16).toString('hex');
    const place = { nonce, reply: channel.reply, dir: channel.dir };
    const started = launch(found, place, env);
    channel.write(started.files);
    const facts: ShellFacts = {
      ledger,
      spool: new Spool(ledger.dir),
      machine,
      shell: found.name,
      session: newRun(),
      parent: nesting?.parent,
      actor: request.actor,
      env,
      bound: request.bound,
      version: request.version,
    };
    const session = new ShellSession(facts, { ...request, nonce, channel });
    request.starting(found.name);
    const outcome = await machine.runChild(
      {
        argv: started.argv,
        executable: found.executable,
        cwd,
        env: started.env,
        graceMs: GRACE_MS,
        onStart: (pid) => session.started(pid),
        filter: session.filter,
      },
      () => {},
    );
    await session.over(outcome.durationMicros, outcome.exit);
    const unsaid = session.count.hooked ? session.unsaid : [notHooked(found.name)];
    return { ...session.count, shell: found.name, exit: outcome.exit, unsaid };
  } finally {
    channel.close();
  }
}

/** Background jobs may hold the terminal for ever; who leaves a shell does not wait for them. */
const GRACE_MS = 200;

function requireTerminal(machine: ShellMachine): void {
  const why = machine.whyNoTerminal();
  if (why === null) return;
  const reasons = {
    'no-terminal': 'standard input and output are not one and the same terminal',
    'in-background': 'another job has the terminal',
    taken: 'another program has put the terminal into raw mode',
    'no-setsid': 'the program setsid, which gives a shell its own terminal, was not found',
  } as const;
  throw shellError(
    'shell.no-terminal',
    'An interactive shell needs your terminal',
    reasons[why],
    why === 'no-setsid'
      ? 'install util-linux'
      : 'proof run -- COMMAND in scripts, or proof shell at a prompt',
  );
}

function notHooked(shell: ShellName): ProofError {
  const files = { bash: '~/.bashrc', zsh: '~/.zshrc', fish: 'config.fish' } as const;
  return shellError(
    'shell.not-hooked',
    `Nothing was recorded: the hooks in this ${shell} never spoke`,
    `your ${files[shell]} may start another shell or program in its place`,
    `look for exec in ${files[shell]}, or name that shell: proof shell --shell zsh`,
  );
}
