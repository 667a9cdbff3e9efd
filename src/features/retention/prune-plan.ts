import type { Seq } from '../../core/names.ts';
import { type BlobUse, isCiting, isPrunable, type PruneRule } from '../../judge/prunable.ts';
import { blobsIn, type UsedBlob } from '../../ledger/redaction/blob-uses.ts';
import type { LedgerReader } from '../../ledger/store/reader.ts';

/** A blob that the rule lets go, with its room on disk and when the last of its tasks was closed. */
export interface PrunableBlob extends UsedBlob {
  stored: number;
  closedAt: string;
}

/** Everything that the rule lets go of, oldest first. One pass over the ledger. */
export function planPruning(reader: LedgerReader, rule: PruneRule, now: Date): PrunableBlob[] {
  const { uses, closed, cited } = walk(reader, rule.atLeastBytes);
  return [...uses.values()]
    .flatMap((blob): PrunableBlob[] => {
      const closings = blob.of.map(({ task }) =>
        task === null ? null : (closed.get(task) ?? null),
      );
      const every = blob.of.every((use, i) => {
        const facts: BlobUse = {
          ...use,
          size: blob.size,
          closedAt: closings[i] ?? null,
          cited: cited.has(use.seq),
        };
        return isPrunable(facts, rule, now);
      });
      const stored = every ? reader.blobs.stored(blob.id) : null;
      if (stored === null) return [];
      const of = blob.of.map(({ seq, name, task }) => ({ seq, name, task }));
      return [{ id: blob.id, size: blob.size, of, stored, closedAt: closings.sort().at(-1) ?? '' }];
    })
    .sort((a, b) => a.closedAt.localeCompare(b.closedAt) || b.stored - a.stored);
}

interface Walked {
  uses: Map<string, { id: string; size: number; of: (Use & { task: Seq | null })[] }>;
  /** When each closed task was closed. */
  closed: Map<Seq, string>;
  cited: Set<Seq>;
}

type Use = Pick<BlobUse, 'kind' | 'name' | 'at'> & { seq: Seq };

/** As much of an entry as is asked for here, of any kind and version. */
interface AnyEntry {
  kind: string;
  at: string;
  task: Seq | null;
  refs: readonly { rel: string; seq: Seq }[];
}

function walk(reader: LedgerReader, atLeastBytes: number): Walked {
  const walked: Walked = { uses: new Map(), closed: new Map(), cited: new Set() };
  let seq = -1;
  for (const json of reader.texts(0, Number.MAX_SAFE_INTEGER)) {
    seq++;
    if (json === '') continue;
    const { kind, at, task, refs } = readAny(json);
    if (kind === 'task.closed' && task !== null) walked.closed.set(task, at);
    for (const ref of refs) if (isCiting(kind, ref.rel)) walked.cited.add(ref.seq);
    for (const { id, name, size } of blobsIn(json)) {
      if (size < atLeastBytes) continue;
      const blob = walked.uses.get(id) ?? { id, size, of: [] };
      blob.of.push({ seq, kind, name, at, task });
      walked.uses.set(id, blob);
    }
  }
  return walked;
}

/** What cannot be read, because somebody got at it, keeps every blob that it names. */
function readAny(json: string): AnyEntry {
  try {
    const entry = JSON.parse(json) as AnyEntry;
    if (Array.isArray(entry.refs)) return entry;
  } catch {
    // proof verify names it
  }
  return { kind: '', at: '', task: null, refs: [] };
}
