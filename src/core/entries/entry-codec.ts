import {
  CanonicalJsonError,
  canonicalize,
  type JsonValue,
  parseCanonical,
} from '../canonical-json.ts';
import { ProofError } from '../errors.ts';
import type { Seq } from '../names.ts';
import { upgrade } from './entry-upgrade.ts';
import { header, VERSION } from './header.ts';
import { BODIES, type Entry, type Kind } from './kinds.ts';

/** C2SP tlog-tiles writes an entry's length in 16 bits, so this is the most an entry may hold. */
export const MAX_ENTRY_BYTES = 65_535;

export type EntryErrorCode = 'entry.malformed' | 'entry.too-large' | 'entry.not-canonical';

/** The bytes that are hashed, stored and exported: RFC 8785 text of the entry. */
export function encodeEntry(entry: { readonly [field: string]: JsonValue }): string {
  return canonicalize(entry);
}

/**
 * Reads one stored entry. A kind or version from the future is kept as it is, marked unknown, so
 * that it can be shown raw; a known kind with another shape than its schema is an error.
 */
export function decodeEntry(text: string, seq: Seq): Entry {
  const raw = parseEntryText(text, seq);
  const newest = upgrade(raw as never);
  const body = BODIES[newest.kind as Kind];
  const head = header.safeParse(newest);
  if (!head.success) throw malformed(seq, head.error.issues[0]);
  if (body === undefined || newest.v > VERSION) {
    return { ...head.data, kind: 'unknown', storedKind: newest.kind, body: newest.body };
  }
  const parsed = body.safeParse(newest.body);
  if (!parsed.success) throw malformed(seq, parsed.error.issues[0]);
  return { ...head.data, body: parsed.data } as Entry;
}

/** The entry as stored, without reading its body: what a verifier and `--raw` need. */
export function parseEntryText(text: string, seq: Seq): { readonly [field: string]: JsonValue } {
  try {
    const value = parseCanonical(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as { readonly [field: string]: JsonValue };
    }
    throw new CanonicalJsonError('not an object');
  } catch (cause) {
    throw new ProofError<EntryErrorCode>({
      code: 'entry.not-canonical',
      message: `E${seq} is not a canonical JSON object`,
      why: (cause as Error).message,
      remedy: 'proof verify',
      cause,
    });
  }
}

function malformed(seq: Seq, issue: { path: PropertyKey[]; message: string } | undefined) {
  return new ProofError<EntryErrorCode>({
    code: 'entry.malformed',
    message: `E${seq} does not have the shape of its kind`,
    why: issue === undefined ? 'unknown shape' : `${issue.path.join('.')}: ${issue.message}`,
    remedy: `proof show E${seq} --raw`,
  });
}
