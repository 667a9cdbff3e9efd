import { readHead } from '../platform/git/head.ts';
import { findRepository } from '../platform/git/repository.ts';

export interface GitPlaceHere {
  worktree: string;
  head: string | null;
  branch: string | null;
}

/** The git worktree around a directory, and what is checked out there; null outside git. */
export function gitPlace(cwd: string): GitPlaceHere | null {
  const repository = findRepository(cwd);
  return repository === null ? null : { worktree: repository.worktree, ...readHead(repository) };
}
