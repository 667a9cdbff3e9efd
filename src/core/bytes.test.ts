import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
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
} from './bytes.ts';

const bytes = fc.uint8Array({ maxLength: 200 });

describe('hex', () => {
  it('is what everybody writes, and is read back', () => {
    fc.assert(
      fc.property(bytes, (given) => {
        expect(toHex(given)).toBe(Buffer.from(given).toString('hex'));
        expect(fromHex(toHex(given))).toEqual(given);
      }),
    );
  });

  it.each(['a', 'AB', '0x', ' 00', '00 ', '0g', '00\n', '٠٠'])('refuses %j', (text) => {
    expect(fromHex(text)).toBe(null);
  });
});

describe('base64', () => {
  it('is what everybody writes, and is read back', () => {
    fc.assert(
      fc.property(bytes, (given) => {
        expect(toBase64(given)).toBe(Buffer.from(given).toString('base64'));
        expect(fromBase64(toBase64(given))).toEqual(given);
      }),
    );
  });

  it('has one text for one value: another text is refused or is other bytes', () => {
    const change = fc.record({ at: fc.nat(), char: fc.string({ minLength: 1, maxLength: 1 }) });
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 40 }), change, (given, { at, char }) => {
        const text = toBase64(given);
        const place = at % text.length;
        const changed = text.slice(0, place) + char + text.slice(place + 1);
        fc.pre(changed !== text);
        expect(fromBase64(changed)).not.toEqual(given);
      }),
      { numRuns: 1_000 },
    );
  });

  it.each([
    ['white space', 'AA==\n'],
    ['no padding', 'AA'],
    ['too much padding', 'AAA=='],
    ['padding alone', '===='],
    ['padding inside', 'AA==AAAA'],
    ['stray bits at the end', 'AB=='],
    ['more stray bits', 'AAB='],
    ['the URL alphabet', '-_-_'],
    ['a character beyond ASCII', 'AAÁ='],
  ])('refuses %s', (_what, text) => {
    expect(fromBase64(text)).toBe(null);
  });
});

describe('UTF-8', () => {
  it('is never repaired', () => {
    expect(fromUtf8(new Uint8Array([0x61, 0xff]))).toBe(null);
    expect(fromUtf8(new Uint8Array([0xed, 0xa0, 0x80]))).toBe(null); // half a surrogate pair
    expect(fromUtf8(new Uint8Array([0xc0, 0x80]))).toBe(null); // NUL in two bytes
    expect(fromUtf8(new Uint8Array([0xef, 0xbb, 0xbf, 0x61]))).toBe('\ufeffa');
  });

  it('is read back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(fromUtf8(utf8(text))).toBe(text);
      }),
    );
  });
});

describe('plain bytes', () => {
  it('are joined, and compared by content and length', () => {
    fc.assert(
      fc.property(bytes, bytes, (a, b) => {
        const joined = concat([a, b]);
        expect(joined).toEqual(new Uint8Array(Buffer.concat([a, b])));
        expect(equalBytes(joined, new Uint8Array([...a, ...b]))).toBe(true);
        expect(equalBytes(a, b)).toBe(Buffer.compare(a, b) === 0);
      }),
    );
  });

  it('are written big-endian beyond 32 bits too', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (n) => {
        const out = Buffer.alloc(8);
        out.writeBigUInt64BE(BigInt(n));
        expect(bigEndian(n, 8)).toEqual(new Uint8Array(out));
      }),
    );
    expect(bigEndian(65_535, 2)).toEqual(new Uint8Array([255, 255]));
  });
});
