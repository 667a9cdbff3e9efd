import type { BlobRef } from '../../core/entries/header.ts';
import type { Seq } from '../../core/names.ts';
import type { LedgerReader } from '../store/reader.ts';

/** A blob with every entry that names it: equal contents share one. */
export interface UsedBlob {
  id: string;
  /** Bytes of its contents. */
  size: number;
  of: { seq: Seq; name: string; task: Seq | null }[];
}

/**
 * Who names these blobs, or all blobs where none are given. One pass over the ledger; what is of no
 * known form is read all the same, as long as it is JSON.
 */
export function blobUses(reader: LedgerReader, ids?: ReadonlySet<string>): Map<string, UsedBlob> {
  const uses = new Map<string, UsedBlob>();
  const rows = reader.db.prepare('SELECT seq, task, json FROM entry ORDER BY seq').iterate();
  for (const row of rows) {
    const { seq, task, json } = row as unknown as { seq: Seq; task: Seq | null; json: string };
    if (ids !== undefined && !names(json, ids)) continue;
    for (const { id, name, size } of blobsIn(json)) {
      if (ids !== undefined && !ids.has(id)) continue;
      const use = uses.get(id) ?? { id, size, of: [] };
      use.of.push({ seq, name, task });
      uses.set(id, use);
    }
  }
  return uses;
}

/** The blobs an entry names, without reading the rest of it. */
export function blobsIn(json: string): readonly BlobRef[] {
  // In canonical order the body follows; inside strings quotes are escaped, so this is no text.
  const from = json.indexOf(',"blobs":[{');
  const to = json.indexOf('],"body":', from);
  if (from < 0 || to < 0) return [];
  try {
    const blobs = JSON.parse(json.slice(from + ',"blobs":'.length, to + 1)) as unknown;
    return Array.isArray(blobs) ? (blobs as BlobRef[]).filter(isRef) : [];
  } catch {
    return []; // proof verify names it
  }
}

function isRef(ref: Partial<BlobRef> | null): boolean {
  return typeof ref?.name === 'string' && /^[0-9a-f]{64}$/.test(String(ref.id));
}

function names(json: string, ids: ReadonlySet<string>): boolean {
  for (const id of ids) if (json.includes(id)) return true;
  return false;
}
