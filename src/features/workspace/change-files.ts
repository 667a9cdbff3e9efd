import * as z from 'zod/mini';
import { type FileChange, fileChange } from '../../core/entries/change-kind.ts';
import type { EntryOf } from '../../core/entries/kinds.ts';
import { entryName, type Seq } from '../../core/names.ts';
import type { LedgerReader } from '../../ledger/store/reader.ts';
import { workspaceError } from './workspace-error.ts';

/** A change entry with the files it is about. */
export interface RecordedChange {
  seq: Seq;
  entry: EntryOf<'change'>;
  files: readonly FileChange[];
}

/** The change entry at `seq` with its files, or null where another kind of entry stands. */
export function changeAt(reader: LedgerReader, seq: Seq): RecordedChange | null {
  if (seq >= reader.size()) return null;
  const { entry } = reader.entry(seq);
  return entry?.kind === 'change' ? { seq, entry, files: filesOf(reader, seq, entry) } : null;
}

/** What a command changed: its own change, and those of the recorded commands inside it. */
export function changesOn(reader: LedgerReader, command: Seq): RecordedChange[] {
  const { entry } = reader.entry(command);
  if (entry === null) return [];
  const inside = entry.refs.filter(({ rel }) => rel === 'child').map(({ seq }) => seq);
  // A command and what it changed are appended together, one after the other.
  const own = changeAt(reader, command + 1);
  const isOwn = own?.entry.refs.some(({ rel, seq }) => rel === 'on' && seq === command);
  const children = inside.filter((seq) => seq < command).flatMap((seq) => changesOn(reader, seq));
  return [...children, ...(own !== null && isOwn ? [own] : [])];
}

/** All changes in [from, to), of one task or of all, in one workspace or in all. */
export function changesBetween(
  reader: LedgerReader,
  from: Seq,
  to: Seq,
  only: { task?: Seq | null; root?: string } = {},
): RecordedChange[] {
  const found: RecordedChange[] = [];
  let seq = from;
  for (const json of reader.texts(from, to)) {
    // Most entries are of other kinds, and need not be decoded to be passed over.
    const change = json.includes('"kind":"change"') ? changeAt(reader, seq) : null;
    seq++;
    if (change === null) continue;
    if (only.task !== undefined && change.entry.task !== only.task) continue;
    if (only.root !== undefined && change.entry.body.root !== only.root) continue;
    found.push(change);
  }
  return found;
}

function filesOf(reader: LedgerReader, seq: Seq, entry: EntryOf<'change'>): readonly FileChange[] {
  if (entry.body.files !== null) return entry.body.files;
  const ref = entry.blobs.find(({ name }) => name === 'files');
  if (ref === undefined || reader.blobs.check(ref) !== 'present') throw unreadable(seq);
  try {
    const list: unknown = JSON.parse(new TextDecoder().decode(reader.blobs.bytes(ref)));
    return z.array(fileChange()).parse(list);
  } catch {
    throw unreadable(seq);
  }
}

function unreadable(seq: Seq) {
  return workspaceError(
    'workspace.list-missing',
    `The list of files of ${entryName(seq)} cannot be read`,
    'its blob is redacted, missing or not what was recorded',
    'proof verify',
  );
}
