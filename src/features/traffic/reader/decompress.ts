import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { trafficError } from './traffic-error.ts';
import { unpackZstd } from './zstd-frames.ts';

export type Compression = 'none' | 'gzip' | 'zstd';

/** What a file's first bytes say it is packed with; names lie (`access.log.2.gz` that is plain). */
export function compressionOf(head: Uint8Array): Compression | 'bzip2' | 'xz' | 'zip' {
  const starts = (...bytes: number[]) => bytes.every((byte, i) => head[i] === byte);
  if (starts(0x1f, 0x8b)) return 'gzip';
  if (starts(0x28, 0xb5, 0x2f, 0xfd)) return 'zstd';
  if (starts(0x42, 0x5a, 0x68) && (head[3] ?? 0) >= 0x31 && (head[3] ?? 0) <= 0x39) return 'bzip2';
  if (starts(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00)) return 'xz';
  if (starts(0x50, 0x4b, 0x03, 0x04)) return 'zip';
  return 'none';
}

export interface Unpacked {
  compression: Compression;
  bytes: AsyncIterable<Uint8Array>;
  /** After the last byte: why it ended before it should have, or null. */
  cutOff(): string | null;
}

/**
 * A stream without its compression. Several gzip members or zstd frames one after another are one
 * stream, as `cat a.gz b.gz` makes them. Where the packed data ends too early, what came before is
 * given and `cutOff` says so; where it is damaged, `traffic.damaged-compression` is thrown.
 */
export async function unpack(raw: AsyncIterable<Uint8Array>, name: string): Promise<Unpacked> {
  const pieces = raw[Symbol.asyncIterator]();
  const head: Uint8Array[] = [];
  let length = 0;
  while (length < HEAD_BYTES) {
    const next = await pieces.next();
    if (next.done === true) break;
    head.push(next.value);
    length += next.value.length;
  }
  const all = replayed(head, pieces);
  const compression = compressionOf(Buffer.concat(head.slice(0, 6)));
  if (compression === 'none') return { compression, bytes: all, cutOff: () => null };
  if (compression !== 'gzip' && compression !== 'zstd') throw notUnpacked(compression, name);
  let cutOff: string | null = null;
  const cut = () => {
    cutOff = 'its compressed data ends in the middle';
  };
  const packed = compression === 'gzip' ? unpackGzip(all, cut) : unpackZstd(all, cut);
  return { compression, bytes: withName(packed, name), cutOff: () => cutOff };
}

const HEAD_BYTES = 6;

async function* replayed(
  head: readonly Uint8Array[],
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield* head;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) {
    yield next.value;
  }
}

async function* unpackGzip(raw: AsyncIterable<Uint8Array>, cutOff: () => void) {
  const decoder = createGunzip();
  const source = Readable.from(raw, { objectMode: false });
  source.on('error', (cause) => decoder.destroy(cause));
  try {
    for await (const piece of source.pipe(decoder)) yield piece as Uint8Array;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'Z_BUF_ERROR') throw cause;
    cutOff();
  }
}

async function* withName(stream: AsyncIterable<Uint8Array>, name: string) {
  try {
    yield* stream;
  } catch (cause) {
    const { code = '', message } = cause as NodeJS.ErrnoException;
    if (!/^(Z_|ZSTD_)/.test(code)) throw cause;
    throw trafficError(
      'traffic.damaged-compression',
      `${name} cannot be unpacked`,
      message,
      'fetch the file again, or unpack what can be read: zcat FILE | proof traffic analyze -',
      cause,
    );
  }
}

function notUnpacked(compression: 'bzip2' | 'xz' | 'zip', name: string) {
  const program = { bzip2: 'bzip2 -dc', xz: 'xz -dc', zip: 'unzip -p' }[compression];
  return trafficError(
    'traffic.compression',
    `${name} is packed with ${compression}`,
    'plain text, gzip and zstd are read',
    `${program} FILE | proof traffic analyze -`,
  );
}
