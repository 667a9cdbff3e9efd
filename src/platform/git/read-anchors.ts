import { join } from 'node:path';
import { git } from './anchor-git.ts';
import { CHECKPOINT_REF, listTips, readTip, trackingRef } from './checkpoint-branch.ts';
import { MAX_CHECKPOINT_BYTES } from './checkpoint-order.ts';
import { isLedgerId, isPlainFile, readCheckpoint, utf8 } from './checkpoint-tree.ts';
import { readSettings } from './git-settings.ts';
import { isObjectName } from './ref-name.ts';
import type { Repository } from './repository.ts';
import { readSmallFile } from './small-file.ts';

export interface Anchor {
  ref: string;
  /** Null for the branch of this repository, else the remote it was last seen at. */
  remote: string | null;
  commit: string;
  /** As it stands there; nothing about it has been checked. */
  checkpoint: string;
}

/**
 * The newest checkpoint of a ledger on the local branch and on every remote's, as far as this
 * repository knows: nothing is fetched. Throws `anchor.unreadable` where a branch holds something
 * else in its place, which is worth an alarm.
 */
export async function readAnchors(repository: Repository, ledgerId: string): Promise<Anchor[]> {
  if (!isLedgerId(ledgerId)) return [];
  const { remotes } = await readSettings(repository);
  const tips = await listTips(repository, CHECKPOINT_REF, trackingRef('**'));
  const anchors: Anchor[] = [];
  for (const { ref, commit } of tips) {
    const remote = remoteOf(ref, remotes);
    if (remote === undefined) continue;
    const checkpoint = await readCheckpoint(repository, ref, commit, ledgerId);
    if (checkpoint !== null) anchors.push({ ref, remote, commit, checkpoint });
  }
  return anchors;
}

export interface AnchorHistory {
  /** Newest first, each text once, with a commit that brought it. Nothing has been checked. */
  checkpoints: { commit: string; checkpoint: string }[];
  /** Why something is missing, a sentence each; empty: this is all of it. */
  gaps: string[];
}

/**
 * Every checkpoint of the ledger in the history of `ref`, side branches included. Hostile history
 * costs at most 10 000 versions of 64 KiB and 16 MiB together; what that leaves out is in `gaps`.
 */
export async function anchorHistory(
  repository: Repository,
  ledgerId: string,
  ref: string,
): Promise<AnchorHistory> {
  const tip = isLedgerId(ledgerId) && isAnchorRef(ref) ? await readTip(repository, ref) : null;
  if (tip === null) return { checkpoints: [], gaps: [] };
  const gaps: string[] = [];
  const commits = await commitsWithVersions(repository, ledgerId, tip, gaps);
  const versions = await listVersions(repository, ledgerId, commits, gaps);
  const texts = await readTexts(repository, [...versions.keys()], gaps);
  const checkpoints = [...texts].map(([object, checkpoint]) => ({
    commit: versions.get(object) as string,
    checkpoint,
  }));
  return { checkpoints, gaps };
}

const MAX_VERSIONS = 10_000;
const MAX_TOTAL_BYTES = 16 * 1024 * 1024;

function isAnchorRef(ref: string): boolean {
  return ref === CHECKPOINT_REF || /^refs\/remotes\/.+\/proof-checkpoints$/.test(ref);
}

/** Undefined for another branch of a remote that only ends in our name. */
function remoteOf(ref: string, remotes: readonly string[]): string | null | undefined {
  if (ref === CHECKPOINT_REF) return null;
  const name = ref.slice('refs/remotes/'.length, ref.lastIndexOf('/'));
  // What a remote that was removed once held is still an anchor.
  return remotes.includes(name) || !name.includes('/') ? name : undefined;
}

async function commitsWithVersions(
  repository: Repository,
  ledgerId: string,
  tip: string,
  gaps: string[],
): Promise<string[]> {
  const listed = await git(repository, [
    'rev-list',
    '--topo-order',
    '--full-history',
    `--max-count=${MAX_VERSIONS + 1}`,
    tip,
    '--',
    `${ledgerId}/checkpoint`,
  ]);
  const commits = listed.toString('latin1').split('\n').filter(isObjectName);
  if (commits.length > MAX_VERSIONS) {
    commits.length = MAX_VERSIONS;
    gaps.push(`only the newest ${MAX_VERSIONS} versions were read`);
  }
  const shallow = new Set(
    (readSmallFile(join(repository.commonDir, 'shallow'), 1024 * 1024) ?? '').split('\n'),
  );
  if (commits.some((commit) => shallow.has(commit))) {
    gaps.push('the history is cut off here (a shallow clone)');
  }
  return commits;
}

/** The objects that ever stood at the ledger's path, in order, and the commit of each. */
async function listVersions(
  repository: Repository,
  ledgerId: string,
  commits: readonly string[],
  gaps: string[],
): Promise<Map<string, string>> {
  const versions = new Map<string, string>();
  if (commits.length === 0) return versions;
  const listed = await git(
    repository,
    [
      ...['diff-tree', '--stdin', '--root', '-m', '-r', '--raw', '--no-abbrev', '--no-renames'],
      ...['--', `${ledgerId}/checkpoint`],
    ],
    { input: `${commits.join('\n')}\n`, maxOutputBytes: 64 * 1024 * 1024 },
  );
  let commit = '';
  for (const line of listed.toString('latin1').split('\n')) {
    if (isObjectName(line)) commit = line;
    const change = /^:[0-7]+ ([0-7]+) [0-9a-f]+ ([0-9a-f]+) ([A-Z])/.exec(line);
    if (change === null || change[3] === 'D') continue;
    const [, mode, object] = change as unknown as [string, string, string];
    if (!isPlainFile(mode)) gaps.push(`in ${commit} it is not a plain file`);
    else if (!versions.has(object)) versions.set(object, commit);
  }
  return versions;
}

async function readTexts(
  repository: Repository,
  objects: readonly string[],
  gaps: string[],
): Promise<Map<string, string>> {
  const sizes = await git(repository, ['cat-file', '--batch-check'], { input: lines(objects) });
  const wanted: string[] = [];
  let total = 0;
  for (const line of sizes.toString('latin1').split('\n')) {
    const [object, type, size] = line.split(' ');
    if (object === undefined || object === '') continue;
    if (type !== 'blob') gaps.push(`the contents of ${object} are missing`);
    else if (Number(size) > MAX_CHECKPOINT_BYTES) gaps.push(`${object} is too large for one`);
    else if (total + Number(size) > MAX_TOTAL_BYTES) gaps.push(`${object} is beyond the limit`);
    else {
      total += Number(size);
      wanted.push(object);
    }
  }
  const texts = new Map<string, string>();
  if (wanted.length === 0) return texts;
  const batch = await git(repository, ['cat-file', '--batch'], {
    input: lines(wanted),
    maxOutputBytes: 2 * MAX_TOTAL_BYTES,
  });
  for (let at = 0; at < batch.length; ) {
    const end = batch.indexOf('\n', at);
    const [object, , size] = batch.toString('latin1', at, end).split(' ') as [
      string,
      string,
      string,
    ];
    const text = utf8(batch.subarray(end + 1, end + 1 + Number(size)));
    if (text === null) gaps.push(`${object} is not UTF-8`);
    else texts.set(object, text);
    at = end + 1 + Number(size) + 1;
  }
  return texts;
}

function lines(objects: readonly string[]): string {
  return objects.map((object) => `${object}\n`).join('');
}
