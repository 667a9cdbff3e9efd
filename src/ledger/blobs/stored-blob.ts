import type { BlobRef } from '../../core/entries/header.ts';

/** A blob that is durable and waits for the entry that names it; `mac` is null where it was shared. */
export interface StoredBlob {
  ref: BlobRef;
  mac: Uint8Array | null;
}

/** Where equal contents are found again: keyed hash of the contents to blob id. */
export interface ContentIndex {
  find(mac: Uint8Array): string | null;
}

/** Where blobs lie. */
export interface BlobPlace {
  readonly temporaryDir: string;
  /** File that is there from before a blob has its name until an entry names the blob. */
  unnamedMark(id: string): string;
  path(id: string): string;
  has(id: string): boolean;
}
