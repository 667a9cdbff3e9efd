import type { BlobRef } from '../core/entries/header.ts';
import type { Entry } from '../core/entries/kinds.ts';
import type { LedgerReader } from '../ledger/store/reader.ts';
import { plainText } from '../views/plain-text.ts';

/** A blob's text as far as it is searched: all of it, or its beginning and its end. */
export interface SearchedBlob {
  name: string;
  /** Without control codes; the lines of the beginning, then those of the end. */
  head: string;
  /** Null where the head is all of it. */
  tail: string | null;
  /** Bytes of the contents. */
  size: number;
}

/** Bytes of each end of a long blob that are searched: a log says what it has to say at its ends. */
export const SEARCHED_BYTES = 512 * 1024;

/** The text blobs of an entry that are there. Of a command what it wrote, of others whatever is text. */
export function* searchedBlobs(reader: LedgerReader, entry: Entry): Generator<SearchedBlob> {
  for (const ref of entry.blobs) {
    if (!isSearched(entry, ref) || !reader.blobs.has(ref.id)) continue;
    const blob = readEnds(reader, ref);
    if (blob !== null) yield blob;
  }
}

function isSearched(entry: Entry, { name, type = '' }: BlobRef): boolean {
  if (entry.kind === 'command') return STREAMS.has(name);
  return name !== 'timing' && name !== 'environment' && !/^(image|audio|video|font)\//.test(type);
}

const STREAMS: ReadonlySet<string> = new Set(['stdout', 'stderr', 'terminal', 'argv']);

function readEnds(reader: LedgerReader, { id, name, size }: BlobRef): SearchedBlob | null {
  try {
    const long = size > 2 * SEARCHED_BYTES;
    const head = bytesOf(reader, id, 0, long ? SEARCHED_BYTES : size);
    if (!isText(head)) return null;
    if (!long) return { name, head: textOf(head), tail: null, size };
    const tail = textOf(bytesOf(reader, id, size - SEARCHED_BYTES, size));
    // It begins somewhere in a line.
    return { name, head: textOf(head), tail: tail.slice(tail.indexOf('\n') + 1), size };
  } catch {
    return null; // damaged: proof verify names it
  }
}

function bytesOf(reader: LedgerReader, id: string, from: number, to: number): Buffer {
  return Buffer.concat([...reader.blobs.read(id, from, to)]);
}

function textOf(bytes: Uint8Array): string {
  return plainText(new TextDecoder().decode(bytes));
}

/** Zeros stand in no text; a program that prints a few of them in a terminal is rare enough. */
function isText(head: Uint8Array): boolean {
  return !head.subarray(0, 8_192).includes(0);
}
