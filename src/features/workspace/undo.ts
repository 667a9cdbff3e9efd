import type { FileState } from '../../core/entries/change-kind.ts';
import type { Draft } from '../../core/entries/kinds.ts';
import type { Seq } from '../../core/names.ts';
import type { Ledger } from '../../ledger/store/ledger.ts';
import { netChanges } from '../../views/net-changes.ts';
import { changeDrafts, changeRecord } from './change-draft.ts';
import type { RecordedChange } from './change-files.ts';
import { pathOf } from './path-bytes.ts';
import { removeDrafts, restore } from './restore.ts';
import { type Snapshot, stateAt } from './snapshot.ts';
import { planUndo, type UndoPlan } from './undo-plan.ts';
import { ALONE, Watch } from './watch.ts';
import type { Workspace } from './workspace.ts';

export interface Undone {
  plan: UndoPlan;
  /** The changes it was about. */
  undone: readonly RecordedChange[];
  /** The entry about it; null where nothing was changed. */
  seq: Seq | null;
  failed: readonly { path: string; why: string }[];
}

/**
 * Puts the workspace back to what it was before `changes`. It is looked at first, so that what
 * nobody recorded yet is in the record before anything is overwritten; `decide` sees the plan and
 * says whether to go on. What was done is a `change` entry like any other, so it can be undone.
 */
export async function undo(
  workspace: Workspace,
  ledger: Ledger,
  who: { task: Seq | null; actor: Draft['actor'] },
  changes: () => readonly RecordedChange[],
  decide: (plan: UndoPlan, undone: readonly RecordedChange[]) => boolean,
): Promise<Undone> {
  await new Watch(workspace, ledger, who, ALONE).before();
  const start = workspace.file.read()?.snapshot;
  if (start === undefined) throw new Error('the workspace was just looked at');
  const undone = changes();
  const plan = planUndo(netChanges(undone), stateIn(start), (state) => has(workspace, state));
  if (!decide(plan, undone) || plan.restore.length === 0) {
    return { plan, undone, seq: null, failed: [] };
  }
  const failed = restore(workspace.ground, workspace.contents, plan.restore);
  removeDrafts(workspace.ground, start.paths);
  const seen = workspace.walk(start);
  const { look, found } = workspace.look(start, seen);
  const seq = await workspace.contents.exclusively(async () => {
    const record = await changeRecord(ledger, {
      cause: 'undo',
      root: workspace.place.root,
      tree: { before: start.tree, after: look.snapshot.tree },
      files: found.map(({ change }) => change),
      unseen: [...failed, ...plan.cannot, ...look.unseen],
    });
    const refs = undone.slice(0, MOST_REFS).map(({ seq }) => ({ rel: 'undoes' as const, seq }));
    const [seq] = await ledger.append(() => changeDrafts(record, { ...who, refs }), record.blobs);
    workspace.file.write(look.snapshot);
    return seq as Seq;
  });
  return { plan, undone, seq, failed };
}

/** How paths of entries stand in a snapshot. */
function stateIn(snapshot: Snapshot): (path: string, bytes?: string) => FileState | null {
  return (path, bytes) => {
    const index = snapshot.indexOf(pathOf({ path, bytes }));
    return index < 0 ? null : stateAt(snapshot, index);
  };
}

function has(workspace: Workspace, { hash }: FileState): boolean {
  return hash !== null && workspace.contents.has(Buffer.from(hash, 'hex'));
}

const MOST_REFS = 500;
