import type { Draft } from '../../core/entries/kinds.ts';
import type { Seq } from '../../core/names.ts';
import type { StoredBlob } from '../../ledger/blobs/stored-blob.ts';
import type { Ledger } from '../../ledger/store/ledger.ts';
import { type ChangeRecord, changeDrafts, changeRecord } from './change-draft.ts';
import type { Found } from './changes.ts';
import { DeepWatch } from './deep-watch.ts';
import { lastTold } from './last-told.ts';
import { merge } from './merge.ts';
import type { Snapshot } from './snapshot.ts';
import type { Workspace } from './workspace.ts';

/** Recorded runs that are at work in this workspace now, by name: around ours, and beside it. */
export type AtWork = () => { around: readonly string[]; beside: readonly string[] };

/** Nobody else is at work, or it does not matter. */
export const ALONE: AtWork = () => ({ around: [], beside: [] });

/** What a command did to the workspace, to be appended together with the command's entry. */
export interface Observed {
  tree: { before: string; after: string };
  changed: readonly Found[];
  drafts(command: Seq): Draft[];
  blobs: readonly StoredBlob[];
}

/**
 * Watches one workspace around one command. `before` looks at it, and what nobody's command
 * explains is put on record there and then; `after` looks again, and what differs is the
 * command's, unless others were at work at the same time.
 */
export class Watch {
  readonly #workspace: Workspace;
  readonly #ledger: Ledger;
  readonly #who: { task: Seq | null; actor: Draft['actor'] };
  readonly #atWork: AtWork;
  /** The workspace right before the command. */
  #start: Snapshot | null = null;
  readonly #deep: DeepWatch;
  /** What has been told of it in entries, and the version of the file that says so. */
  #told: { snapshot: Snapshot; version: string } | null = null;

  constructor(
    workspace: Workspace,
    ledger: Ledger,
    who: { task: Seq | null; actor: Draft['actor'] },
    atWork: AtWork,
  ) {
    this.#workspace = workspace;
    this.#deep = new DeepWatch(workspace);
    this.#ledger = ledger;
    this.#who = who;
    this.#atWork = atWork;
  }

