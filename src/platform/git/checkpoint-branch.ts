import { setTimeout as pause } from 'node:timers/promises';
import { anchorError, shellQuoted } from './anchor-error.ts';
import { git, gitExit, gitFailure } from './anchor-git.ts';
import { gitReason } from './git-reason.ts';
import { readHead } from './head.ts';
import { isObjectName } from './ref-name.ts';
import type { Repository } from './repository.ts';

export const CHECKPOINT_BRANCH = 'proof-checkpoints';
export const CHECKPOINT_REF = `refs/heads/${CHECKPOINT_BRANCH}`;

export function trackingRef(remote: string): string {
  return `refs/remotes/${remote}/${CHECKPOINT_BRANCH}`;
}

/** Refs that match the pattern (see `git for-each-ref`) and the commits they point to. */
export async function listTips(
  repository: Repository,
  ...patterns: string[]
): Promise<{ ref: string; commit: string }[]> {
  const format = '--format=%(refname)%00%(objectname)%00%(objecttype)%00%(symref)';
  const listed = await git(repository, ['for-each-ref', format, '--', ...patterns]);
  const tips: { ref: string; commit: string }[] = [];
  for (const line of listed.toString('utf8').split('\n')) {
    const [ref, commit, type, target] = line.split('\0');
    if (ref === undefined || commit === undefined || !isObjectName(commit)) continue;
    // A symbolic ref would let a write to this branch move another one.
    if (target !== '') throw unusable(repository, ref, `it is another name for ${target}`);
    if (type !== 'commit') throw unusable(repository, ref, `it points to a ${type}, not a commit`);
    tips.push({ ref, commit });
  }
  return tips;
}

/** The commit a ref points to, or null if there is no such ref. */
export async function readTip(repository: Repository, ref: string): Promise<string | null> {
  const tips = await listTips(repository, ref);
  const other = tips.find((tip) => tip.ref !== ref);
  if (other !== undefined) {
    const why = `${other.ref} exists, and git keeps no ref inside another`;
    throw unusable(repository, ref, why, other.ref);
  }
  return tips[0]?.commit ?? null;
}

/**
 * Moves the checkpoint branch from `from` (null: does not exist yet) to `to`, or returns git's
 * reason for not doing so: most often that somebody else moved it first.
 *
 * The commit point of anchoring: before it the new objects are unreachable litter, after it the
 * checkpoint is in the branch. git replaces the ref's file in one rename.
 */
export async function moveBranch(
  repository: Repository,
  environment: Readonly<Record<string, string>>,
  { from, to }: { from: string | null; to: string },
): Promise<{ moved: true } | { moved: false; reason: string }> {
  const none = '0'.repeat(to.length);
  const args = ['update-ref', '--no-deref', '-m', 'proof anchor', CHECKPOINT_REF, to, from ?? none];
  const exit = await gitExit(repository, args, { environment });
  if (exit.code === 0) return { moved: true };
  const failure = gitFailure(repository, args, exit);
  if (failure.code !== 'anchor.git-failed') throw failure;
  return { moved: false, reason: gitReason(exit.stderr) };
}

/** Each attempt builds on where the branch stands by then, so losing a race costs only time. */
export const MOVE_ATTEMPTS = 10;

export async function pauseBeforeRetry(attempt: number): Promise<void> {
  await pause(Math.random() * Math.min(20 * 2 ** attempt, 400));
}

export function branchBusy(repository: Repository, reason: string) {
  return anchorError({
    code: 'anchor.branch-busy',
    message: `the branch ${CHECKPOINT_BRANCH} could not be moved`,
    why: reason,
    remedy: `run \`proof anchor\` again; if no git command is running: rm -f ${shellQuoted(`${repository.commonDir}/${CHECKPOINT_REF}.lock`)}`,
  });
}

/** A branch that is checked out must not move: its worktree would show changes nobody made. */
export async function refuseIfCheckedOut(repository: Repository): Promise<void> {
  const format = '--format=%(worktreepath)';
  const listed = await git(repository, ['for-each-ref', format, CHECKPOINT_REF]);
  let worktree = listed.toString('utf8').replace(/\n+$/, '');
  let leave = 'switch --detach';
  const { head, branch } = readHead(repository);
  if (branch === CHECKPOINT_BRANCH && head === null) {
    // HEAD names the branch before its first commit, so there is no ref yet to ask about.
    worktree = repository.worktree;
    leave = 'symbolic-ref HEAD refs/heads/main';
  }
  if (worktree === '') return;
  throw anchorError({
    code: 'anchor.branch-checked-out',
    message: `the branch ${CHECKPOINT_BRANCH} is checked out in ${worktree}`,
    why: 'an anchor moves the branch, and that worktree would then show changes nobody made',
    remedy: `git -C ${shellQuoted(worktree)} ${leave}, then run \`proof anchor\` (if the directory has gone: git -C ${shellQuoted(repository.worktree)} worktree prune)`,
  });
}

export async function isAncestor(
  repository: Repository,
  ancestor: string,
  commit: string,
): Promise<boolean> {
  const args = ['merge-base', '--is-ancestor', ancestor, commit];
  const exit = await gitExit(repository, args);
  if (exit.code > 1) throw gitFailure(repository, args, exit);
  return exit.code === 0;
}

function unusable(repository: Repository, ref: string, why: string, culprit = ref) {
  return anchorError({
    code: 'anchor.branch-unusable',
    message: `${ref} cannot be used for anchors`,
    why,
    remedy: `if you do not need it: git -C ${shellQuoted(repository.worktree)} update-ref --no-deref -d ${shellQuoted(culprit)}`,
  });
}
