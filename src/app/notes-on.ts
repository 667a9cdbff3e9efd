import { entryName, type Seq } from '../core/names.ts';
import type { LedgerReader } from '../ledger/store/reader.ts';
import { annotated } from '../views/timeline.ts';

/** Notes and decisions on an entry, in order. They come after it and belong to its task. */
export function notesOn(
  reader: LedgerReader,
  seq: Seq,
): { name: string; text: string; actor: string }[] {
  const { entry } = reader.entry(seq);
  const candidates =
    entry?.task == null ? reader.entries(seq + 1) : reader.taskEntries(entry.task, entry.n ?? 1);
  const notes = [];
  for (const { seq: at, entry: note } of candidates) {
    if (annotated(note) !== seq || (note?.kind !== 'note' && note?.kind !== 'decision')) continue;
    notes.push({ name: entryName(at), text: note.body.text, actor: note.actor.name });
  }
  return notes;
}
