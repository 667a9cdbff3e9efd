import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MarkReader, type Piece } from './marks.ts';

const NONCE = 'ab'.repeat(16);
const mark = (letter: string, payload: string, nonce = NONCE) =>
  `\u001b]133;${letter};proof=${nonce};${payload}\u0007`;

/** All that comes of a text that arrives in these pieces, neighbouring output put together. */
function read(text: string, ends: readonly number[] = []): (string | [string, string])[] {
  const reader = new MarkReader(NONCE);
  const bytes = Buffer.from(text);
  const cuts = [0, ...[...ends].sort((a, b) => a - b), bytes.length];
  const pieces: Piece[] = cuts
    .slice(1)
    .flatMap((end, i) => reader.read(bytes.subarray(cuts[i] ?? 0, end)));
  pieces.push({ bytes: reader.letGo() });
  const all: (string | [string, string])[] = [];
  let output = Buffer.alloc(0);
  for (const piece of pieces) {
    if ('bytes' in piece) output = Buffer.concat([output, piece.bytes]);
    else {
      if (output.length > 0) all.push(output.toString());
      output = Buffer.alloc(0);
      all.push([piece.mark, piece.payload]);
    }
  }
  if (output.length > 0) all.push(output.toString());
  return all;
}

describe('marks in a terminal’s stream', () => {
  it('are taken out where they stand', () => {
    expect(read(`a${mark('C', '1;x')}b${mark('D', '1;0;')}${mark('B', '')}c`)).toEqual([
      'a',
      ['C', '1;x'],
      'b',
      ['D', '1;0;'],
      ['B', ''],
      'c',
    ]);
  });

  it.each([
    ['of another nonce', mark('D', '1;0', 'cd'.repeat(16))],
    ['of the user’s own shell integration', '\u001b]133;A\u0007prompt\u001b]133;B\u001b\\'],
    [
      'without their end, and then too long',
      `\u001b]133;D;proof=${NONCE};${'x'.repeat(9_000)}\u0007`,
    ],
    ['with what hooks never send', `\u001b]133;D;proof=${NONCE};1;ü\u0007`],
    ['of no letter', `\u001b]133;\u001b;proof=${NONCE};1\u0007`],
    ['with a nonce cut short', `\u001b]133;D;proof=${NONCE.slice(1)};0\u0007`],
    ['in another escape sequence', `\u001b]0;133;D;proof=${NONCE};\u0007`],
    ['cut off at the end', 'text\u001b]133;D;pro'],
    ['a lone escape', 'text\u001b'],
  ])('%s are output', (_, text) => {
    expect(read(text)).toEqual([text]);
  });

  it('are the same however the stream is cut', () => {
    const text = `${mark('D', '0;0;')}ü\u001b[1m${mark('T', 'a'.repeat(900))}${mark('C', '1;new;')}\u001b]133;A\u0007\u001b\u001b]13${mark('D', '1;0;')}`;
    const whole = read(text);
    fc.assert(
      fc.property(fc.array(fc.nat({ max: Buffer.byteLength(text) }), { maxLength: 12 }), (ends) => {
        expect(read(text, ends)).toEqual(whole);
      }),
    );
  });

  it('leave any other bytes as they are', () => {
    const part = fc.oneof(
      fc.constantFrom(
        '\u001b',
        '\u001b]',
        '\u001b]133;',
        `;proof=${NONCE};`,
        '\u0007',
        mark('A', ''),
      ),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        // An unfinished mark of ours would be waited for.
        const text = `${parts.join('')}\n`;
        const output = read(text).filter((piece) => typeof piece === 'string');
        expect(output.join('')).toBe(text.replaceAll(mark('A', ''), ''));
      }),
    );
  });

  it('that are certainly ours are waited for', () => {
    const reader = new MarkReader(NONCE);
    const [half, rest] = [mark('C', '1').slice(0, 48), mark('C', '1').slice(48)];
    expect(reader.read(Buffer.from(half))).toEqual([]);
    expect(reader.holding).toBe(true);
    expect(reader.letGo()).toHaveLength(0);
    expect(reader.read(Buffer.from(rest))).toEqual([{ mark: 'C', payload: '1' }]);
  });
});
