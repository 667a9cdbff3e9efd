import { createHash } from 'node:crypto';
import { detect } from '../formats/detect.ts';
import { nginxFormat } from '../formats/nginx-format.ts';
import { unpack } from './decompress.ts';
import { type LineBlock, lineBlocks } from './line-blocks.ts';
import type { FormatChoice, LineColumns } from './line-columns.ts';
import { trafficError } from './traffic-error.ts';

/** One log: a name and its bytes as they lie there, packed or not. */
export interface LogInput {
  name: string;
  bytes(): AsyncIterable<Uint8Array>;
  /** Read only so many of its unpacked bytes. */
  until?: number;
}

/** What is known of a source once it is read. Offsets and hash are of the unpacked bytes. */
export interface SourceFacts {
  name: string;
  format: string;
  compression: 'none' | 'gzip' | 'zstd';
  bytes: number;
  lines: number;
  sha256: string;
  cutOff: string | null;
}

export interface ReadOptions {
  /** The text of a log_format, where the format is not to be found out. */
  definition: string | null;
  workers: number;
}

/**
 * Reads a source once, from its first byte to its last, and hands over its columns in order.
 * Throws `traffic.miscounted` if lines read and line ends seen do not come to the same number.
 */
export async function readSource(
  input: LogInput,
  options: ReadOptions,
  each: (columns: LineColumns) => void,
): Promise<SourceFacts> {
  const unpacked = await unpack(input.bytes(), input.name);
  const hash = createHash('sha256');
  let bytes = 0;
  let ends = 0;
  let endsInLine = false;
  const counted = counting(upTo(unpacked.bytes, input.until), (piece) => {
    hash.update(piece);
    bytes += piece.length;
    ends += lineEnds(piece);
    if (piece.length > 0) endsInLine = piece[piece.length - 1] !== 10;
  });
  const blocks = lineBlocks(counted)[Symbol.asyncIterator]();
  const first = await blocks.next();
  const choice: FormatChoice = {
    name: first.done === true ? 'combined' : formatOf(first.value, options.definition),
    definition: options.definition,
  };
  let lines = 0;
  if (first.done !== true) {
    const { parallelColumns } = await import('./parallel-columns.ts');
    const rest = { [Symbol.asyncIterator]: () => blocks };
    for await (const columns of parallelColumns(
      withFirst(first.value, rest),
      choice,
      options.workers,
    )) {
      lines += columns.lines;
      each(columns);
    }
  }
  const expected = ends + (endsInLine ? 1 : 0);
  if (lines !== expected) throw miscounted(input.name, lines, expected);
  return {
    name: input.name,
    format: choice.name,
    compression: unpacked.compression,
    bytes,
    lines,
    sha256: hash.digest('hex'),
    cutOff: unpacked.cutOff(),
  };
}

async function* counting(stream: AsyncIterable<Uint8Array>, see: (piece: Uint8Array) => void) {
  for await (const piece of stream) {
    see(piece);
    yield piece;
  }
}

async function* upTo(stream: AsyncIterable<Uint8Array>, most = Number.POSITIVE_INFINITY) {
  let left = most;
  for await (const piece of stream) {
    yield piece.length <= left ? piece : piece.subarray(0, left);
    left -= piece.length;
    if (left <= 0) return;
  }
}

async function* withFirst(first: LineBlock, rest: AsyncIterable<LineBlock>) {
  yield first;
  yield* rest;
}

/** Counted on the stream itself, not on blocks: the check would be none if it shared their code. */
function lineEnds(piece: Uint8Array): number {
  let ends = 0;
  for (let at = piece.indexOf(10); at >= 0; at = piece.indexOf(10, at + 1)) ends++;
  return ends;
}

const SAMPLE_LINES = 100;

function formatOf({ bytes }: LineBlock, definition: string | null): string {
  if (definition !== null) {
    const given = nginxFormat(definition);
    if (given !== null) return given.name;
    throw trafficError(
      'traffic.bad-format',
      'The given format names no client or no request',
      'it must hold $remote_addr and $request (or $request_uri), as nginx writes them',
      `proof traffic analyze --format '$remote_addr - $remote_user [$time_local] "$request" …' FILE`,
    );
  }
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 1024 * 1024));
  const lines = head
    .toString('latin1')
    .replace(/^\xef\xbb\xbf/, '')
    .split('\n', SAMPLE_LINES);
  return detect(lines.map((line) => line.replace(/\r$/, '').slice(0, 64 * 1024))).name;
}

function miscounted(name: string, lines: number, expected: number) {
  return trafficError(
    'traffic.miscounted',
    `${name}: ${lines} lines were read, but it holds ${expected}`,
    'no figure may rest on a log that was not read whole',
    'please report this, with the log if you can',
  );
}
