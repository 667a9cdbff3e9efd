import { join } from 'node:path';
import { runGitSync } from './git-command.ts';
import { findPackedRef } from './packed-refs.ts';
import { isObjectName, isRefName } from './ref-name.ts';
import type { Repository } from './repository.ts';
import { readSmallFile } from './small-file.ts';

export interface Head {
  /** The commit (40 or 64 hex digits); null before the first commit, or where it cannot be told. */
  head: string | null;
  /** `main` for refs/heads/main; null where HEAD is detached. */
  branch: string | null;
}

/**
 * Where the worktree stands. Reads HEAD, the branch's file and `packed-refs`, spawns nothing and
 * never throws: what cannot be told is null.
 *
 * The one exception is a repository that keeps its refs in reftables (git 2.45 and later): there
 * the file HEAD is a stub, and git is asked.
 */
export function readHead(repository: Repository): Head {
  const text = readSmallFile(join(repository.gitDir, 'HEAD'), MAX_REF_BYTES);
  if (text === null) return UNKNOWN;
  if (/^ref:\s*refs\/heads\/\.invalid\s*$/.test(text)) return askGit(repository);
  let ref: string | null = null;
  let content = text;
  for (let depth = 0; depth <= MAX_SYMBOLIC_DEPTH; depth++) {
    const symbolic = /^ref:\s*(\S[^\n]*?)\s*$/.exec(content);
    if (symbolic === null) return { head: objectName(content), branch: branchOf(ref) };
    ref = symbolic[1] as string;
    if (!isRefName(ref)) return UNKNOWN;
    const loose = readSmallFile(join(directoryOf(repository, ref), ref), MAX_REF_BYTES);
    // Loose first: git packs a ref before it removes the file, so the ref is always in one of them.
    if (loose === null) {
      return { head: findPackedRef(repository.commonDir, ref), branch: branchOf(ref) };
    }
    content = loose;
  }
  return UNKNOWN;
}

const UNKNOWN: Head = { head: null, branch: null };
const MAX_REF_BYTES = 4096;
/** As in git: a longer chain is a loop. */
const MAX_SYMBOLIC_DEPTH = 5;

function objectName(content: string): string | null {
  const first = /^[0-9a-f]*/.exec(content)?.[0] ?? '';
  return isObjectName(first) && /^\s*$/.test(content.slice(first.length)) ? first : null;
}

function branchOf(ref: string | null): string | null {
  return ref?.startsWith('refs/heads/') ? ref.slice('refs/heads/'.length) : null;
}

/** Refs are shared by all worktrees, but for these three kinds. */
function directoryOf(repository: Repository, ref: string): string {
  return /^refs\/(?:bisect|worktree|rewritten)\//.test(ref)
    ? repository.gitDir
    : repository.commonDir;
}

function askGit({ worktree }: Repository): Head {
  const ask = (...args: string[]): string | null => {
    const asked = runGitSync({ directory: worktree, args, timeoutMs: 5000, maxOutputBytes: 4096 });
    return asked.kind === 'exited' && asked.code === 0
      ? asked.stdout.toString('utf8').replace(/\n$/, '')
      : null;
  };
  const commit = ask('rev-parse', '--quiet', '--verify', 'HEAD^{commit}');
  const ref = ask('symbolic-ref', '--quiet', 'HEAD');
  return {
    head: commit !== null && isObjectName(commit) ? commit : null,
    branch: ref !== null && isRefName(ref) ? branchOf(ref) : null,
  };
}
