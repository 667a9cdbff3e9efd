import type { ProofError } from '../../core/errors.ts';
import { type AnchorErrorCode, anchorError, shellQuoted } from './anchor-error.ts';
import { type GitCommand, type GitOutcome, runGit } from './git-command.ts';
import { gitReason } from './git-reason.ts';
import type { Repository } from './repository.ts';

export type GitOptions = Omit<GitCommand, 'directory' | 'args'>;
export type GitExit = Extract<GitOutcome, { kind: 'exited' }>;

/** Runs git for an anchor and returns its output; whatever else happens is a ProofError. */
export async function git(
  repository: Repository,
  args: readonly string[],
  options: GitOptions = {},
): Promise<Buffer> {
  const exit = await gitExit(repository, args, options);
  if (exit.code !== 0) throw gitFailure(repository, args, exit);
  return exit.stdout;
}

/** The same where an exit code other than 0 is an answer. */
export async function gitExit(
  repository: Repository,
  args: readonly string[],
  options: GitOptions = {},
): Promise<GitExit> {
  const outcome = await runGit({ ...options, directory: repository.worktree, args });
  switch (outcome.kind) {
    case 'exited':
      return outcome;
    case 'no-git':
      throw anchorError({
        code: 'anchor.no-git',
        message: 'git was not found',
        why: 'anchors are kept as commits, and no directory of PATH holds a git',
        remedy:
          'install git (https://git-scm.com/downloads) or add its directory to PATH, then run `proof anchor`',
      });
    case 'not-started':
      if (outcome.errno === 'ENOENT') throw noRepository(repository);
      throw unforeseen(repository, args, `it could not be started (${outcome.errno})`);
    case 'timed-out':
      throw unforeseen(repository, args, `no answer within ${seconds(outcome.afterMs)}`);
    case 'too-much-output':
      throw anchorError({
        code: 'anchor.unreadable',
        message: 'the anchors of this repository cannot be read',
        why: `\`git ${args[0]}\` gave more than ${outcome.maxBytes} bytes, far more than anchors need`,
        remedy: `look at what was put there: git -C ${shellQuoted(repository.worktree)} log --stat --all -- '*/checkpoint'`,
      });
  }
}

/** What a failing git command means. */
export function gitFailure(
  repository: Repository,
  args: readonly string[],
  { code, stderr }: GitExit,
): ProofError<AnchorErrorCode> {
  const worktree = shellQuoted(repository.worktree);
  if (/dubious ownership|safe\.directory/.test(stderr)) {
    return anchorError({
      code: 'anchor.untrusted-repository',
      message: `git does not trust ${repository.worktree}`,
      why: 'the repository belongs to another user',
      remedy: `if you trust its owner: git config --global --add safe.directory ${worktree}`,
    });
  }
  if (/not a git repository/.test(stderr)) return noRepository(repository);
  if (NOT_WRITABLE.test(stderr)) {
    return anchorError({
      code: 'anchor.not-writable',
      message: `git cannot write to ${repository.commonDir}`,
      why: gitReason(stderr),
      remedy: `give yourself write access to it, or make room: ls -ld ${shellQuoted(repository.commonDir)}; df -h ${worktree}`,
    });
  }
  return unforeseen(repository, args, stderr === '' ? `exit code ${code}` : gitReason(stderr));
}

export function seconds(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`;
}

const NOT_WRITABLE =
  /insufficient permission|Permission denied|Read-only file system|No space left|Disk quota/;

function noRepository(repository: Repository): ProofError<AnchorErrorCode> {
  return anchorError({
    code: 'anchor.no-repository',
    message: `${repository.worktree} is not a git repository`,
    why: 'anchors are kept as commits of the repository the work is in, and there is none',
    remedy: `git -C ${shellQuoted(repository.worktree)} init, then run \`proof anchor\``,
  });
}

function unforeseen(
  repository: Repository,
  args: readonly string[],
  why: string,
): ProofError<AnchorErrorCode> {
  return anchorError({
    code: 'anchor.git-failed',
    message: `\`git ${args[0]}\` failed`,
    why,
    remedy: `see whether the repository is sound: git -C ${shellQuoted(repository.worktree)} fsck --connectivity-only`,
  });
}
