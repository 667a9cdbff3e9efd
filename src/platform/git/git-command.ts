import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, dirname, isAbsolute, join } from 'node:path';

export interface GitCommand {
  /** The worktree; git is started there and looks for a repository there only, not further up. */
  directory: string;
  args: readonly string[];
  input?: string | Uint8Array;
  /** Added to the environment described at `environment` below. */
  environment?: Readonly<Record<string, string>>;
  timeoutMs?: number;
  /** Of standard output; of standard error the first 16 KiB are kept. */
  maxOutputBytes?: number;
}

export type GitOutcome =
  | { kind: 'exited'; code: number; stdout: Buffer; stderr: string }
  | { kind: 'no-git' }
  /** `errno` as in ENOENT (the directory is gone), EAGAIN, E2BIG. */
  | { kind: 'not-started'; errno: string }
  | { kind: 'timed-out'; afterMs: number }
  | { kind: 'too-much-output'; maxBytes: number };

/**
 * Runs git and never throws: every way this can end is an outcome. No shell is involved, nobody is
 * asked anything, no hook of the user runs, and a limit on time and output holds whatever the
 * repository or the other side of a connection does.
 */
export function runGit(command: GitCommand): Promise<GitOutcome> {
  const timeoutMs = command.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const maxBytes = command.maxOutputBytes ?? DEFAULT_MAX_OUTPUT;
  const git = findGit();
  if (git === null) return Promise.resolve({ kind: 'no-git' });
  return new Promise((resolve) => {
    const child = spawn(git, [...SETTINGS, ...command.args], {
      cwd: command.directory,
      env: environment(command),
      stdio: [command.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      // A session of its own: no terminal that ssh could ask a passphrase on, and one process
      // group, so that a time-out also ends the ssh or helper that git is waiting for.
      detached: true,
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    let outBytes = 0;
    let errBytes = 0;
    let cause: GitOutcome | null = null;
    let drain: NodeJS.Timeout | undefined;

    const finish = (outcome: GitOutcome): void => {
      clearTimeout(deadline);
      clearTimeout(drain);
      child.stdout?.destroy();
      child.stderr?.destroy();
      resolve(outcome);
    };
    const abandon = (outcome: GitOutcome): void => {
      if (cause !== null) return;
      cause = outcome;
      // TERM first: git then removes its lock files, which would block the next command.
      signalGroup(child, 'SIGTERM');
      setTimeout(() => {
        signalGroup(child, 'SIGKILL');
        finish(outcome);
      }, GRACE_MS);
    };
    const deadline = setTimeout(
      () => abandon({ kind: 'timed-out', afterMs: timeoutMs }),
      timeoutMs,
    );
    const end = (code: number): void => {
      if (cause !== null) return;
      finish({
        kind: 'exited',
        code,
        stdout: Buffer.concat(stdout),
        stderr: Buffer.concat(stderr).toString('utf8'),
      });
    };

    child.stdout?.on('data', (piece: Buffer) => {
      outBytes += piece.length;
      if (outBytes > maxBytes) abandon({ kind: 'too-much-output', maxBytes });
      else stdout.push(piece);
      drain?.refresh();
    });
    child.stderr?.on('data', (piece: Buffer) => {
      if (errBytes < MAX_STDERR) stderr.push(piece.subarray(0, MAX_STDERR - errBytes));
      errBytes += piece.length;
      drain?.refresh();
    });
    // A command that ends before it has read its input closes the pipe; its exit code tells why.
    child.stdin?.on('error', () => {});
    child.stdin?.end(command.input);
    child.on('error', (error: NodeJS.ErrnoException) => {
      finish({ kind: 'not-started', errno: error.code ?? 'unknown' });
    });
    child.on('close', (code) => end(code ?? KILLED));
    child.on('exit', (code) => {
      // A daemon git left behind (an ssh master connection, a credential cache) may hold the pipes
      // open for hours: 'close' is not waited for once they are silent.
      drain = setTimeout(() => end(code ?? KILLED), DRAIN_MS);
    });
  });
}

/** The same for the one caller that cannot wait, `readHead`. Local commands only. */
export function runGitSync(command: GitCommand): GitOutcome {
  const timeoutMs = command.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const maxBytes = command.maxOutputBytes ?? DEFAULT_MAX_OUTPUT;
  const git = findGit();
  if (git === null) return { kind: 'no-git' };
  const ran = spawnSync(git, [...SETTINGS, ...command.args], {
    cwd: command.directory,
    env: environment(command),
    input: command.input ?? '',
    timeout: timeoutMs,
    maxBuffer: maxBytes,
  });
  const errno = (ran.error as NodeJS.ErrnoException | undefined)?.code;
  if (errno === 'ETIMEDOUT') return { kind: 'timed-out', afterMs: timeoutMs };
  if (errno === 'ENOBUFS') return { kind: 'too-much-output', maxBytes };
  if (errno !== undefined) return { kind: 'not-started', errno };
  const stderr = ran.stderr.subarray(0, MAX_STDERR).toString('utf8');
  return { kind: 'exited', code: ran.status ?? KILLED, stdout: ran.stdout, stderr };
}

const DEFAULT_TIMEOUT_MS = 30_000;
const DEFAULT_MAX_OUTPUT = 8 * 1024 * 1024;
const MAX_STDERR = 16 * 1024;
const GRACE_MS = 300;
const DRAIN_MS = 250;
const KILLED = 128;

/**
 * Configuration that wins over the user's and the repository's. A repository names programs in its
 * configuration (a file monitor, hooks, a signer), and none of them has a part in this.
 */
const SETTINGS: readonly string[] = [
  '--no-pager',
  ...[
    'core.fsmonitor=false',
    'core.hooksPath=/dev/null',
    // Hooks named in the configuration (git 2.54 and later) are not files and need this as well.
    // These are the events that update-ref, fetch and push raise.
    'hook.reference-transaction.enabled=false',
    'hook.pre-push.enabled=false',
    'hook.pre-auto-gc.enabled=false',
    'commit.gpgSign=false',
    'gc.auto=0',
    'maintenance.auto=false',
    // A commit graph is a cache, and a wrong one would hide commits.
    'core.commitGraph=false',
    // git does not wait for a loose object to reach the disk but does for a ref: after a power cut
    // the branch could name an empty commit.
    'core.fsync=committed',
    'credential.interactive=false',
  ].flatMap((setting) => ['-c', setting]),
];

/**
 * What git, ssh and the credential helpers need to do for us what they do for the user. Everything
 * else stays out, above all the caller's GIT_DIR, GIT_INDEX_FILE, GIT_OBJECT_DIRECTORY and their
 * like, which a hook sets and which would point into another repository. The three GIT_CONFIG_…
 * only say where the user's own settings are.
 */
const PASSED_ON: readonly string[] = [
  ...['HOME', 'USER', 'LOGNAME', 'TMPDIR', 'XDG_CONFIG_HOME', 'XDG_RUNTIME_DIR'],
  ...['GIT_CONFIG_GLOBAL', 'GIT_CONFIG_SYSTEM', 'GIT_CONFIG_NOSYSTEM'],
  ...['SSH_AUTH_SOCK', 'KRB5CCNAME', 'DBUS_SESSION_BUS_ADDRESS', 'SSL_CERT_FILE', 'SSL_CERT_DIR'],
  ...['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY'],
  ...['http_proxy', 'https_proxy', 'all_proxy', 'no_proxy'],
  // The `gh` credential helper's login, where there is no login file (CI).
  ...['GH_TOKEN', 'GITHUB_TOKEN', 'GH_CONFIG_DIR'],
];

function environment(command: GitCommand): Record<string, string> {
  const passedOn: Record<string, string> = {};
  for (const name of PASSED_ON) {
    const value = process.env[name];
    if (value !== undefined) passedOn[name] = value;
  }
  return {
    ...passedOn,
    PATH: searchPath().join(delimiter),
    LC_ALL: 'C',
    // If the repository has gone since it was found, git must not settle for one further up.
    // It still checks who owns the repository, which it would not do with GIT_DIR set.
    GIT_CEILING_DIRECTORIES: dirname(command.directory),
    GIT_OPTIONAL_LOCKS: '0',
    GIT_LITERAL_PATHSPECS: '1',
    // Replacement refs and grafts show other objects than the ones named by the hash.
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_GRAFT_FILE: '/dev/null/none',
    // Nobody is asked: not on the terminal, not by an askpass window, not by a helper's browser.
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: '',
    GCM_INTERACTIVE: 'never',
    ...command.environment,
  };
}

/** The absolute entries of PATH: a relative one would be looked up inside the repository. */
function searchPath(): string[] {
  return (process.env.PATH ?? '').split(delimiter).filter((entry) => isAbsolute(entry));
}

function findGit(): string | null {
  for (const directory of searchPath()) {
    const candidate = join(directory, 'git');
    try {
      accessSync(candidate, constants.X_OK);
      if (statSync(candidate).isFile()) return candidate;
    } catch {
      // Not in this directory.
    }
  }
  return null;
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group has ended by itself.
  }
}
