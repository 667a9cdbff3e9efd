import { utf8 } from '../../core/bytes.ts';
import { type GoneEntry, NEVER_GONE } from '../../core/entries/redaction-kinds.ts';
import { entryName, type Seq } from '../../core/names.ts';
import { kindIn } from '../store/erasure.ts';
import type { LedgerReader } from '../store/reader.ts';
import { blobsIn, blobUses, type UsedBlob } from './blob-uses.ts';
import { redactError } from './redact-error.ts';

/** Whole entries, or of each only the blobs with these names. */
export interface RedactionTarget {
  entries: readonly Seq[];
  blobs: readonly string[];
}

/** What would go, and what would stay although it is the same bytes. */
export interface RedactionPlan {
  entries: GoneEntry[];
  blobs: UsedBlob[];
  /** Blobs of whole entries that stay, because other entries name them too. */
  shared: { seq: Seq; name: string; id: string; others: Seq[] }[];
  /** Runs whose entries go: their notes in the spool go too. */
  runs: string[];
  /** Bytes of all that goes, as it is read. */
  bytes: number;
}

/**
 * What redacting takes out. A blob that is named itself goes for every entry that names it: equal
 * contents are one file. With a whole entry go the blobs that it alone names; output that another
 * entry shows as well is that entry's too, and is only said.
 */
export function planRedaction(reader: LedgerReader, target: RedactionTarget): RedactionPlan {
  const parts = target.blobs.length > 0;
  const found = target.entries.map((seq) => read(reader, seq));
  const ids = new Set<string>();
  for (const { seq, blobs } of found) {
    if (!parts) for (const { id } of blobs) ids.add(id);
    else
      for (const name of target.blobs)
        for (const id of named(reader, seq, blobs, name)) ids.add(id);
  }
  const uses = ids.size === 0 ? new Map<string, UsedBlob>() : blobUses(reader, ids);
  const contents = (blobs: readonly UsedBlob[]) => blobs.reduce((sum, { size }) => sum + size, 0);
  if (parts) {
    const blobs = [...uses.values()];
    return { entries: [], blobs, shared: [], runs: [], bytes: contents(blobs) };
  }
  const going = new Set(target.entries);
  const isShared = ({ of }: UsedBlob) => of.some(({ seq }) => !going.has(seq));
  const blobs = [...uses.values()].filter((use) => !isShared(use) && reader.blobs.has(use.id));
  return {
    entries: found.map(({ seq, kind }) => ({ seq, ...reader.placeOf(seq), kind })),
    blobs,
    shared: [...uses.values()].filter(isShared).flatMap(({ id, of }) => {
      const others = [...new Set(of.map(({ seq }) => seq))].filter((seq) => !going.has(seq));
      const own = of.filter(({ seq }) => going.has(seq));
      return reader.blobs.has(id) ? own.map(({ seq, name }) => ({ seq, name, id, others })) : [];
    }),
    runs: found.flatMap(({ run }) => (run === null ? [] : [run])),
    bytes: found.reduce((sum, { bytes }) => sum + bytes, contents(blobs)),
  };
}

interface Found {
  seq: Seq;
  kind: string;
  run: string | null;
  bytes: number;
  blobs: ReturnType<typeof blobsIn>;
}

function read(reader: LedgerReader, seq: Seq): Found {
  const [json = ''] = reader.texts(seq, seq + 1);
  const name = entryName(seq);
  if (json === '') {
    const gone = reader.gone.entry(seq);
    throw redactError(
      'redact.already',
      `${name} is redacted already`,
      gone === null ? 'its bytes are not there' : `${entryName(gone.by)} says: ${gone.because}`,
      gone === null ? 'proof verify' : `proof show ${entryName(gone.by)}`,
    );
  }
  const kind = kindIn(json);
  if (NEVER_GONE.has(kind)) {
    throw redactError(
      'redact.protected',
      `${name} cannot be redacted`,
      kind === 'ledger.opened'
        ? 'it says which ledger this is and which key signs it'
        : 'it says what is gone from the record, and why',
      'proof log --all shows what else is there',
    );
  }
  return { seq, kind, run: runIn(json), bytes: utf8(json).length, blobs: blobsIn(json) };
}

function runIn(json: string): string | null {
  try {
    const { body } = JSON.parse(json) as { body?: { run?: unknown } };
    return typeof body?.run === 'string' ? body.run : null;
  } catch {
    return null;
  }
}

function named(
  reader: LedgerReader,
  seq: Seq,
  blobs: Found['blobs'],
  name: string,
): readonly string[] {
  const ids = blobs.filter((blob) => blob.name === name).map(({ id }) => id);
  const entry = entryName(seq);
  if (ids.length === 0) {
    throw redactError(
      'redact.no-blob',
      `${entry} has no blob ${name}`,
      blobs.length === 0
        ? 'all there is of it stands in the entry itself'
        : `it has ${blobs.map((blob) => blob.name).join(', ')}`,
      blobs.length === 0
        ? `proof redact ${entry} --because "…"`
        : `proof redact ${entry} --blob ${blobs[0]?.name} --because "…"`,
    );
  }
  const there = ids.filter((id) => reader.blobs.has(id));
  if (there.length > 0) return there;
  const gone = reader.gone.blob(ids[0] as string);
  throw redactError(
    'redact.already',
    `${name} of ${entry} is not there any more`,
    gone === null ? 'its file is missing' : `${entryName(gone.by)} says: ${gone.because}`,
    gone === null ? 'proof verify' : `proof show ${entryName(gone.by)}`,
  );
}
