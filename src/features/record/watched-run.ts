import type { FileChange } from '../../core/entries/change-kind.ts';
import type { Seq } from '../../core/names.ts';
import type { Pending } from '../../ledger/pending-run.ts';
import { isAlive } from '../../ledger/run-process.ts';
import { Spool } from '../../ledger/spool.ts';
import type { Ledger } from '../../ledger/store/ledger.ts';
import { type AtWork, type Observed, Watch } from '../workspace/watch.ts';
import { Workspace, type WorkspacePlace } from '../workspace/workspace.ts';
import { nestingIn } from './nesting.ts';
import type { RunRequest } from './run-request.ts';

/**
 * The workspace around one command. Watching never stands in the command's way: where the
 * workspace cannot be looked at, the command is recorded without what it changed, and says why.
 */
export class WatchedRun {
  #workspace: Workspace | null = null;
  #watch: Watch | null = null;
  readonly #run: string;
  /** Why nobody saw what the command changed; null where somebody did. */
  failure: unknown = null;

  constructor(
    place: WorkspacePlace | null,
    ledger: Ledger,
    spool: Spool | null,
    request: RunRequest,
    run: string,
  ) {
    this.#run = run;
    if (place === null) return;
    const parent = nestingIn(request.env)?.parent;
    const { task, actor } = request;
    this.#workspace = new Workspace(place, ledger);
    this.#watch = new Watch(this.#workspace, ledger, { task, actor }, () =>
      atWork(spool?.list() ?? [], place.root, run, parent),
    );
  }

  async before(): Promise<void> {
    try {
      await this.#watch?.before();
    } catch (error) {
      this.failure = error;
      this.#watch = null;
    }
  }

  /** To be called once the command runs. */
  meanwhile(): void {
    this.#watch?.meanwhile();
  }

  /** `append` writes the command's entry, once, with what was observed or with why nothing was. */
  async finish(
    append: (observed: Observed | null, unwatched: string | null) => Promise<Seq>,
  ): Promise<{ seq: Seq; changed: readonly FileChange[] }> {
    let changed: readonly FileChange[] = [];
    let appended: Promise<Seq> | null = null;
    const once = (observed: Observed | null) => {
      changed = observed?.changed.map(({ change }) => change) ?? [];
      const why = this.failure === null ? null : (this.failure as Error).message;
      appended ??= append(observed, why);
      return appended;
    };
    try {
      if (this.#watch === null) return { seq: await once(null), changed };
      return { seq: await this.#watch.after(this.#run, once), changed };
    } catch (error) {
      this.failure = error;
      // Either the look failed, and the entry goes without it; or the entry itself did.
      return { seq: await once(null), changed };
    } finally {
      this.#workspace?.close();
    }
  }
}

/** Recorded runs that are at work in a workspace, asked from outside of any of them. */
export function othersAtWork(ledgerDir: string, root: string): AtWork {
  return () => atWork(new Spool(ledgerDir).list(), root, '', undefined);
}

/** Runs under way in the same workspace: those that this one is inside of, and those beside it. */
function atWork(
  pending: readonly Pending[],
  root: string,
  run: string,
  parent: string | undefined,
) {
  const parents = new Map(pending.map((one) => [one.run, one.parent]));
  const chain = (from: string | undefined) => {
    const names = new Set<string>();
    for (let name = from; name !== undefined && !names.has(name); name = parents.get(name)) {
      names.add(name);
    }
    return names;
  };
  const above = chain(parent);
  const around: string[] = [];
  const beside: string[] = [];
  for (const one of pending) {
    if (one.run === run || one.root !== root || !isAlive(one)) continue;
    if (above.has(one.run)) around.push(one.run);
    // A run inside ours is ours.
    else if (!chain(one.parent).has(run)) beside.push(one.run);
  }
  return { around, beside };
}
