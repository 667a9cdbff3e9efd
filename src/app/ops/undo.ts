import * as z from 'zod/mini';
import { plural } from '../../core/human-units.ts';
import { entryName, type Seq } from '../../core/names.ts';
import { visibleLine } from '../../core/visible-text.ts';
import { entrySeq } from '../../features/tasks/names.ts';
import { changesBetween, type RecordedChange } from '../../features/workspace/change-files.ts';
import type { UndoPlan } from '../../features/workspace/undo-plan.ts';
import { workspaceError } from '../../features/workspace/workspace-error.ts';
import type { LedgerReader } from '../../ledger/store/reader.ts';
import { namedChanges } from '../changed-files.ts';
import { defineOp } from '../define-op.ts';
import type { Paint } from '../paint.ts';

const list = () => z.array(z.object({ path: z.string(), why: z.string() }));

export default defineOp({
  name: 'undo',
  summary: 'put files back as they were before a command, or at an entry',
  details:
    'Contents, modes, links, directories and deletions are put back exactly, as far as the private cache has the bytes; what cannot be put back is named. Work done since on the same files is not overwritten without --force, and even then it is recorded first. The undo is an entry like any other: proof undo of it brings everything back.',
  effect: 'execute',
  input: z.object({
    of: z.optional(z.string()).check(z.describe('E7: the command, or the change, to undo')),
    to: z
      .optional(z.string())
      .check(z.describe('E4: everything after this entry, whoever did it; T1 for a task’s start')),
    dryRun: z._default(z.boolean(), false).check(z.describe('only say what would be done')),
    force: z
      ._default(z.boolean(), false)
      .check(z.describe('overwrite what was done since on the same files')),
  }),
  output: () =>
    z.object({
      entry: z
        .nullable(z.string())
        .check(z.describe('the entry about it; null if nothing was done')),
      undone: z.array(z.string()).check(z.describe('change entries that were undone')),
      restored: z.array(
        z.object({
          path: z.string(),
          how: z.enum(['removed', 'created', 'restored', 'mode']),
        }),
      ),
      already: z.array(z.string()).check(z.describe('as they should be without it')),
      cannot: list().check(z.describe('what is not put back, and why')),
      failed: list(),
      dryRun: z.boolean(),
    }),
  examples: [
    { type: 'proof undo E7', does: 'what E7 changed is as it was before' },
    { type: 'proof undo --to E4', does: 'the workspace as it stood at E4' },
    { type: 'proof undo --to T1 --dry-run', does: 'what it would take to be back at the start' },
  ],
  cli: {
    positionals: ['of'],
    print: (shown, paint) => undoText(shown, paint),
    exit: ({ cannot, failed }) => (cannot.length + failed.length > 0 ? 1 : 0),
  },
  async run(context, { of, to, dryRun, force }) {
    const ledger = await context.ledger();
    const { root } = context.places;
    const changes = () => chosen(ledger, root, of, to);
    // Before the workspace is looked at: a wrong name must cost nothing.
    const before = changes();
    const workspace = await context.workspace();
    try {
      const { undo } = await import('../../features/workspace/undo.ts');
      const who = { task: context.task(), actor: context.actor };
      const done = await undo(
        workspace,
        ledger,
        who,
        to === undefined ? () => before : changes,
        (plan, undone) => {
          if (dryRun) return false;
          if (!force) refuseToLose(plan, to === undefined ? [] : unrecordedIn(undone));
          return true;
        },
      );
      if (done.plan.restore.length + done.plan.done.length + done.plan.cannot.length === 0) {
        throw nothingToUndo(of ?? to ?? '');
      }
      return {
        entry: done.seq === null ? null : entryName(done.seq),
        undone: done.undone.map(({ seq }) => entryName(seq)),
        restored: done.plan.restore.map(({ path, to, from }) => ({
          path,
          how:
            to === null
              ? ('removed' as const)
              : from === null
                ? ('created' as const)
                : from.hash === to.hash && from.type === to.type
                  ? ('mode' as const)
                  : ('restored' as const),
        })),
        already: done.plan.done,
        cannot: done.plan.cannot,
        failed: [...done.failed],
        dryRun,
      };
    } finally {
      workspace.close();
    }
  },
});

