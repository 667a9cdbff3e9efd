import { equalBytes } from '../../core/bytes.ts';
import type { Seq } from '../../core/names.ts';
import type { Primitives } from '../../core/primitives.ts';
import { Frontier } from '../tree/frontier.ts';
import { treeHash } from '../tree/hash.ts';
import { leafOf, type StoredEntry } from './evidence.ts';

/**
 * The first entry that is not the one that was appended there, or null where none can be named.
 *
 * The root noted after each append is not signed, so it may point at a place but clears nothing:
 * whoever rewrote an entry could rewrite the noted roots as well, and then only the signed root
 * shows that something differs.
 */
export function firstDifference(
  primitives: Pick<Primitives, 'sha256Into'>,
  entries: Iterable<StoredEntry>,
): Seq | null {
  const hash = treeHash(primitives);
  const frontier = Frontier.empty(hash);
  let sameUpTo = 0;
  for (const stored of entries) {
    const { seq, root } = stored;
    if (seq !== frontier.size) return frontier.size;
    frontier.append(leafOf(hash, stored));
    if (root === null) continue;
    if (!equalBytes(root, frontier.root())) return sameUpTo;
    sameUpTo = frontier.size;
  }
  return null;
}
