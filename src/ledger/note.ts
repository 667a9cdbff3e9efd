import {
  bigEndian,
  concat,
  equalBytes,
  fromBase64,
  fromHex,
  fromUtf8,
  toBase64,
  toHex,
  utf8,
} from '../core/bytes.ts';
import type { Primitives } from '../core/primitives.ts';

/**
 * Signed notes of C2SP signed-note v1.0.0, Ed25519 (type 0x01) only: the text, an empty line, and
 * one line a signature. Keys are named; lines of unknown keys are skipped, one bad line of a
 * known key spoils the whole note.
 */
export interface VerifierKey {
  name: string;
  /** First four bytes of SHA-256(name || LF || 0x01 || public key). */
  id: Uint8Array;
  publicKey: Uint8Array;
}

export interface OpenedNote {
  text: string;
  /** Names of the known keys whose signature holds, in the order of the lines. */
  signedBy: string[];
}

export type NoteFault =
  | 'note.malformed'
  | 'note.bad-signature'
  | 'note.no-known-signature'
  | 'note.bad-key';

export class NoteError extends Error {
  override readonly name = 'NoteError';
  readonly fault: NoteFault;
  constructor(fault: NoteFault, message: string) {
    super(message);
    this.fault = fault;
  }
}

const ED25519 = 1;
const DASH = '— ';
/** C2SP asks readers to take at least 16 signature lines; a bound keeps hostile notes cheap. */
const MAX_SIGNATURES = 100;
const MAX_NOTE = 1_000_000;

/** Checks a note against the keys the caller trusts and returns its text. */
export function openNote(
  primitives: Primitives,
  note: string,
  keys: readonly VerifierKey[],
): OpenedNote {
  const { text, lines } = splitNote(note);
  const message = utf8(text);
  const signedBy: string[] = [];
  const seen = new Set<VerifierKey>();
  for (const line of lines) {
    const key = keys.find((k) => k.name === line.name && equalBytes(k.id, line.id));
    if (key === undefined || seen.has(key)) continue;
    seen.add(key);
    if (
      line.signature.length !== 64 ||
      !primitives.ed25519Verify(key.publicKey, message, line.signature)
    ) {
      throw new NoteError('note.bad-signature', `the signature of ${key.name} does not hold`);
    }
    signedBy.push(key.name);
  }
  if (signedBy.length === 0) {
    throw new NoteError(
      'note.no-known-signature',
      'no line is signed by a key that is trusted here',
    );
  }
  return { text, signedBy };
}

/** A note file's bytes as text; invalid UTF-8 is an error, never repaired. */
export function noteText(bytes: Uint8Array): string {
  const text = fromUtf8(bytes);
  if (text === null) throw new NoteError('note.malformed', 'not valid UTF-8');
  return text;
}

/** The note's text without checking anything: for showing, never for trusting. */
export function unverifiedText(note: string): string {
  return splitNote(note).text;
}

export function signNote(
  text: string,
  key: Pick<VerifierKey, 'name' | 'id'>,
  sign: (message: Uint8Array) => Uint8Array,
): string {
  const payload = concat([key.id, sign(utf8(text))]);
  return `${text}\n${DASH}${key.name} ${toBase64(payload)}\n`;
}

export function verifierKey(
  primitives: Pick<Primitives, 'sha256Into'>,
  name: string,
  publicKey: Uint8Array,
): VerifierKey {
  const digest = new Uint8Array(32);
  primitives.sha256Into(concat([utf8(`${name}\n`), bigEndian(ED25519, 1), publicKey]), digest, 0);
  return { name, id: digest.slice(0, 4), publicKey };
}

/** `name+hex8(id)+base64(0x01 || key)`, the text form other tools take. */
export function formatVerifierKey(key: VerifierKey): string {
  return `${key.name}+${toHex(key.id)}+${toBase64(concat([bigEndian(ED25519, 1), key.publicKey]))}`;
}

export function parseVerifierKey(
  primitives: Pick<Primitives, 'sha256Into'>,
  text: string,
): VerifierKey {
  const parts = /^([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text.trim());
  const id = parts === null ? null : fromHex(parts[2] as string);
  const typed = parts === null ? null : fromBase64(parts[3] as string);
  if (parts === null || id === null || typed === null) {
    throw new NoteError('note.bad-key', 'not a verifier key of the form name+hash+base64');
  }
  if (typed.length !== 33 || typed[0] !== ED25519) {
    throw new NoteError('note.bad-key', 'not an Ed25519 key (type 0x01)');
  }
  const key = verifierKey(primitives, parts[1] as string, typed.slice(1));
  if (!isKeyName(key.name) || !equalBytes(key.id, id)) {
    throw new NoteError('note.bad-key', "the key's hash does not belong to its name and bytes");
  }
  return key;
}

interface SignatureLine {
  name: string;
  id: Uint8Array;
  signature: Uint8Array;
}

function splitNote(note: string): { text: string; lines: SignatureLine[] } {
  const bad = (why: string) => new NoteError('note.malformed', why);
  if (note.length > MAX_NOTE) throw bad(`longer than ${MAX_NOTE} characters`);
  if (!note.isWellFormed()) throw bad('not valid UTF-8');
  if (/[\u0000-\u0009\u000b-\u001f\u007f\ufffd]/.test(note)) throw bad('holds control characters');
  // The last empty line divides: the text itself may hold empty lines.
  const at = note.lastIndexOf('\n\n');
  if (at < 0) throw bad('no empty line before the signatures');
  const text = note.slice(0, at + 1);
  const tail = note.slice(at + 2);
  if (tail === '' || !tail.endsWith('\n')) throw bad('no complete signature line');
  const lines = tail.slice(0, -1).split('\n');
  if (lines.length > MAX_SIGNATURES) throw bad(`more than ${MAX_SIGNATURES} signatures`);
  return { text, lines: lines.map((line) => parseLine(line, bad)) };
}

function parseLine(line: string, bad: (why: string) => NoteError): SignatureLine {
  const space = line.indexOf(' ', DASH.length);
  if (!line.startsWith(DASH) || space < 0) throw bad('a signature line has another form');
  const name = line.slice(DASH.length, space);
  const payload = fromBase64(line.slice(space + 1));
  if (!isKeyName(name)) throw bad('a key name is empty or holds a space or plus');
  if (payload === null || payload.length < 5) throw bad('a signature is not strict base64');
  return { name, id: payload.slice(0, 4), signature: payload.slice(4) };
}

function isKeyName(name: string): boolean {
  return (
    name !== '' && !/[\s+\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/.test(name)
  );
}
