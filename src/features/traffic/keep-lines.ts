import type { StoredBlob } from '../../ledger/blobs/stored-blob.ts';
import type { Ledger } from '../../ledger/store/ledger.ts';
import type { Cited } from './cited-lines.ts';
import { linesAt } from './reader/lines-at.ts';
import type { LogInput } from './reader/log-source.ts';

/** Lines kept with their text of each finding, and bytes of them in all. */
const KEPT_LINES = 500;
const KEPT_BYTES = 8 * 1024 * 1024;
/** A kept line, as the blob `lines` holds them: one JSON object a line. */
export interface KeptLine {
  finding: number;
  source: number;
  offset: number;
  length: number;
  /** As UTF-8; bytes that are none are replaced. The log has them as they were. */
  text: string;
}

/** Where the lines of a finding are: offset (from the end of the one before) and length, in turn. */
export interface KeptPlaces {
  finding: number;
  source: number;
  places: number[];
}

/** Writes the lines behind findings as the blobs `places` and `lines`. */
export async function keepLines(
  ledger: Ledger,
  inputs: readonly LogInput[],
  cited: readonly Cited[],
): Promise<{ kept: KeptLine[]; blobs: StoredBlob[] }> {
  const kept = await keptLines(inputs, cited);
  const blobs = [
    await blobOf(ledger, 'places', 'application/x-ndjson', cited.flatMap(placesOf)),
    await blobOf(
      ledger,
      'lines',
      'application/x-ndjson',
      kept.map((line) => `${JSON.stringify(line)}\n`),
    ),
  ];
  return { kept, blobs: blobs.filter((blob) => blob !== null) };
}

async function keptLines(
  inputs: readonly LogInput[],
  cited: readonly Cited[],
): Promise<KeptLine[]> {
  const wanted = cited.flatMap(({ n, places }) =>
    places.slice(0, KEPT_LINES).map((place) => ({ finding: n, ...place })),
  );
  const kept: KeptLine[] = [];
  for (const [source, input] of inputs.entries()) {
    const here = wanted
      .filter((place) => place.source === source)
      .sort((a, b) => a.offset - b.offset || a.finding - b.finding);
    const texts = await linesAt(input, distinct(here));
    const byOffset = new Map(distinct(here).map(({ offset }, i) => [offset, texts[i]]));
    for (const { finding, offset, length } of here) {
      const bytes = byOffset.get(offset);
      if (bytes != null)
        kept.push({ finding, source, offset, length, text: new TextDecoder().decode(bytes) });
    }
  }
  let left = KEPT_BYTES;
  return kept
    .sort((a, b) => a.finding - b.finding || a.source - b.source || a.offset - b.offset)
    .filter(({ text }) => {
      left -= text.length;
      return left >= 0;
    });
}

/** Two findings may cite one line. */
function distinct<T extends { offset: number }>(places: readonly T[]): T[] {
  return places.filter((place, i) => place.offset !== places[i - 1]?.offset);
}

function placesOf({ n, places }: Cited): string[] {
  const bySource = new Map<number, number[]>();
  const ends = new Map<number, number>();
  for (const { source, offset, length } of places) {
    const row = bySource.get(source) ?? [];
    row.push(offset - (ends.get(source) ?? 0), length);
    ends.set(source, offset + length);
    bySource.set(source, row);
  }
  return [...bySource].map(([source, row]): string => {
    const kept: KeptPlaces = { finding: n, source, places: row };
    return `${JSON.stringify(kept)}\n`;
  });
}

/** Writes one blob; null where it would be empty. */
export async function blobOf(
  ledger: Ledger,
  name: string,
  type: string,
  lines: Iterable<string>,
): Promise<StoredBlob | null> {
  const writer = ledger.blob(name, { type });
  let batch = '';
  for (const line of lines) {
    batch += line;
    if (batch.length < 1 << 20) continue;
    await writer.write(Buffer.from(batch));
    batch = '';
  }
  if (batch !== '') await writer.write(Buffer.from(batch));
  await writer.end();
  return writer.finish();
}
