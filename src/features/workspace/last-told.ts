import { entryName, type Seq } from '../../core/names.ts';
import type { LedgerReader } from '../../ledger/store/reader.ts';

/** The latest entry that says in which state a workspace was left, and that state's digest. */
export function lastTold(
  reader: LedgerReader,
  root: string,
): { entry: string; tree: string } | null {
  const named = [`"root":${JSON.stringify(root)}`, `"worktree":${JSON.stringify(root)}`];
  // From the end: a workspace whose last look is gone was mostly worked in a moment ago.
  for (let to = reader.size(); to > 0; to -= CHUNK) {
    const from = Math.max(0, to - CHUNK);
    let found: { entry: string; tree: string } | null = null;
    let seq: Seq = from;
    for (const json of reader.texts(from, to)) {
      // Members stand in the order of their names in every entry (RFC 8785).
      const tree = TREE.exec(json)?.[1];
      if (tree !== undefined && named.some((place) => json.includes(place))) {
        found = { entry: entryName(seq), tree };
      }
      seq++;
    }
    if (found !== null) return found;
  }
  return null;
}

const TREE = /"tree":\{"after":"([0-9a-f]{64})"/;
const CHUNK = 1_000;
