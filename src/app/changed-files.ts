import * as z from 'zod/mini';
import { fileChange } from '../core/entries/change-kind.ts';
import { entryName, parseName, type Seq } from '../core/names.ts';
import { once } from '../core/once.ts';
import { entrySeq, taskSeq } from '../features/tasks/names.ts';
import {
  changeAt,
  changesBetween,
  changesOn,
  type RecordedChange,
} from '../features/workspace/change-files.ts';
import { workspaceError } from '../features/workspace/workspace-error.ts';
import type { LedgerReader } from '../ledger/store/reader.ts';
import type { NetChange } from '../views/net-changes.ts';

/** A changed file in JSON output. */
export const changedFile = once(() =>
  z.extend(fileChange(), {
    by: z
      .array(z.string())
      .check(
        z.describe('the commands that did it, as E7; empty where nobody’s command explains it'),
      ),
    entries: z.array(z.string()).check(z.describe('the change entries that say so')),
    recorded: z.boolean().check(z.describe('false for what changed since the last recorded look')),
    ambiguous: z.boolean().check(z.describe('other commands were at work at the same time')),
  }),
);
export type ChangedFile = z.infer<ReturnType<typeof changedFile>>;

/** The changes that `E7`, `T1` or `E3..E9` names: what came after E3, up to E9 with it. */
export function namedChanges(reader: LedgerReader, text: string, root: string): RecordedChange[] {
  const range = /^(.+?)\.\.(.+)$/.exec(text);
  if (range !== null) {
    const from = entrySeq(reader, range[1] as string);
    const to = entrySeq(reader, range[2] as string);
    if (from > to) throw badRange(text, from, to);
    // A command's own changes stand right behind it.
    const end = changesOn(reader, to).some(({ seq }) => seq === to + 1) ? to + 2 : to + 1;
    return changesBetween(reader, from + 1, end, { root });
  }
  const name = parseName(text);
  if (name !== null && 'task' in name) return taskChanges(reader, taskSeq(reader, text), root);
  const seq = entrySeq(reader, text);
  if (reader.isTask(seq)) return taskChanges(reader, seq, root);
  const own = changeAt(reader, seq);
  return own === null ? changesOn(reader, seq) : [own];
}

export function taskChanges(reader: LedgerReader, task: Seq, root: string): RecordedChange[] {
  return changesBetween(reader, task, reader.size(), { task, root });
}

/** Stands for an entry where there is none yet. */
export const UNRECORDED = -1;

/** Net changes with the commands that stand behind them. */
export function toChangedFiles(
  net: readonly NetChange[],
  changes: readonly RecordedChange[],
): ChangedFile[] {
  const bySeq = new Map(changes.map((change) => [change.seq, change.entry]));
  return net.map(({ by, ...file }) => {
    const entries = by.flatMap((seq) => bySeq.get(seq) ?? []);
    const commands = entries.flatMap(({ refs }) =>
      refs.filter(({ rel }) => rel === 'on').map(({ seq }) => entryName(seq)),
    );
    return {
      ...file,
      by: [...new Set(commands)],
      entries: entries.length === 0 ? [] : by.filter((seq) => bySeq.has(seq)).map(entryName),
      recorded: by.every((seq) => bySeq.has(seq)),
      ambiguous: entries.some(({ body }) => body.cause === 'ambiguous'),
    };
  });
}

function badRange(text: string, from: Seq, to: Seq) {
  return workspaceError(
    'workspace.bad-range',
    `"${text}" goes backwards`,
    `${entryName(from)} was recorded after ${entryName(to)}`,
    `${entryName(to)}..${entryName(from)}`,
  );
}
