import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Seq } from '../../core/names.ts';
import { diskError } from '../../ledger/errors.ts';
import type { LedgerReader } from '../../ledger/store/reader.ts';
import { taskSeq } from './names.ts';

/**
 * Which task work is recorded under: the one named, or PROOF_TASK, or that of the recorded command
 * around us, or the one last chosen in this worktree. Null where nothing says so.
 *
 * The choice is a small file a worktree: a preference of this place, not a fact of the ledger.
 */
export function currentTask(
  reader: LedgerReader,
  where: {
    named?: string | undefined;
    variable?: string | undefined;
    nested: { ledger: string | null; task: Seq | null } | null;
    worktree: string;
  },
): Seq | null {
  const named = where.named ?? (where.variable === '' ? undefined : where.variable);
  if (named !== undefined) return taskSeq(reader, named);
  const { ledger = null, task = null } = where.nested ?? {};
  // The command around us may be recorded in another ledger, where that number is another task.
  if (task !== null && ledger === reader.id() && reader.isTask(task)) return task;
  return chosenTask(reader, where.worktree);
}

export function chosenTask(reader: LedgerReader, worktree: string): Seq | null {
  let text: string;
  try {
    text = readFileSync(choicePath(reader.dir, worktree), 'utf8');
  } catch {
    return null;
  }
  const seq = Number(text);
  // A ledger put in the place of another has other tasks: then nothing is chosen.
  return reader.isTask(seq) ? seq : null;
}

export function chooseTask(reader: LedgerReader, worktree: string, task: Seq | null): void {
  const path = choicePath(reader.dir, worktree);
  try {
    if (task === null) {
      rmSync(path, { force: true });
      return;
    }
    mkdirSync(join(reader.dir, 'chosen'), { recursive: true, mode: 0o700 });
    writeFileSync(path, String(task), { mode: 0o600 });
  } catch (cause) {
    throw diskError(cause, path);
  }
}

function choicePath(dir: string, worktree: string): string {
  // A file name holds 255 bytes; of a longer path the end tells worktrees apart.
  return join(dir, 'chosen', encodeURIComponent(worktree).slice(-200));
}
