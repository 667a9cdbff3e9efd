import * as z from 'zod/mini';
import { plural } from '../core/human-units.ts';
import { once } from '../core/once.ts';
import { visibleLine } from '../core/visible-text.ts';
import { changeAt } from '../features/workspace/change-files.ts';
import type { LedgerReader } from '../ledger/store/reader.ts';
import { netChanges } from '../views/net-changes.ts';
import { isOutOfScope } from '../views/out-of-scope.ts';
import type { TaskSummary } from '../views/task-summaries.ts';
import type { Paint } from './paint.ts';

/** What a task has changed in its workspace so far, all its changes added up. */
export const workingState = once(() =>
  z.object({
    files: z.int(),
    outOfScope: z.int(),
    repository: z.int().check(z.describe('hooks and settings of git itself')),
    unattributed: z.int().check(z.describe('files that changed while no recorded command ran')),
    ambiguous: z.int().check(z.describe('while several ran')),
    paths: z.array(z.string()).check(z.describe('the first of them, out of scope before others')),
  }),
);
type WorkingState = z.infer<ReturnType<typeof workingState>>;

export function workingStateOf(reader: LedgerReader, { changes }: TaskSummary): WorkingState {
  const recorded = changes.flatMap((seq) => changeAt(reader, seq) ?? []);
  const net = netChanges(recorded);
  const causes = new Map(recorded.map(({ seq, entry }) => [seq, entry.body.cause]));
  const by = (cause: string) =>
    net.filter((file) => file.by.some((seq) => causes.get(seq) === cause));
  const outside = net.filter(isOutOfScope);
  return {
    files: net.length,
    outOfScope: outside.length,
    repository: net.filter(({ part }) => part === 'git').length,
    unattributed: by('unattributed').length,
    ambiguous: by('ambiguous').length,
    paths: [...new Set([...outside, ...net])].slice(0, NAMED).map(({ path }) => path),
  };
}

/** One line for the status; nothing where nothing changed. */
export function workingStateLine(state: WorkingState | null, paint: Paint): string[] {
  if (state === null || state.files === 0) return [];
  const { files, outOfScope, repository, unattributed, ambiguous, paths } = state;
  const more = files > paths.length ? ` and ${files - paths.length} more` : '';
  const facts = [
    ...(outOfScope > 0 ? [paint.bad(`${outOfScope} out of scope`)] : []),
    ...(repository > 0
      ? [paint.bad(`${repository} of the repository’s own hooks or settings`)]
      : []),
    ...(unattributed > 0 ? [paint.warn(`${unattributed} unattributed`)] : []),
    ...(ambiguous > 0 ? [paint.warn(`${ambiguous} ambiguous`)] : []),
  ];
  const named = paths.map(visibleLine).join(', ');
  return [`  changed  ${[`${plural(files, 'file')}: ${named}${more}`, ...facts].join(' · ')}`];
}

const NAMED = 3;
