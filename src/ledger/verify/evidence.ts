import type { BlobRef } from '../../core/entries/header.ts';
import type { Seq } from '../../core/names.ts';
import type { VerifierKey } from '../note.ts';
import { HASH_BYTES, type TreeHash } from '../tree/hash.ts';
import type { RootClaim } from './roots.ts';

/** A stored entry as it lies there: nothing in it is trusted. */
export interface StoredEntry {
  seq: Seq;
  leaf: Uint8Array;
  /** RFC 8785 text; empty once redacted. */
  json: string;
  task: Seq | null;
  n: number | null;
  /** The tree's root after the append that ended here, for finding where a rewrite begins. */
  root: Uint8Array | null;
}

/** The leaf hash of an entry's bytes; of a redacted one, that which was kept. */
export function leafOf(hash: TreeHash, { json, leaf }: StoredEntry): Uint8Array {
  if (json !== '') return hash.leafOfText(json);
  // One of another length would not fit into a node; zeros are no entry's hash.
  return leaf.length === HASH_BYTES ? leaf.slice() : new Uint8Array(HASH_BYTES);
}

/** All that a verification may look at. */
export interface LedgerEvidence {
  /** All entries in order; may be walked twice. */
  entries(): Iterable<StoredEntry>;
  /** Stored hashes of tile level 1 and up. */
  subtrees(): Iterable<{ level: number; n: number; hash: Uint8Array }>;
  /** Signed roots, those inside the ledger and those kept elsewhere. */
  roots: readonly RootClaim[];
  keys: readonly VerifierKey[];
  /** Whether the blob is there and is what its name commits to. */
  blob(ref: BlobRef): 'present' | 'missing' | 'altered';
}
