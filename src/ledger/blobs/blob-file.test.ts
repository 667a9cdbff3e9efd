import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProofError } from '../../core/errors.ts';
import {
  blobHead,
  compressFrameSync,
  decompressFrame,
  type Frame,
  HEAD_BYTES,
  parseHead,
  parseSeekTable,
  seekTable,
} from './blob-file.ts';

const SALT = new Uint8Array(32).fill(7);

/** A blob file of these pieces, a frame each. */
function fileOf(pieces: readonly Uint8Array[]): Uint8Array {
  const packed = pieces.map(compressFrameSync);
  const frames: Frame[] = [];
  let at = HEAD_BYTES;
  packed.forEach((bytes, i) => {
    frames.push({ at, packed: bytes.length, plain: pieces[i]!.length });
    at += bytes.length;
  });
  return Buffer.concat([blobHead(SALT), ...packed, seekTable(frames)]);
}

/** What reading the file gives; an error's code if it is ours. Notes how much was asked for at once. */
function read(file: Uint8Array): { text: string; most: number } {
  let most = 0;
  try {
    parseHead(file.subarray(0, HEAD_BYTES));
    const frames = parseSeekTable(file.length, (at, length) => {
      most = Math.max(most, length);
      return file.subarray(at, at + length);
    });
    const plain = frames.map((frame) => {
      most = Math.max(most, frame.packed);
      return decompressFrame(file.subarray(frame.at, frame.at + frame.packed), frame.plain);
    });
    return { text: Buffer.concat(plain).toString('latin1'), most };
  } catch (error) {
    return { text: error instanceof ProofError ? error.code : `not ours: ${error}`, most };
  }
}

const pieces = fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { maxLength: 5 });

describe('a blob file', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(pieces, (given) => {
        expect(read(fileOf(given)).text).toBe(Buffer.concat(given).toString('latin1'));
      }),
    );
  });

  it('with any byte changed, cut off or added is damaged, or is some other text', () => {
    const change = fc.oneof(
      fc.record({ at: fc.nat(), byte: fc.nat({ max: 255 }) }),
      fc.record({ cut: fc.nat() }),
      fc.record({ added: fc.uint8Array({ minLength: 1, maxLength: 20 }) }),
    );
    fc.assert(
      fc.property(pieces, change, (given, how) => {
        let file = Buffer.from(fileOf(given));
        if ('at' in how) file[how.at % file.length] = how.byte;
        else if ('cut' in how) file = file.subarray(0, how.cut % file.length);
        else file = Buffer.concat([file, how.added]);
        const { text, most } = read(file);
        expect(text).not.toMatch(/^not ours/);
        // Whatever a seek table claims, no more is asked for than the file has.
        expect(most).toBeLessThanOrEqual(file.length);
      }),
      { numRuns: 500 },
    );
  });

  it('with a hostile seek table is damaged, and makes no room for what it claims', () => {
    const number = fc.oneof(fc.nat({ max: 0xffffffff }), fc.constantFrom(0, 1, 64, 0xffffffff));
    const hostile = fc.record({
      count: number,
      size: number,
      entries: fc.array(fc.tuple(number, number), { maxLength: 4 }),
      descriptor: fc.nat({ max: 255 }),
    });
    fc.assert(
      fc.property(hostile, ({ count, size, entries, descriptor }) => {
        const words = (...values: number[]) => Buffer.from(new Uint32Array(values).buffer);
        const file = Buffer.concat([
          blobHead(SALT),
          compressFrameSync(Buffer.from('plain')),
          words(0x184d2a5e, size, ...entries.flat(), count),
          Buffer.from([descriptor]),
          words(0x8f92eab1),
        ]);
        const { text, most } = read(file);
        expect(['blob.damaged', 'plain']).toContain(text);
        expect(most).toBeLessThanOrEqual(file.length);
      }),
      { numRuns: 500 },
    );
  });

  it('that would unpack to more than it says is damaged, not unpacked', () => {
    const bomb = compressFrameSync(new Uint8Array(64 * 1024 * 1024));
    expect(bomb.length).toBeLessThan(10_000);
    const frame = { at: HEAD_BYTES, packed: bomb.length, plain: 10 };
    const file = Buffer.concat([blobHead(SALT), bomb, seekTable([frame])]);
    expect(read(file).text).toBe('blob.damaged');
    const claims = seekTable([{ ...frame, plain: 64 * 1024 * 1024 }]);
    expect(read(Buffer.concat([blobHead(SALT), bomb, claims])).text).toBe('blob.damaged');
  });

  it.each([
    ['nothing', new Uint8Array(0)],
    ['a head alone', blobHead(SALT)],
    [
      'another salt length',
      Buffer.concat([Buffer.from('502a4d1810000000', 'hex'), fileOf([]).subarray(8)]),
    ],
  ])('of %s is damaged', (_what, file) => {
    expect(read(file).text).toBe('blob.damaged');
  });
});
