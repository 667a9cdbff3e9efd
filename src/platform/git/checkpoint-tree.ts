import { anchorError, shellQuoted } from './anchor-error.ts';
import { git, gitExit } from './anchor-git.ts';
import { MAX_CHECKPOINT_BYTES, readCheckpointLines } from './checkpoint-order.ts';
import type { Repository } from './repository.ts';

/**
 * The tree of the checkpoint branch: one folder a ledger, `<ledger id>/checkpoint` in it. Anybody
 * who may push can put anything there, so nothing is believed and every size has a limit.
 */

/** Ledger ids are names of folders here. Starting with a letter or digit rules out `..` and `.git`. */
export function isLedgerId(text: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(text);
}

export type StoredCheckpoint =
  | { kind: 'absent' }
  | { kind: 'found'; text: string }
  | { kind: 'unreadable'; why: string };

/** What a commit of the branch holds for a ledger. */
export async function lookUpCheckpoint(
  repository: Repository,
  commit: string,
  ledgerId: string,
): Promise<StoredCheckpoint> {
  const [entry] = await listTree(repository, commit, `${ledgerId}/checkpoint`);
  if (entry === undefined) return { kind: 'absent' };
  if (!isPlainFile(entry.mode)) return { kind: 'unreadable', why: 'it is not a plain file' };
  const size = await gitExit(repository, ['cat-file', '-s', entry.object]);
  if (size.code !== 0) return { kind: 'unreadable', why: 'its contents are missing' };
  if (Number(size.stdout.toString('latin1')) > MAX_CHECKPOINT_BYTES) {
    return { kind: 'unreadable', why: `it is larger than ${MAX_CHECKPOINT_BYTES} bytes` };
  }
  const bytes = await git(repository, ['cat-file', 'blob', entry.object]);
  const text = utf8(bytes);
  return text === null ? { kind: 'unreadable', why: 'it is not UTF-8' } : { kind: 'found', text };
}

/** The text, or null where the ledger has none there; a ProofError for what is no text. */
export async function readCheckpoint(
  repository: Repository,
  ref: string,
  commit: string,
  ledgerId: string,
): Promise<string | null> {
  const stored = await lookUpCheckpoint(repository, commit, ledgerId);
  if (stored.kind === 'unreadable') throw unreadable(repository, ref, ledgerId, stored.why);
  return stored.kind === 'found' ? stored.text : null;
}

export function unreadable(repository: Repository, ref: string, ledgerId: string, why: string) {
  const worktree = shellQuoted(repository.worktree);
  return anchorError({
    code: 'anchor.unreadable',
    message: `${ref}:${ledgerId}/checkpoint is not a checkpoint`,
    why: `${why}; somebody who may write to that branch put it there`,
    remedy: `see who: git -C ${worktree} log ${ref} -- ${ledgerId}; then take it back with \`git revert\` in a worktree of that branch`,
  });
}

/**
 * Writes the tree that holds `checkpoint` for the ledger and everything else of `base` as it is.
 * With `earlier`, folders only that commit has are kept too, and of another ledger's folder that
 * both have the one with the larger checkpoint. Returns the tree's name.
 */
export async function writeCheckpointTree(
  repository: Repository,
  ledgerId: string,
  checkpoint: string,
  { base, earlier = null }: { base: string | null; earlier?: string | null },
): Promise<string> {
  const root = new Map<string, TreeEntry>();
  for (const entry of base === null ? [] : await listTree(repository, base)) {
    root.set(entry.name, entry);
  }
  for (const entry of earlier === null ? [] : await listTree(repository, earlier)) {
    const present = root.get(entry.name);
    const takes =
      present === undefined ||
      (present.object !== entry.object &&
        (await anchoredSize(repository, earlier as string, entry.name)) >
          (await anchoredSize(repository, base as string, entry.name)));
    if (takes) root.set(entry.name, entry);
  }
  const folder = root.get(ledgerId);
  if (folder !== undefined && folder.type !== 'tree') {
    throw unreadable(repository, folder.object, ledgerId, `${ledgerId} is not a folder there`);
  }
  const inside = folder === undefined ? [] : await listTree(repository, folder.object);
  const written = await git(repository, ['hash-object', '-w', '-t', 'blob', '--stdin'], {
    input: checkpoint,
  });
  const file = { mode: '100644', type: 'blob', object: oneLine(written), name: 'checkpoint' };
  const kept = inside.filter((entry) => entry.name !== 'checkpoint');
  const object = await makeTree(repository, [...kept, file]);
  root.set(ledgerId, { mode: '040000', type: 'tree', object, name: ledgerId });
  return makeTree(repository, [...root.values()]);
}

export function isPlainFile(mode: string): boolean {
  return mode === '100644' || mode === '100755';
}

export function utf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

export function oneLine(output: Buffer): string {
  return output.toString('latin1').trim();
}

interface TreeEntry {
  mode: string;
  type: string;
  object: string;
  /** One character a byte: a name need not be UTF-8 and goes back as it came. */
  name: string;
}

async function listTree(
  repository: Repository,
  tree: string,
  ...paths: string[]
): Promise<TreeEntry[]> {
  const listed = await git(repository, ['ls-tree', '-z', '--full-tree', tree, '--', ...paths]);
  const entries: TreeEntry[] = [];
  for (const record of listed.toString('latin1').split('\0')) {
    const match = /^([0-7]{6}) ([a-z]+) ([0-9a-f]+)\t(.+)$/s.exec(record);
    if (match === null) continue;
    const [, mode, type, object, name] = match as unknown as [
      string,
      string,
      string,
      string,
      string,
    ];
    entries.push({ mode, type, object, name });
  }
  return entries;
}

async function makeTree(repository: Repository, entries: readonly TreeEntry[]): Promise<string> {
  const lines = entries.map(
    ({ mode, type, object, name }) => `${mode} ${type} ${object}\t${name}\0`,
  );
  // --missing: other ledgers' files need not be here (a partial clone) to be kept.
  const tree = await git(repository, ['mktree', '-z', '--missing'], {
    input: Buffer.from(lines.join(''), 'latin1'),
  });
  return oneLine(tree);
}

/** -1 for what is not a ledger's folder with a checkpoint in it. */
async function anchoredSize(repository: Repository, commit: string, name: string): Promise<number> {
  if (!isLedgerId(name)) return -1;
  const stored = await lookUpCheckpoint(repository, commit, name);
  return stored.kind === 'found' ? (readCheckpointLines(stored.text)?.size ?? -1) : -1;
}
