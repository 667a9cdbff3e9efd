import { anchorError, shellQuoted } from './anchor-error.ts';
import { gitExit, seconds } from './anchor-git.ts';
import { CHECKPOINT_REF, isAncestor, readTip, trackingRef } from './checkpoint-branch.ts';
import { type Anchoring, moveOnto, type Standing } from './checkpoint-commit.ts';
import { type GitOutcome, runGit } from './git-command.ts';
import { gitReason } from './git-reason.ts';
import type { GitSettings } from './git-settings.ts';
import { readHead } from './head.ts';
import type { Repository } from './repository.ts';

/** Not having reached the remote is a fact about this anchor, not an error: it can be pushed later. */
export type Pushed = { remote: string; ok: true } | { remote: string; ok: false; reason: string };

/**
 * The remote to push to: the one given, else the one the current branch follows, else `origin`,
 * else the only one. Null where there is none, several without a preference, or `false` was given.
 */
export function chooseRemote(
  repository: Repository,
  settings: GitSettings,
  given: string | false | undefined,
): string | null {
  if (given === false) return null;
  if (given !== undefined) {
    if (settings.remotes.includes(given)) return given;
    throw anchorError({
      code: 'anchor.no-such-remote',
      message: `there is no remote ${given}`,
      why:
        settings.remotes.length === 0
          ? 'this repository has no remote'
          : `this repository has: ${settings.remotes.join(', ')}`,
      remedy: `name one of those, or add it: git -C ${shellQuoted(repository.worktree)} remote add ${shellQuoted(given)} URL`,
    });
  }
  const { branch } = readHead(repository);
  const followed = branch === null ? undefined : settings.remoteOf.get(branch);
  // `branch.<name>.remote` may be an address or `.`; an anchor needs a name to remember it by.
  if (followed !== undefined && settings.remotes.includes(followed)) return followed;
  if (settings.remotes.includes('origin')) return 'origin';
  return settings.remotes.length === 1 ? (settings.remotes[0] as string) : null;
}

/** Pushes the branch; where the remote's went on without us, ours is moved onto it first. */
export async function pushCheckpoint(
  anchoring: Anchoring,
  settings: GitSettings,
  { remote, timeoutMs, from }: { remote: string; timeoutMs: number; from: Standing },
): Promise<{ standing: Standing; pushed: Pushed }> {
  const { repository } = anchoring;
  const line: Line = {
    repository,
    remote,
    environment: settings.talkingTo(remote),
    deadline: Date.now() + timeoutMs,
    timeoutMs,
  };
  // Refuses a tracking ref that is another name for a branch, which git would then overwrite.
  await readTip(repository, trackingRef(remote));
  let standing = from;
  for (let retries = 0; ; retries++) {
    const push = await pushOnce(line);
    if (push.kind === 'done') {
      await rememberPushed(anchoring, remote, standing.tip);
      return { standing, pushed: { remote, ok: true } };
    }
    const failed = { standing, pushed: { remote, ok: false as const, reason: push.reason } };
    if (push.kind === 'failed' || retries === MAX_RETRIES) return failed;
    const fetched = await fetchTip(line);
    if (fetched.kind === 'failed') return { ...failed, pushed: { ...failed.pushed, ...fetched } };
    if (fetched.commit === null) continue;
    const theirs = { ref: trackingRef(remote), commit: fetched.commit };
    standing = await moveOnto(anchoring, theirs, standing);
  }
}

const MAX_RETRIES = 3;

interface Line {
  repository: Repository;
  remote: string;
  environment: Readonly<Record<string, string>>;
  deadline: number;
  timeoutMs: number;
}

type PushOutcome = { kind: 'done' } | { kind: 'behind' | 'failed'; reason: string };

async function pushOnce(line: Line): Promise<PushOutcome> {
  const outcome = await talk(line, [
    'push',
    '--porcelain',
    '--no-verify',
    '--no-signed',
    '--no-follow-tags',
    '--recurse-submodules=no',
    '--',
    line.remote,
    `${CHECKPOINT_REF}:${CHECKPOINT_REF}`,
  ]);
  if (outcome.kind !== 'exited') return { kind: 'failed', reason: reasonOf(line, outcome) };
  if (outcome.code === 0) return { kind: 'done' };
  const rejected = /^!\t[^\t]*\t(.*)$/m.exec(outcome.stdout.toString('utf8'))?.[1];
  if (rejected === undefined) return { kind: 'failed', reason: gitReason(outcome.stderr) };
  return { kind: BEHIND.test(rejected) ? 'behind' : 'failed', reason: gitReason(rejected) };
}

/**
 * Rejected by our own git because the remote's branch is elsewhere, or by the remote's because
 * somebody else was pushing at that moment. Not among them: a hook or a rule that says no.
 */
const BEHIND =
  /^\[rejected\]|fetch first|non-fast-forward|cannot lock ref|failed to update ref|incorrect old value|reference already exists|failed to lock/;

/** The remote's tip, kept at `refs/remotes/<remote>/proof-checkpoints`; null if it has none. */
async function fetchTip(
  line: Line,
): Promise<{ kind: 'fetched'; commit: string | null } | { kind: 'failed'; reason: string }> {
  const { repository, remote } = line;
  const outcome = await talk(line, [
    'fetch',
    '--quiet',
    '--no-tags',
    '--no-prune',
    '--no-recurse-submodules',
    '--no-write-fetch-head',
    '--no-filter',
    '--refmap=',
    '--',
    remote,
    `+${CHECKPOINT_REF}:${trackingRef(remote)}`,
  ]);
  if (outcome.kind === 'exited' && outcome.code === 0) {
    return { kind: 'fetched', commit: await readTip(repository, trackingRef(remote)) };
  }
  if (outcome.kind === 'exited' && /couldn't find remote ref/.test(outcome.stderr)) {
    return { kind: 'fetched', commit: null };
  }
  return { kind: 'failed', reason: reasonOf(line, outcome) };
}

/** One command on the line; all of them together have `timeoutMs`. */
function talk(line: Line, args: readonly string[]): Promise<GitOutcome> {
  return runGit({
    directory: line.repository.worktree,
    args,
    environment: line.environment,
    timeoutMs: Math.max(1, line.deadline - Date.now()),
    maxOutputBytes: 64 * 1024,
  });
}

function reasonOf({ remote, timeoutMs }: Line, outcome: GitOutcome): string {
  switch (outcome.kind) {
    case 'exited':
      return gitReason(outcome.stderr);
    case 'timed-out':
      return `no answer from ${remote} within ${seconds(timeoutMs)}`;
    case 'too-much-output':
      return `${remote} answered with more than ${outcome.maxBytes} bytes`;
    case 'no-git':
      return 'git was not found';
    case 'not-started':
      return `git could not be started (${outcome.errno})`;
  }
}

/**
 * git updates the tracking ref after a push only where the remote's fetch rule covers the branch;
 * in a clone of one branch (as CI makes them) it does not.
 */
async function rememberPushed(
  { repository, writing }: Anchoring,
  remote: string,
  pushed: string,
): Promise<void> {
  const ref = trackingRef(remote);
  const known = await readTip(repository, ref);
  if (known !== null && (await isAncestor(repository, pushed, known))) return;
  const args = ['update-ref', '--no-deref', '-m', 'proof anchor: pushed', ref, pushed];
  // Whatever the exit code: the remote has it, and the next anchor remembers it again.
  await gitExit(repository, args, { environment: writing });
}
