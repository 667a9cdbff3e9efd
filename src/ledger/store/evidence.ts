import { fromHex } from '../../core/bytes.ts';
import { originOf } from '../checkpoint.ts';
import { nodePrimitives } from '../node-primitives.ts';
import { parseVerifierKey, type VerifierKey } from '../note.ts';
import type { LedgerEvidence } from '../verify/evidence.ts';
import type { RootClaim } from '../verify/roots.ts';
import type { LedgerReader } from './reader.ts';

/**
 * The ledger on disk as evidence for the verifier.
 *
 * Without keys from outside, the key that E0 names is taken: then the verdict says that the ledger
 * agrees with itself, and only roots kept elsewhere say more.
 */
export function storedEvidence(
  reader: LedgerReader,
  outside: { roots: readonly RootClaim[]; keys: readonly VerifierKey[] },
): LedgerEvidence {
  const inside = reader.signedRoots().map(
    ({ note, kept, size }): RootClaim => ({
      where:
        kept === null ? 'this ledger' : `this ledger, kept since it was anchored at size ${size}`,
      note,
      kept: 'inside',
    }),
  );
  return {
    *entries() {
      const page = reader.db.prepare(
        'SELECT seq, leaf, json, task, n, root FROM entry WHERE seq > ? ORDER BY seq LIMIT 500',
      );
      // Arrays and pages: half the time of an iterator over objects.
      page.setReturnArrays(true);
      for (let last = Number.NEGATIVE_INFINITY, full = true; full; ) {
        const rows = page.all(last) as unknown as StoredRow[];
        for (const [seq, leaf, json, task, n, root] of rows) {
          yield { seq, leaf, json, task, n, root };
          last = seq;
        }
        full = rows.length > 0;
      }
    },
    *subtrees() {
      const rows = reader.db.prepare('SELECT level, n, hash FROM subtree').iterate();
      for (const row of rows) yield row as never;
    },
    roots: [...inside, ...outside.roots],
    keys: outside.keys.length > 0 ? outside.keys : ownKeys(reader),
    blob: (ref) => reader.blobs.check(ref),
  };
}

type StoredRow = [number, Uint8Array, string, number | null, number | null, Uint8Array | null];

function ownKeys(reader: LedgerReader): VerifierKey[] {
  try {
    const first = reader.entry(0).entry;
    if (first?.kind !== 'ledger.opened') return [];
    const key = parseVerifierKey(nodePrimitives, first.body.key);
    const named = fromHex(first.body.ledger) !== null && key.name === originOf(first.body.ledger);
    return named ? [key] : [];
  } catch {
    return []; // E0 is not there or cannot be read: the verdict names it
  }
}
