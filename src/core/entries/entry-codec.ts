import {
  CanonicalJsonError,
  canonicalize,
  type JsonValue,
  parseCanonical,
} from '../canonical-json.ts';
import { ProofError } from '../errors.ts';
import type { Seq } from '../names.ts';
import { type RawEntry, upgrade } from './entry-upgrade.ts';
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
 * Reads one stored entry for showing and folding. A kind or version from the future is kept as it
 * is, marked unknown, so that it can be shown raw; a known kind with another shape than its schema
 * is an error. Whether the bytes are canonical is the verifier's question (`parseEntryText`).
 */
export function decodeEntry(text: string, seq: Seq): Entry {
  const newest = upgrade(parseObject(text, seq));
  const head = header().safeParse(newest);
  if (!head.success && typeof newest.v === 'number' && newest.v > VERSION)
    return fromTheFuture(newest);
  if (!head.success) throw malformed(seq, head.error.issues[0]);
  // Own names only: a kind "constructor" must not find what every object has.
  const body = Object.hasOwn(BODIES, newest.kind) ? BODIES[newest.kind as Kind]() : undefined;
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

/** A later version may change the header too: then all that is known is that it is an entry. */
function fromTheFuture(raw: RawEntry): Entry {
  return {
    v: raw.v,
    kind: 'unknown',
    storedKind: String(raw.kind),
    at: typeof raw.at === 'string' ? raw.at : '',
    task: null,
    n: null,
    actor: { kind: 'tool', name: 'unknown', host: '', basis: 'asserted' },
    provenance: 'reported',
    held: 'none',
    refs: [],
    blobs: [],
    salt: '',
    body: raw.body ?? null,
  };
}

function parseObject(text: string, seq: Seq): RawEntry {
  let value: unknown = null;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw malformed(seq, { path: [], message: (cause as Error).message });
  }
  if (typeof value === 'object' && value !== null) return value as RawEntry;
  throw malformed(seq, { path: [], message: 'not an object' });
}

function malformed(seq: Seq, issue: { path: PropertyKey[]; message: string } | undefined) {
  return new ProofError<EntryErrorCode>({
    code: 'entry.malformed',
    message: `E${seq} does not have the shape of its kind`,
    why: issue === undefined ? 'unknown shape' : `${issue.path.join('.')}: ${issue.message}`,
    remedy: `proof show E${seq} --raw`,
  });
}
