import { Readable } from 'node:stream';
import { createZstdDecompress } from 'node:zlib';

/**
 * Unpacks a stream of zstd frames. Node's own decoder stops after the first frame and says nothing
 * of what follows, so the frames are told apart here (RFC 8878, section 3.1). Where the stream ends
 * inside a frame `cutOff` is called after what could be unpacked.
 */
export async function* unpackZstd(
  raw: AsyncIterable<Uint8Array>,
  cutOff: () => void,
): AsyncGenerator<Uint8Array> {
  const bytes = new Bytes(raw[Symbol.asyncIterator]());
  while (!(await bytes.atEnd())) {
    const frame = new Frame(bytes);
    const decoder = createZstdDecompress();
    const source = Readable.from(frame.pieces(), { objectMode: false });
    source.on('error', (cause) => decoder.destroy(cause));
    try {
      for await (const piece of source.pipe(decoder)) yield piece as Uint8Array;
    } catch (cause) {
      if (!frame.cut) throw cause;
    }
    if (frame.cut) return cutOff();
  }
}

/** One frame's bytes, or none of a skippable one's. */
class Frame {
  cut = false;
  readonly #bytes: Bytes;

  constructor(bytes: Bytes) {
    this.#bytes = bytes;
  }

  async *pieces(): AsyncGenerator<Uint8Array> {
    const magic = await this.#take(4);
    if (magic === null) return;
    if ((magic.readUInt32LE() & 0xfffffff0) >>> 0 === SKIPPABLE) {
      const size = await this.#take(4);
      if (size !== null) await this.#take(size.readUInt32LE());
      return;
    }
    yield magic;
    if (magic.readUInt32LE() !== MAGIC) throw new DamagedFrame('what follows is no zstd frame');
    const descriptor = await this.#take(1);
    if (descriptor === null) return;
    yield descriptor;
    const flags = descriptor[0] as number;
    const rest = await this.#take(headerBytes(flags));
    if (rest === null) return;
    yield rest;
    for (let last = false; !last; ) {
      const head = await this.#take(3);
      if (head === null) return;
      const value = head.readUIntLE(0, 3);
      last = (value & 1) === 1;
      // A block of type 1 is one byte, repeated.
      const body = await this.#take(((value >> 1) & 3) === 1 ? 1 : value >> 3);
      if (body === null) return;
      yield Buffer.concat([head, body]);
    }
    const checksum = await this.#take((flags >> 2) & 1 ? 4 : 0);
    if (checksum !== null && checksum.length > 0) yield checksum;
  }

  async #take(count: number): Promise<Buffer | null> {
    const taken = await this.#bytes.take(count);
    if (taken === null) this.cut = true;
    return taken;
  }
}

class DamagedFrame extends Error {
  readonly code = 'ZSTD_error_prefix_unknown';
}

const MAGIC = 0xfd2fb528;
const SKIPPABLE = 0x184d2a50;

/** Window descriptor, dictionary id and content size, by the frame header descriptor. */
function headerBytes(flags: number): number {
  const single = (flags >> 5) & 1;
  const content = [single, 2, 4, 8][flags >> 6] as number;
  return 1 - single + content + ([0, 1, 2, 4][flags & 3] as number);
}

/** A stream to take counted bytes from. */
class Bytes {
  readonly #pieces: AsyncIterator<Uint8Array>;
  #held: Buffer = Buffer.alloc(0);

  constructor(pieces: AsyncIterator<Uint8Array>) {
    this.#pieces = pieces;
  }

  async atEnd(): Promise<boolean> {
    return this.#held.length === 0 && !(await this.#more());
  }

  /** Null where fewer are left. */
  async take(count: number): Promise<Buffer | null> {
    const parts: Buffer[] = [];
    let missing = count;
    while (missing > 0) {
      if (this.#held.length === 0 && !(await this.#more())) return null;
      const part = this.#held.subarray(0, missing);
      this.#held = this.#held.subarray(part.length);
      missing -= part.length;
      parts.push(part);
    }
    return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
  }

  async #more(): Promise<boolean> {
    for (;;) {
      const next = await this.#pieces.next();
      if (next.done === true) return false;
      if (next.value.length === 0) continue;
      this.#held = Buffer.from(next.value.buffer, next.value.byteOffset, next.value.length);
      return true;
    }
  }
}
