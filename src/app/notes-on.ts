import { entryName, type Seq } from '../core/names.ts';
import type { LedgerReader } from '../ledger/store/reader.ts';
import { annotated } from '../views/timeline.ts';

/** Notes and decisions on an entry, in order. They come after it and belong to its task. */
export function notesOn(reader: LedgerReader, seq: Seq): NoteOn[] {
  const { task, n } = reader.placeOf(seq);
  const candidates = task === null ? reader.entries(seq + 1) : reader.taskEntries(task, n ?? 1);
  const notes: NoteOn[] = [];
  for (const { seq: at, entry: note } of candidates) {
    if (annotated(note) !== seq || (note?.kind !== 'note' && note?.kind !== 'decision')) continue;
    const { kind, body, actor } = note;
    notes.push({ name: entryName(at), kind, text: body.text, actor: actor.name });
  }
  return notes;
}

export interface NoteOn {
  name: string;
  kind: 'note' | 'decision';
  text: string;
  actor: string;
}
