import { isUtf8 } from 'node:buffer';
import { structuredPatch } from 'diff';
import type { FileState } from '../../core/entries/change-kind.ts';
import type { NetChange } from '../../views/net-changes.ts';

/** How one file differs, line by line; only what is valid UTF-8 is compared as text. */
export interface FileDiff {
  file: NetChange;
  added: number;
  removed: number;
  hunks: readonly { header: string; lines: readonly string[] }[];
  /** Why no lines are shown, or what is to be known about them. */
  note: string | null;
}

/** Bytes of a state from the cache; `masked` if a secret was struck out of them. */
export type Bytes = (state: FileState) => { bytes: Buffer; masked: boolean } | null;

/** Compares the two states of a file as far as the cache has their bytes. */
export function fileDiff(file: NetChange, bytesOf: Bytes): FileDiff {
  const nothing = { file, added: 0, removed: 0, hunks: [] };
  const { before, after } = file;
  if ([before, after].some((state) => state?.type === 'directory' || state?.type === 'other')) {
    return { ...nothing, note: null };
  }
  if (before !== null && after !== null && before.hash !== null && before.hash === after.hash) {
    return { ...nothing, note: null };
  }
  const old = before === null ? EMPTY : bytesOf(before);
  const now = after === null ? EMPTY : bytesOf(after);
  if (old === null || now === null)
    return { ...nothing, note: whyNot(old === null ? before : after) };
  if (isBinary(old.bytes) || isBinary(now.bytes)) {
    return { ...nothing, note: `binary, ${old.bytes.length} → ${now.bytes.length} bytes` };
  }
  const large = old.bytes.length + now.bytes.length > MOST_BYTES;
  const patch = large ? undefined : patchOf(old.bytes, now.bytes);
  if (patch === undefined) return { ...nothing, note: 'too different to be shown line by line' };
  const hunks = patch.hunks.map(({ oldStart, oldLines, newStart, newLines, lines }) => ({
    header: `@@ -${range(oldStart, oldLines)} +${range(newStart, newLines)} @@`,
    lines,
  }));
  const all = hunks.flatMap(({ lines }) => lines);
  return {
    file,
    hunks,
    added: all.filter((line) => line.startsWith('+')).length,
    removed: all.filter((line) => line.startsWith('-')).length,
    note: old.masked || now.masked ? 'a secret is struck out of these lines' : null,
  };
}

function patchOf(old: Buffer, now: Buffer) {
  return structuredPatch('', '', old.toString('utf8'), now.toString('utf8'), '', '', {
    context: 3,
    maxEditLength: MOST_EDITS,
    // A time limit, not a count: what is hostile may be slow in more than one way.
    timeout: MOST_MS,
  });
}

function whyNot(state: FileState | null): string {
  switch (state?.kept) {
    case 'ignored':
      return 'ignored by git: only its hash is kept';
    case 'denied':
      return 'denied by the boundary: only its hash is kept';
    case 'dependencies':
      return 'a dependency: only its times are kept';
    case 'large':
      return 'too large to be kept';
    case 'unread':
      return 'it could not be read';
    default:
      return 'its bytes are no longer in the cache';
  }
}

/** A NUL byte among the first 8000, as git decides it; and what is no UTF-8, which no page could show. */
function isBinary(bytes: Buffer): boolean {
  return bytes.subarray(0, 8000).includes(0) || !isUtf8(bytes);
}

/** In a unified diff a count of 1 is left out, and an empty side begins a line earlier. */
function range(start: number, lines: number): string {
  return lines === 1 ? `${start}` : `${lines === 0 ? Math.max(0, start - 1) : start},${lines}`;
}

const EMPTY = { bytes: Buffer.alloc(0), masked: false };
const MOST_BYTES = 8 * 1024 * 1024;
const MOST_EDITS = 20_000;
const MOST_MS = 3_000;
