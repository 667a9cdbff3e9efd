/**
 * JSON Canonicalization Scheme, RFC 8785: one byte sequence for one value, so that a hash of it
 * means the same everywhere.
 *
 * Numbers follow ECMAScript's shortest form, strings escape only what JSON must, keys are sorted
 * by UTF-16 code units. The ledger allows itself less than the RFC (see `assertLedgerValue`).
 */
export function canonicalize(value: JsonValue): string {
  if (isNativeOrder(value)) {
    const text = JSON.stringify(value);
    if (!text.includes(HALF_SURROGATE)) return text;
  }
  return write(value);
}

/** The long way, for values whose keys are not in order yet. */
function write(value: JsonValue): string {
  switch (typeof value) {
    case 'string':
      return quote(value);
    case 'number':
      if (!Number.isFinite(value)) throw new CanonicalJsonError('a number is not finite');
      return String(value === 0 ? 0 : value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      if (value === null) return 'null';
      return isArray(value) ? canonicalArray(value) : canonicalObject(value);
    default:
      throw new CanonicalJsonError(`a ${typeof value} is not JSON`);
  }
}

export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/** Thrown for values that have no canonical form, and for bytes that are not in it. */
export class CanonicalJsonError extends Error {
  override readonly name = 'CanonicalJsonError';
}

/**
 * Reads bytes that must be canonical already, as every stored entry is.
 *
 * Writing the parsed value again and comparing catches all at once: duplicate keys (the parser
 * keeps only the last), unsorted keys, white space, escapes and numbers of another form. So two
 * readers can never see two different values in the same bytes.
 */
export function parseCanonical(text: string): JsonValue {
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch (cause) {
    throw new CanonicalJsonError(`not JSON: ${(cause as Error).message}`);
  }
  // First, because it bounds the nesting that the writers below would follow to any depth.
  assertLedgerValue(value);
  if (!isNativelyCanonical(value, text) && canonicalize(value) !== text) {
    throw new CanonicalJsonError('not in canonical form (RFC 8785), or a key stands twice');
  }
  return value;
}

/** The ledger's own limits: integers below 2^53 only, well-formed strings, no deep nesting. */
export function assertLedgerValue(value: JsonValue, depth = 0): void {
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) {
      throw new CanonicalJsonError(`${value} is not an integer below 2^53`);
    }
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  if (depth >= MAX_DEPTH) throw new CanonicalJsonError(`nested deeper than ${MAX_DEPTH}`);
  if (isArray(value)) {
    for (const item of value) assertLedgerValue(item, depth + 1);
    return;
  }
  for (const key in value) assertLedgerValue(value[key] as JsonValue, depth + 1);
}

const MAX_DEPTH = 64;

/**
 * The cheap way to the same answer: the engine's own writer escapes and prints numbers as the RFC
 * asks, so if it returns the very text, only the order of keys is left to look at. Verifying a
 * million entries rests on this.
 */
function isNativelyCanonical(value: JsonValue, text: string): boolean {
  return !text.includes(HALF_SURROGATE) && JSON.stringify(value) === text && isNativeOrder(value);
}

/** The engine writes half a surrogate pair as an escape; such a string has no canonical form. */
const HALF_SURROGATE = '\\ud';

/** True if the engine's own writer puts all keys in canonical order and drops or changes nothing. */
function isNativeOrder(value: JsonValue): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null) {
    return typeof value === 'string' || typeof value === 'boolean' || value === null;
  }
  if (isArray(value)) {
    for (const item of value) if (!isNativeOrder(item)) return false;
    return true;
  }
  let last: string | undefined;
  for (const key in value) {
    if (last !== undefined && !(last < key)) return false;
    last = key;
    if (!isNativeOrder(value[key] as JsonValue)) return false;
  }
  return true;
}

/** Array.isArray alone does not narrow read-only arrays. */
function isArray(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function canonicalArray(items: readonly JsonValue[]): string {
  let out = '[';
  for (let i = 0; i < items.length; i++) {
    out += (i === 0 ? '' : ',') + write(items[i] as JsonValue);
  }
  return `${out}]`;
}

function canonicalObject(object: { readonly [key: string]: JsonValue }): string {
  const keys = Object.keys(object);
  let sorted = true;
  for (let i = 1; i < keys.length; i++) {
    if (!((keys[i - 1] as string) < (keys[i] as string))) {
      sorted = false;
      break;
    }
  }
  // JavaScript compares strings by UTF-16 code units, which is the order RFC 8785 §3.2.3 asks for.
  if (!sorted) keys.sort();
  let out = '{';
  for (const key of keys) {
    const member = object[key];
    if (member === undefined) throw new CanonicalJsonError(`"${key}" is undefined`);
    out += `${out === '{' ? '' : ','}${quote(key)}:${write(member)}`;
  }
  return `${out}}`;
}

function quote(text: string): string {
  if (!text.isWellFormed()) throw new CanonicalJsonError('a string holds half a surrogate pair');
  return JSON.stringify(text);
}
