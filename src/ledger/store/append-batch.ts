import type { Draft } from '../../core/entries/kinds.ts';
import type { Seq } from '../../core/names.ts';
import type { StoredBlob } from '../blobs/stored-blob.ts';
import type { Frontier } from '../tree/frontier.ts';
import type { LedgerReader } from './reader.ts';

/** What a builder sees: the ledger as it stands inside the transaction that will append. */
export interface Head {
  /** Leaf index that the first entry it returns will get. */
  readonly size: Seq;
  readonly ledger: LedgerReader;
}

export type Build = (head: Head) => readonly Draft[];

/** A call of `append` on its way into the next transaction. */
export interface Waiting {
  build: Build;
  blobs: readonly StoredBlob[];
  resolve: (seqs: Seq[]) => void;
  reject: (error: unknown) => void;
}

/** An entry as bytes, with what it was made from. */
export interface Sealed {
  task: Seq | null;
  n: number | null;
  at: string;
  json: string;
  draft: Draft;
}

/** Where the next entry goes: right edge of the tree, latest time, lengths of tasks. */
export type Edge = { frontier: Frontier; latestAt: string; lengths: Map<Seq, number> };
