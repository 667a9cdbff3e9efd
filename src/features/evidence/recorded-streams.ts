import type { EntryOf } from '../../core/entries/kinds.ts';
import {
  HEAD_BYTES,
  SHORTEST_REPORT,
  TAIL_BYTES,
} from '../../judge/test-reports/may-hold-report.ts';
import type { LedgerReader } from '../../ledger/store/reader.ts';
import type { ScreenSize } from '../../views/settled-screen.ts';

/** A stream of a command as it was recorded: masked, and perhaps with gaps. */
export interface RecordedStream {
  name: string;
  /** Bytes kept. */
  size: number;
  /** Something of it is not kept. */
  gaps: boolean;
  screen?: ScreenSize;
  /** The kept bytes from `from` up to `to`. */
  read(from: number, to: number): Uint8Array;
}

/** The streams of a recorded command that are long enough to hold a report. */
export function recordedStreams(reader: LedgerReader, entry: EntryOf<'command'>): RecordedStream[] {
  const { size: screen, streams } = entry.body;
  return streams.flatMap(({ name, gaps }) => {
    const blob = entry.blobs.find((one) => one.name === name);
    if (blob === undefined || blob.size < SHORTEST_REPORT) return [];
    const read = (from: number, to: number) =>
      Buffer.concat([...reader.blobs.read(blob.id, from, to)]);
    const size = name === 'terminal' && screen !== undefined ? { screen } : {};
    return [{ name, size: blob.size, gaps: gaps.length > 0, ...size, read }];
  });
}

/** Its beginning and its end as text; all of it where it is short. */
export function endsOf({ size, read }: RecordedStream): string {
  const decode = (from: number, to: number) => new TextDecoder().decode(read(from, to));
  if (size <= HEAD_BYTES + TAIL_BYTES) return decode(0, size);
  return `${decode(0, HEAD_BYTES)}\n${decode(size - TAIL_BYTES, size)}`;
}
