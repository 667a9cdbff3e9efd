import { randomFillSync } from 'node:crypto';
import { toHex } from '../../core/bytes.ts';
import type { JsonValue } from '../../core/canonical-json.ts';
import {
  type EntryErrorCode,
  encodeEntry,
  MAX_ENTRY_BYTES,
} from '../../core/entries/entry-codec.ts';
import { VERSION } from '../../core/entries/header.ts';
import { BODIES, type Draft } from '../../core/entries/kinds.ts';
import { ProofError } from '../../core/errors.ts';
import type { Seq } from '../../core/names.ts';

/**
 * Turns a draft into the bytes of its entry: adds what only the ledger may say (version, time,
 * number in the task, salt) and refuses what readers could not read back.
 */
export function sealEntry(
  draft: Draft,
  place: { task: Seq | null; n: number | null; at: string },
): string {
  const body = BODIES[draft.kind]().safeParse(draft.body);
  if (!body.success) {
    const issue = body.error.issues[0];
    throw entryError('entry.malformed', draft, `${issue?.path.join('.')}: ${issue?.message}`);
  }
  const json = encodeEntry(
    inOrder({
      actor: draft.actor as unknown as JsonValue,
      at: place.at,
      blobs: (draft.blobs ?? []) as unknown as JsonValue,
      body: draft.body as unknown as JsonValue,
      held: draft.held ?? 'none',
      kind: draft.kind,
      n: place.n,
      provenance: draft.provenance ?? 'observed',
      refs: (draft.refs ?? []) as unknown as JsonValue,
      salt: nextSalt(),
      task: place.task,
      v: VERSION,
    }) as { readonly [field: string]: JsonValue },
  );
  const bytes = Buffer.byteLength(json);
  if (bytes > MAX_ENTRY_BYTES) {
    throw entryError('entry.too-large', draft, `${bytes} bytes, at most ${MAX_ENTRY_BYTES}`);
  }
  return json;
}

const SALT_BYTES = 16;
const pool = new Uint8Array(SALT_BYTES * 256);
let used = pool.length;

/** Random bytes are drawn 256 salts at a time: one system call an entry would be most of its cost. */
function nextSalt(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += SALT_BYTES;
  return toHex(pool.subarray(used - SALT_BYTES, used));
}

/**
 * The same value with all keys in canonical order, which the engine's own writer then keeps: four
 * times as fast as ours. Optional fields may arrive as undefined; in JSON they are not there.
 */
function inOrder(value: JsonValue): JsonValue {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(inOrder);
  const object = value as { readonly [key: string]: JsonValue };
  const ordered: { [key: string]: JsonValue } = {};
  for (const key of Object.keys(object).sort()) {
    const item = object[key];
    if (item !== undefined) ordered[key] = inOrder(item);
  }
  return ordered;
}

function entryError(code: EntryErrorCode, draft: Draft, why: string) {
  return new ProofError<EntryErrorCode>({
    code,
    message: `An entry of kind ${draft.kind} cannot be stored`,
    why,
    remedy:
      code === 'entry.too-large'
        ? 'shorten the text, or keep it in a file and record a command that prints it'
        : 'this is a fault in Prooflayer: please report it',
  });
}