function chosen(
  reader: LedgerReader,
  root: string,
  of: string | undefined,
  to: string | undefined,
): readonly RecordedChange[] {
  if ((of === undefined) === (to === undefined)) {
    throw workspaceError(
      'workspace.no-changes',
      of === undefined ? 'Nothing is named to undo' : 'Name an entry, or --to an entry, not both',
      'undo takes back one command, or everything after an entry',
      'proof undo E7, or proof undo --to E4',
    );
  }
  if (to !== undefined) {
    const seq = entrySeq(reader, to);
    return changesBetween(reader, afterCommand(reader, seq, root), reader.size(), { root });
  }
  const changes = namedChanges(reader, of as string, root);
  if (changes.length === 0) throw nothingToUndo(of as string);
  const elsewhere = changes.find(({ entry }) => entry.body.root !== root);
  if (elsewhere === undefined) return changes;
  throw workspaceError(
    'workspace.elsewhere',
    `${of} changed another workspace`,
    `it worked in ${visibleLine(elsewhere.entry.body.root)}`,
    'go there and undo it',
  );
}

/** The state "at E4" of a command has what the command changed in it. */
function afterCommand(reader: LedgerReader, seq: Seq, root: string): Seq {
  const own = namedChanges(reader, entryName(seq), root).some((change) => change.seq === seq + 1);
  return own && !reader.isTask(seq) ? seq + 2 : seq + 1;
}

function unrecordedIn(changes: readonly RecordedChange[]): string[] {
  return changes
    .filter(({ entry }) => entry.body.cause === 'unattributed')
    .flatMap(({ files }) => files.map(({ path }) => path));
}

/** Refused unless forced: what somebody did after the changes that are to be undone. */
function refuseToLose(plan: UndoPlan, unrecorded: readonly string[]): void {
  const paths = [...new Set([...plan.later.map(({ path }) => path), ...unrecorded])];
  if (paths.length === 0) return;
  const named = paths.slice(0, 3).map(visibleLine).join(', ');
  const more = paths.length > 3 ? ` and ${paths.length - 3} more` : '';
  throw workspaceError(
    'workspace.later-work',
    `Later work would be lost in ${named}${more}`,
    plan.later.length > 0
      ? 'these files were changed again after what is to be undone'
      : 'these changes are nobody’s recorded command: somebody made them by hand',
    'the same with --dry-run to look, or --force: what is there now is recorded first, and can be brought back',
  );
}

function nothingToUndo(name: string) {
  return workspaceError(
    'workspace.no-changes',
    `${visibleLine(name)} changed nothing in this workspace`,
    'no change is recorded for it, or it changed only times and attributes',
    'proof diff, or proof log, shows what changed',
  );
}

type Shown = {
  entry: string | null;
  restored: readonly { path: string; how: string }[];
  already: readonly string[];
  cannot: readonly { path: string; why: string }[];
  failed: readonly { path: string; why: string }[];
  dryRun: boolean;
};

function undoText(shown: Shown, paint: Paint): string {
  const { entry, restored, already, cannot, failed, dryRun } = shown;
  const bad = [...cannot, ...failed];
  const head = dryRun
    ? `would put back ${plural(restored.length, 'path')}`
    : entry === null
      ? 'everything is as it was; nothing to put back'
      : `${paint.good('✓')} put back ${plural(restored.length - failed.length, 'path')} as ${entry}`;
  return [
    head,
    ...restored.map(({ path, how }) => `  ${how.padEnd(8)} ${visibleLine(path)}`),
    ...(already.length === 0
      ? []
      : [paint.dim(`  ${plural(already.length, 'path')} already as before`)]),
    ...bad.map(
      ({ path, why }) =>
        `  ${paint.bad('not')}      ${visibleLine(path)}  ${paint.dim(visibleLine(why))}`,
    ),
    ...(entry === null ? [] : [paint.dim(`  to bring it back: proof undo ${entry}`)]),
  ].join('\n');
}