  /** Looks at the workspace as it stands before a command; a first look takes it all in. */
  async before(): Promise<void> {
    const kept = this.#workspace.file.read();
    this.#told = kept;
    const seen = this.#workspace.walk(kept?.snapshot ?? null);
    if (kept !== null && seen.same) {
      this.#start = kept.snapshot;
      return;
    }
    const { look, found } = this.#workspace.look(kept?.snapshot ?? null, seen);
    this.#start = look.snapshot;
    const { around, beside } = this.#atWork();
    // While another recorded command is at work, what changed is for it to tell.
    if (kept !== null && around.length + beside.length > 0) return;
    await this.#workspace.contents.exclusively(async () => {
      const now = this.#workspace.file.read();
      if (now?.version !== kept?.version) {
        // Another process saw the same change, and has told it.
        this.#told = now;
        return;
      }
      const record =
        kept === null
          ? await this.#recordOfLoss(look.snapshot.tree)
          : await this.#record(
              'unattributed',
              { before: kept.snapshot.tree, after: look.snapshot.tree },
              found,
              look.unseen,
            );
      if (record !== null) await this.#append(record);
      const version = this.#workspace.file.write(look.snapshot);
      this.#told = { snapshot: look.snapshot, version };
    });
  }

  /**
   * Looks again. `append` is called with what was observed, while no other process can tell the
   * same changes; it resolves once they are on record.
   */
  async after<T>(run: string, append: (observed: Observed | null) => Promise<T>): Promise<T> {
    const start = this.#start;
    if (start === null) return append(null);
    const found: Found[] = [];
    try {
      return await this.#tell(run, start, found, append);
    } finally {
      await this.#tellDeep(found);
    }
  }

  async #tell<T>(
    run: string,
    start: Snapshot,
    told: Found[],
    append: (observed: Observed | null) => Promise<T>,
  ): Promise<T> {
    const seen = this.#workspace.walk(start);
    const unchanged = { tree: { before: start.tree, after: start.tree }, changed: [], blobs: [] };
    if (seen.same) return append({ ...unchanged, drafts: () => [] });
    const { look, found } = this.#workspace.look(start, seen);
    told.push(...found);
    return this.#workspace.contents.exclusively(async () => {
      const now = this.#workspace.file.read();
      const told = now?.version === this.#told?.version ? this.#told : now;
      const ours = merge(told?.snapshot ?? start, start, look.snapshot, found);
      const tree = { before: start.tree, after: look.snapshot.tree };
      const { beside } = this.#atWork();
      const cause = beside.length === 0 ? ('command' as const) : ('ambiguous' as const);
      const record = await this.#record(cause, tree, ours.found, look.unseen, [run, ...beside]);
      const result = await append({
        tree,
        changed: ours.found,
        blobs: record?.blobs ?? [],
        drafts: (command) =>
          record === null
            ? []
            : changeDrafts(record, { ...this.#who, refs: [{ rel: 'on', seq: command }] }),
      });
      // Last, so that a crash before it makes the changes be told again, not left out.
      this.#workspace.file.write(ours.snapshot);
      return result;
    });
  }

  /** To be called once the command runs: what takes longer goes on meanwhile. */
  meanwhile(): void {
    if (this.#start !== null) this.#deep.begin(this.#start);
  }

  /** Puts on record what the look at dependencies found. When it changed, nobody can tell. */
  async #tellDeep(changed: readonly Found[]): Promise<void> {
    const start = this.#start;
    if (start === null) return;
    const found = await this.#deep.end(start);
    const reinstalled = changed.some(({ change }) => change.part === 'dependencies');
    if (found === null || reinstalled) return;
    const tree = { before: start.tree, after: start.tree };
    const why = 'looked at in full now and then: when these changed is not known';
    const record = await this.#record('unattributed', tree, found, [{ path: 'dependencies', why }]);
    if (record !== null) await this.#append(record);
  }

  /**
   * Whoever deletes the cache must not thereby hide what was changed: where an entry says how the
   * workspace was left, that nobody can compare with it any more is on record as well.
   */
  async #recordOfLoss(tree: string): Promise<ChangeRecord | null> {
    const { root } = this.#workspace.place;
    const told = lastTold(this.#ledger, root);
    if (told === null) return null;
    const what =
      told.tree === tree
        ? 'the files that git does not ignore are as they were'
        : 'something was changed, and nobody can tell what';
    const why = `what was last seen, at ${told.entry}, is gone from the cache: ${what}`;
    return changeRecord(this.#ledger, {
      cause: 'unattributed',
      root,
      tree: { before: told.tree, after: tree },
      files: [],
      unseen: [{ path: '.', why }],
    });
  }

  async #record(
    cause: 'command' | 'unattributed' | 'ambiguous',
    tree: { before: string; after: string },
    found: readonly Found[],
    unseen: readonly { path: string; why: string }[],
    runs: readonly string[] = [],
  ): Promise<ChangeRecord | null> {
    if (found.length === 0) return null;
    const files = found.map(({ change }) => change);
    const record = await changeRecord(this.#ledger, {
      cause,
      root: this.#workspace.place.root,
      tree,
      files,
      unseen,
      ...(cause === 'ambiguous' ? { runs: [...runs].slice(0, MOST_RUNS) } : {}),
    });
    const { violation: judge } = this.#workspace.place;
    const violation = (await judge?.(this.#ledger, files, this.#who)) ?? null;
    return { ...record, violation, blobs: [...record.own, ...(violation?.blobs ?? [])] };
  }

  async #append(record: ChangeRecord): Promise<void> {
    await this.#ledger.append(
      () => changeDrafts(record, { task: this.#who.task, actor: this.#ledger.self, refs: [] }),
      record.blobs,
    );
  }
}

const MOST_RUNS = 100;
