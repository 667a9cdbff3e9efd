import type { MaskRules } from '../../ledger/mask/mask-rules.ts';
import { maskBytes } from '../../ledger/mask/text-mask.ts';
import type { Comparison } from './compare.ts';
import type { Contents } from './contents.ts';
import { readContents } from './file-contents.ts';
import { type GitIgnores, ignoredPaths } from './ignored-paths.ts';
import { CTIME, type Facts, MODE, type Part, SIZE, Snapshot, typeOf } from './snapshot.ts';
import { treeDigest } from './tree-digest.ts';
import { type Ground, placeOf, type Walk } from './walk.ts';

/** What looking needs besides the ground: rules and key of the ledger, the cache, git's word. */
export interface Eyes {
  ground: Ground;
  rules: MaskRules;
  key: Uint8Array;
  contents: Contents;
  /** Null outside git. */
  ignored: GitIgnores | null;
  /** Paths whose bytes may not be kept, whatever is in them. */
  denied?: (path: string) => boolean;
  /** Called now and then while many files are read. */
  progress?: (done: number, all: number) => void;
}

/** A snapshot with everything known about it, and how it differs from the one before. */
export interface Look extends Comparison {
  snapshot: Snapshot;
  unseen: Walk['unseen'];
}

/** Completes a walk into a snapshot: what differs from `old` is read, hashed and kept. */
export function completeLook(eyes: Eyes, old: Snapshot, seen: Walk, comparison: Comparison): Look {
  const { snapshot } = seen;
  const parts = partsOf(eyes, old, seen, comparison);
  let done = 0;
  for (const i of new Set([...comparison.suspects, ...parts.keys()])) {
    const part = parts.get(i) ?? (seen.parts[i] as Part);
    snapshot.setFacts(i, examine(eyes, snapshot, i, part));
    if (++done % 500 === 0) eyes.progress?.(done, comparison.suspects.length);
  }
  eyes.contents.flush();
  const same = comparison.suspects.length === 0 && comparison.gone.length === 0;
  snapshot.tree = same && parts.size === 0 ? old.tree : treeDigest(snapshot);
  return { ...comparison, snapshot, unseen: seen.unseen };
}

export function nothingYet(): Snapshot {
  return new Snapshot({ paths: [], stats: new Float64Array(0) });
}

/** The suspects that git ignores; all paths are asked about anew when its rules may have changed. */
function partsOf(eyes: Eyes, old: Snapshot, seen: Walk, { suspects, gone }: Comparison) {
  const parts = new Map<number, Part>();
  const { paths } = seen.snapshot;
  if (eyes.ignored === null) return parts;
  const names = [
    ...suspects.map((i) => paths[i] as string),
    ...gone.map((at) => old.paths[at] as string),
  ];
  const rulesChanged = names.some((path) => IGNORE_RULES.test(path));
  const asked = (rulesChanged ? paths.map((_, i) => i) : suspects).filter(
    (i) => seen.parts[i] === 'workspace' && paths[i] !== '',
  );
  if (asked.length === 0) return parts;
  const ignored = ignoredPaths(
    eyes.ignored,
    eyes.ground.root,
    asked.map((i) => paths[i] as string),
    seen.repositories,
    (repository) => {
      const path = repository === '' ? '.' : repository;
      seen.unseen.push({ path, why: 'git did not say what it ignores: all of it is looked at' });
    },
  );
  const suspected = new Set(suspects);
  for (const i of asked) {
    const part = ignored.has(paths[i] as string) ? 'ignored' : 'workspace';
    // An unchanged path is looked at again only if it changed sides.
    if (suspected.has(i) || part !== seen.snapshot.part(i)) parts.set(i, part);
  }
  return parts;
}

const IGNORE_RULES = /(^|\/)\.gitignore$|^\.git\/(info\/exclude|config)$/;

function examine(eyes: Eyes, snapshot: Snapshot, i: number, part: Part): Facts {
  const type = typeOf(snapshot.stat(i, MODE));
  const path = snapshot.paths[i] as string;
  if (part === 'dependencies' || type === 'directory' || type === 'other') {
    return {
      part,
      kept: part === 'dependencies' ? 'dependencies' : 'unread',
      hash: null,
      racy: false,
    };
  }
  const readAt = Date.now();
  const read = readContents(placeOf(eyes.ground, path), type, snapshot.stat(i, SIZE), eyes.key);
  const racy = snapshot.stat(i, CTIME) > readAt - CLOCK_STEP_MS;
  if (read.how === 'large' || read.how === 'unread')
    return { part, kept: read.how, hash: null, racy };
  const { hash } = read;
  if (read.how === 'hashed') return { part, kept: 'large', hash, racy };
  if (part === 'ignored') return { part, kept: 'ignored', hash, racy };
  if (eyes.denied?.(path)) return { part, kept: 'denied', hash, racy };
  const secret = maskBytes(eyes.rules, read.bytes).counts.size > 0;
  eyes.contents.put(hash, read.bytes, secret);
  return { part, kept: secret ? 'secret' : 'whole', hash, racy };
}

/**
 * Times of files come from a clock that moves in steps (at worst 10 ms apart, CONFIG_HZ=100): two
 * writes within one step look the same. Twice that, to be on the safe side.
 */
const CLOCK_STEP_MS = 20;
