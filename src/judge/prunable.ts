/** What may be let go of to save room: the rule, as it is told to people and stands in entries. */
export interface PruneRule {
  /** Only of tasks that were closed at least so long ago, and of entries at least as old. */
  closedForSeconds: number;
  /** Only contents of at least so many bytes. */
  atLeastBytes: number;
}

/** One place where a blob is named, as far as the rule asks. */
export interface BlobUse {
  kind: string;
  name: string;
  size: number;
  /** When its entry was appended, RFC 3339. */
  at: string;
  /** When its task was closed; null where it is open, or there is none. */
  closedAt: string | null;
  /** Something that counts on it refers to its entry: a claim, an approval, a decision. */
  cited: boolean;
}

/**
 * May this be pruned? Only what a command wrote, only when it is bulky, only of tasks that are over
 * for long enough, and never what something else counts on. Entries and proofs are never pruned.
 */
export function isPrunable(use: BlobUse, rule: PruneRule, now: Date): boolean {
  const before = now.getTime() - rule.closedForSeconds * 1000;
  return (
    use.kind === 'command' &&
    OUTPUT.has(use.name) &&
    use.size >= rule.atLeastBytes &&
    !use.cited &&
    use.closedAt !== null &&
    Date.parse(use.closedAt) <= before &&
    Date.parse(use.at) <= before
  );
}

/** Streams of a command, and the times at which they came. */
const OUTPUT: ReadonlySet<string> = new Set(['stdout', 'stderr', 'terminal', 'timing']);

/**
 * Does a reference count on what it refers to? Parents and children only say who ran inside whom;
 * these kinds stand on commands all the time, and none of them needs the command's output again.
 * Any other kind, also one that is not known here, keeps what it refers to.
 */
export function isCiting(kind: string, rel: string): boolean {
  if (rel === 'cites') return true;
  return rel !== 'parent' && rel !== 'child' && !PASSING.has(kind);
}

const PASSING: ReadonlySet<string> = new Set([
  'note',
  'change',
  'command',
  'gap',
  'test.report',
  'redacted',
  'pruned',
]);
