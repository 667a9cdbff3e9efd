import type { Entry } from '../core/entries/kinds.ts';
import { ProofError } from '../core/errors.ts';
import { entryName, type Seq } from '../core/names.ts';
import { isTextType } from '../core/text-type.ts';
import type { Gone } from '../ledger/redaction/gone.ts';
import type { LedgerReader } from '../ledger/store/reader.ts';
import { plainText } from '../views/plain-text.ts';
import { type Burst, parseTiming } from '../views/timing.ts';
import { type GoneJson, toGoneJson } from './entry-json.ts';

/**
 * What an entry holds as text, bounded: JSON output is for programs, not for dumps. Of a command its
 * streams, of other evidence the blobs that are text; pictures and archives only `--output` gives.
 */
export function outputOf(reader: LedgerReader, entry: Entry | null) {
  if (entry === null || entry.kind === 'unknown') return { output: [], plain: null };
  const output = namesOf(entry).map((name) => {
    const ref = entry.blobs.find((blob) => blob.name === name);
    const here = ref !== undefined && whyGone(reader, ref.id) === null;
    const bytes = here ? firstBytes(reader, ref.id, SHOWN_BYTES) : new Uint8Array();
    return {
      name,
      text: new TextDecoder().decode(bytes),
      truncated: here && ref.size > bytes.length,
    };
  });
  return { output, plain: plainOf(reader, entry, output) };
}

type Output = readonly { name: string; text: string; truncated: boolean }[];

/** A command's streams are known by its body: an empty one has no blob. */
function namesOf(entry: Entry): string[] {
  switch (entry.kind) {
    case 'command':
      return entry.body.streams.map(({ name }) => name);
    case 'attachment':
    case 'screenshot':
    case 'http':
      return entry.blobs
        .filter(({ name, type }) => name !== 'timing' && isTextType(type))
        .map(({ name }) => name);
    default:
      return [];
  }
}

/** What a person would have seen: the output, the file, the body of the answer. */
function plainOf(reader: LedgerReader, entry: Entry, output: Output): string | null {
  if (entry.kind === 'command') return interleaved(reader, entry, output);
  const main = PLAIN[entry.kind];
  const text = output.find(({ name }) => name === main)?.text;
  return text === undefined ? null : plainText(text);
}

const PLAIN: Readonly<Partial<Record<Entry['kind'], string>>> = {
  attachment: 'content',
  http: 'body',
};

/** All streams in the order in which they arrived, without control codes. */
function interleaved(reader: LedgerReader, entry: Entry, output: Output): string {
  const whole = entry.blobs.every(({ id, name }) => !STREAMS.has(name) || !whyGone(reader, id));
  if (output.length === 1 || !whole || output.some(({ truncated }) => truncated)) {
    return output.map(({ text }) => plainText(text)).join('');
  }
  const bytes = new Map(output.map(({ name }) => [name, blobOf(reader, entry, name)]));
  const at = new Map<string, number>();
  const pieces = readTiming(reader, entry).map(({ stream, bytes: length }) => {
    const from = at.get(stream) ?? 0;
    at.set(stream, from + length);
    return bytes.get(stream)?.subarray(from, from + length) ?? new Uint8Array();
  });
  return plainText(new TextDecoder().decode(Buffer.concat(pieces)));
}

/** Bytes that an entry holds under a name, piece by piece: a stream, a file, a picture. */
export function* streamBytes(
  reader: LedgerReader,
  seq: Seq,
  entry: Entry | null,
  name: string,
): Generator<Uint8Array> {
  const streams = entry?.kind === 'command' ? entry.body.streams.map((one) => one.name) : [];
  const ref = entry?.blobs.find((blob) => blob.name === name);
  if (ref === undefined && !streams.some((stream) => stream === name)) {
    const there = [...new Set([...streams, ...(entry?.blobs ?? []).map((blob) => blob.name)])];
    throw new ProofError({
      code: 'show.no-stream',
      message: `${entryName(seq)} has no ${name}`,
      why: there.length === 0 ? 'it holds no bytes beside the entry' : `it has ${there.join(', ')}`,
      remedy: `proof show ${entryName(seq)}${there[0] === undefined ? '' : ` --output ${there[0]}`}`,
    });
  }
  if (ref !== undefined) yield* reader.blobs.read(ref.id);
}

/** Names under which entries hold bytes, for `proof show --output`. */
export const OUTPUTS = [
  'stdout',
  'stderr',
  'terminal',
  'content',
  'picture',
  'text',
  'console',
  'requests',
  'body',
  'sent',
  'timing',
  'cases',
  'report',
  'sandbox',
  'connections',
] as const;

export function readTiming(reader: LedgerReader, entry: Entry | null): Burst[] {
  const ref = entry?.blobs.find(({ name }) => name === 'timing');
  return ref === undefined ? [] : parseTiming(new TextDecoder().decode(reader.blobs.bytes(ref)));
}

/** Blobs of an entry whose bytes were taken out, and why. */
export function holesIn(
  reader: LedgerReader,
  entry: Entry | null,
): (GoneJson & { blob: string })[] {
  return (entry?.blobs ?? []).flatMap(({ id, name }) => {
    const gone = whyGone(reader, id);
    return gone === null ? [] : [{ blob: name, ...toGoneJson(gone) }];
  });
}

/** Null where the bytes are there, or are missing without an entry that says why. */
function whyGone(reader: LedgerReader, id: string): Gone | null {
  return reader.blobs.has(id) ? null : reader.gone.blob(id);
}

/** Without `timing` too the order between streams is not known. */
const STREAMS: ReadonlySet<string> = new Set(['stdout', 'stderr', 'terminal', 'timing']);

const SHOWN_BYTES = 1024 * 1024;

function blobOf(reader: LedgerReader, entry: Entry, name: string): Uint8Array {
  const ref = entry.blobs.find((blob) => blob.name === name);
  return ref === undefined ? new Uint8Array() : reader.blobs.bytes(ref);
}

function firstBytes(reader: LedgerReader, id: string, most: number): Uint8Array {
  return Buffer.concat([...reader.blobs.read(id, 0, most)]);
}
