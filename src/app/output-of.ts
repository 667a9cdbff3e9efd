import type { Entry } from '../core/entries/kinds.ts';
import { ProofError } from '../core/errors.ts';
import { entryName, type Seq } from '../core/names.ts';
import type { LedgerReader } from '../ledger/store/reader.ts';
import { plainText } from '../views/plain-text.ts';
import { type Burst, parseTiming } from '../views/timing.ts';

/** What an entry's command wrote, as text, bounded: JSON output is for programs, not for dumps. */
export function outputOf(reader: LedgerReader, entry: Entry | null) {
  const streams = entry?.kind === 'command' ? entry.body.streams : [];
  const output = streams.map(({ name }) => {
    const ref = entry?.blobs.find((blob) => blob.name === name);
    const bytes = ref === undefined ? new Uint8Array() : firstBytes(reader, ref.id, SHOWN_BYTES);
    return {
      name,
      text: new TextDecoder().decode(bytes),
      truncated: (ref?.size ?? 0) > bytes.length,
    };
  });
  return { output, plain: entry?.kind === 'command' ? interleaved(reader, entry, output) : null };
}

/** All streams in the order in which they arrived, without control codes. */
function interleaved(
  reader: LedgerReader,
  entry: Entry,
  output: readonly { name: string; text: string; truncated: boolean }[],
): string {
  if (output.length === 1 || output.some(({ truncated }) => truncated)) {
    return output.map(({ text }) => plainText(text)).join('');
  }
  const bytes = new Map(output.map(({ name }) => [name, streamOf(reader, entry, name)]));
  const at = new Map<string, number>();
  const pieces = readTiming(reader, entry).map(({ stream, bytes: length }) => {
    const from = at.get(stream) ?? 0;
    at.set(stream, from + length);
    return bytes.get(stream)?.subarray(from, from + length) ?? new Uint8Array();
  });
  return plainText(new TextDecoder().decode(Buffer.concat(pieces)));
}

/** A recorded stream's bytes, piece by piece. */
export function* streamBytes(
  reader: LedgerReader,
  seq: Seq,
  entry: Entry | null,
  name: string,
): Generator<Uint8Array> {
  const streams = entry?.kind === 'command' ? entry.body.streams : [];
  if (!streams.some((stream) => stream.name === name)) {
    throw new ProofError({
      code: 'show.no-stream',
      message: `${entryName(seq)} has no ${name}`,
      why:
        streams.length === 0
          ? 'nothing was written, or it is no command'
          : `it has ${streams.map((stream) => stream.name).join(' and ')}`,
      remedy: `proof show ${entryName(seq)}${streams[0] === undefined ? '' : ` --output ${streams[0].name}`}`,
    });
  }
  const ref = entry?.blobs.find((blob) => blob.name === name);
  if (ref !== undefined) yield* reader.blobs.read(ref.id);
}

export function readTiming(reader: LedgerReader, entry: Entry | null): Burst[] {
  const ref = entry?.blobs.find(({ name }) => name === 'timing');
  return ref === undefined ? [] : parseTiming(new TextDecoder().decode(reader.blobs.bytes(ref)));
}

const SHOWN_BYTES = 1024 * 1024;

function streamOf(reader: LedgerReader, entry: Entry, name: string): Uint8Array {
  const ref = entry.blobs.find((blob) => blob.name === name);
  return ref === undefined ? new Uint8Array() : reader.blobs.bytes(ref);
}

function firstBytes(reader: LedgerReader, id: string, most: number): Uint8Array {
  return Buffer.concat([...reader.blobs.read(id, 0, most)]);
}
