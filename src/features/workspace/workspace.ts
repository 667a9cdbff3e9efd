import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { FileChange } from '../../core/entries/change-kind.ts';
import type { Draft } from '../../core/entries/kinds.ts';
import type { Seq } from '../../core/names.ts';
import type { Ledger } from '../../ledger/store/ledger.ts';
import type { Violation } from './change-draft.ts';
import { changesOf, type Found, type Scope } from './changes.ts';
import { type Comparison, compare } from './compare.ts';
import { Contents } from './contents.ts';
import { isAlwaysDependencies } from './dependency-places.ts';
import { type GitIgnores, ignoredPaths } from './ignored-paths.ts';
import { completeLook, type Eyes, type Look, nothingYet } from './look.ts';
import type { Snapshot } from './snapshot.ts';
import { SnapshotFile } from './snapshot-file.ts';
import { type Ground, type Walk, walk } from './walk.ts';

/** What the machine knows of a workspace; wired in `app`. */
export interface WorkspacePlace {
  root: string;
  commonDir: string | null;
  ledgerDir: string;
  /** What git says about ignored paths; null outside git. */
  ignored: GitIgnores | null;
  /** Whether git tracks anything below a directory. */
  tracked?: (directory: string, path: string) => boolean;
  scope?: Scope;
  denied?: (path: string) => boolean;
  /** The entry about changes that nobody was to make; null where all of them were permitted. */
  violation?: (
    ledger: Ledger,
    files: readonly FileChange[],
    who: { task: Seq | null; actor: Draft['actor'] },
  ) => Promise<Violation | null>;
  progress?: (done: number, all: number) => void;
}

/** A walk, held against what was last seen. */
export interface Seen extends Walk {
  comparison: Comparison;
  same: boolean;
}

/**
 * A workspace and what was last seen of it. The snapshot and the contents of files lie in a
 * private cache beside the ledger; both may be deleted at any time.
 */
export class Workspace {
  readonly place: WorkspacePlace;
  readonly ground: Ground;
  readonly file: SnapshotFile;
  /** The same for the insides of dependencies, which are looked at in full now and then. */
  readonly deepFile: SnapshotFile;
  readonly #ledger: Ledger;
  readonly #cacheDir: string;
  readonly #key: Uint8Array;
  #contents: Contents | null = null;
  #known: Set<string> = new Set();

  constructor(place: WorkspacePlace, ledger: Ledger) {
    this.place = place;
    this.#ledger = ledger;
    this.#cacheDir = cacheDirOf(place.ledgerDir);
    this.#key = ledger.key.derive('snapshot');
    const name = workspaceName(place.root);
    this.file = new SnapshotFile(this.#cacheDir, name, this.#key);
    this.deepFile = new SnapshotFile(this.#cacheDir, `${name}.dependencies`, this.#key);
    this.ground = {
      root: place.root,
      commonDir: place.commonDir,
      ledgerDir: place.ledgerDir,
      dependencies: (path) => this.#isDependencies(path),
    };
  }

  get contents(): Contents {
    this.#contents ??= new Contents(this.#cacheDir, this.#key);
    return this.#contents;
  }

  /** What is there now, against what was last seen, without writing anything down. */
  walk(last: Snapshot | null): Seen {
    // What was a directory of dependencies at the last look is one still, and git is not asked.
    if (last !== null) {
      for (let i = 0; i < last.size; i++) {
        if (last.part(i) === 'dependencies') this.#known.add(last.paths[i] as string);
      }
    }
    const seen = walk(this.ground);
    const comparison = compare(last ?? nothingYet(), seen.snapshot);
    const { suspects, gone } = comparison;
    const same = last !== null && suspects.length === 0 && gone.length === 0;
    return { ...seen, comparison, same };
  }

  /** Reads, hashes and keeps what differs. */
  look(last: Snapshot | null, seen: Seen): { look: Look; found: Found[] } {
    const { denied, progress, ignored } = this.place;
    const eyes: Eyes = {
      ground: this.ground,
      rules: this.#ledger.rules,
      key: this.#ledger.key.derive('workspace'),
      contents: this.contents,
      ignored,
      ...(denied === undefined ? {} : { denied }),
      ...(progress === undefined ? {} : { progress }),
    };
    const old = last ?? nothingYet();
    const look = completeLook(eyes, old, seen, seen.comparison);
    // The first look has nothing to compare with: what it finds was there before.
    return { look, found: last === null ? [] : changesOf(old, look, this.place.scope) };
  }

  /** What is different from what was last recorded; nothing of it is written into the ledger. */
  unrecorded(): readonly FileChange[] {
    const last = this.file.read();
    const seen = this.walk(last?.snapshot ?? null);
    if (last === null || seen.same) return [];
    return this.look(last.snapshot, seen).found.map(({ change }) => change);
  }

  close(): void {
    this.#contents?.close();
    this.#contents = null;
  }

  #isDependencies(path: string): boolean {
    if (this.#known.has(path)) return true;
    const { ignored } = this.place;
    const { root, tracked } = this.place;
    // Some repositories keep their dependencies under version control: those are looked at whole.
    if (tracked?.(root, path)) return false;
    const byNameAlone = isAlwaysDependencies(path);
    if (!byNameAlone && ignored !== null && !ignoredPaths(ignored, root, [path], []).has(path)) {
      return false;
    }
    this.#known.add(path);
    return true;
  }
}

/** The cache for reading; null where there is none. */
export function contentsOf(ledger: Ledger): Contents | null {
  return Contents.existing(cacheDirOf(ledger.dir), ledger.key.derive('snapshot'));
}

function cacheDirOf(ledgerDir: string): string {
  return join(ledgerDir, 'snapshots');
}

function workspaceName(root: string): string {
  return createHash('sha256').update(root).digest('hex').slice(0, 16);
}
