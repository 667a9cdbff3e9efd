import type { Transform } from 'node:stream';
import {
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createZstdDecompress,
} from 'node:zlib';

/** Undoes the content encodings of an HTTP body, in the reverse of the order they were applied. */
export interface Decoding {
  /** Those that are undone, in the order of the header. */
  encodings: string[];
  /** One that nobody here knows, and all below it: then the bytes are kept as they came. */
  unknown: string | null;
  decode(pieces: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>;
}

export function contentDecoding(header: string | undefined): Decoding {
  const named = (header ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '' && name !== 'identity');
  const unknown = named.find((name) => DECODERS[name] === undefined) ?? null;
  const encodings = unknown === null && named.length <= MOST_LAYERS ? named : [];
  return {
    encodings,
    unknown: encodings.length === named.length ? null : (unknown ?? 'too many encodings'),
    decode: (pieces) =>
      encodings.reduceRight<AsyncIterable<Uint8Array>>(
        (inner, name) => through(inner, (DECODERS[name] as () => Transform)()),
        pieces,
      ),
  };
}

/** Each layer can blow up what is inside it a thousandfold. */
const MOST_LAYERS = 3;

const DECODERS: Readonly<Record<string, (() => Transform) | undefined>> = {
  gzip: () => createGunzip(),
  'x-gzip': () => createGunzip(),
  deflate: () => createInflate(),
  br: () => createBrotliDecompress(),
  zstd: () => createZstdDecompress(),
};

/** Pieces through a stream, with its back pressure; what it throws, the reader gets. */
async function* through(
  pieces: AsyncIterable<Uint8Array>,
  stream: Transform,
): AsyncGenerator<Uint8Array> {
  const feeding = (async () => {
    try {
      for await (const piece of pieces) {
        if (stream.destroyed) return;
        if (!stream.write(piece))
          await new Promise<void>((resolve) => {
            stream.once('drain', resolve);
            stream.once('close', resolve);
          });
      }
      stream.end();
    } catch (error) {
      stream.destroy(error as Error);
    }
  })();
  try {
    for await (const piece of stream) yield piece as Uint8Array;
  } finally {
    stream.destroy();
    await feeding;
  }
}
