import { entryName, parseName, type Seq, taskName } from '../../core/names.ts';
import type { LedgerReader } from '../../ledger/store/reader.ts';
import { taskError } from './task-error.ts';

/** Leaf index of the entry that `E41` names, or of the entry that opened `T3`. */
export function entrySeq(reader: LedgerReader, text: string): Seq {
  const name = parseName(text);
  if (name === null) throw unreadable(text);
  if ('task' in name) return taskSeq(reader, text);
  const size = reader.size();
  if (name.entry < size) return name.entry;
  throw taskError(
    'entry.not-found',
    `There is no entry ${entryName(name.entry)}`,
    size === 1 ? 'this ledger holds only E0 yet' : `this ledger holds E0 to E${size - 1}`,
    'proof log --all',
  );
}

/** Leaf index of the entry that opened the task `T3`, or the task that `E41` belongs to. */
export function taskSeq(reader: LedgerReader, text: string): Seq {
  const name = parseName(text);
  if (name === null) throw unreadable(text);
  if ('entry' in name) {
    const { task } = reader.placeOf(entrySeq(reader, text));
    if (task !== null) return task;
    throw taskError(
      'task.not-a-task',
      `${entryName(name.entry)} belongs to no task`,
      'it was recorded outside tasks',
      'proof task list',
    );
  }
  const seq = reader.taskSeq(name.task);
  if (seq !== null) return seq;
  const count = reader.taskCount();
  throw taskError(
    'task.not-found',
    `There is no task ${taskName(name.task)}`,
    TASKS[count] ?? `this ledger has T1 to T${count}`,
    count === 0 ? 'proof task start "what you are about to do"' : 'proof task list',
  );
}

const TASKS = ['this ledger has no tasks yet', 'this ledger has only T1 yet'];

function unreadable(text: string) {
  return taskError(
    'name.unreadable',
    `"${text}" names nothing`,
    'entries are named E41, tasks T3',
    'proof log shows entries, proof task list shows tasks',
  );
}
