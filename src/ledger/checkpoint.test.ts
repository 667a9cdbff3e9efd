import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toBase64 } from '../core/bytes.ts';
import { checkpointText, unverifiedCheckpoint } from './checkpoint.ts';
import { NoteError } from './note.ts';

const SIGNATURE = '\n— a AAAAAAA=\n';
const ROOT = toBase64(new Uint8Array(32));
const faultOf = (text: string) => {
  try {
    unverifiedCheckpoint(text + SIGNATURE);
    return 'nothing';
  } catch (error) {
    return error instanceof NoteError ? error.fault : `not ours: ${error}`;
  }
};

describe('a checkpoint', () => {
  it('is read as it was written, at any size', () => {
    const root = fc.uint8Array({ minLength: 32, maxLength: 32 });
    const origin = fc.webPath().map((path) => `example.org${path}`);
    fc.assert(
      fc.property(origin, fc.maxSafeNat(), root, (name, size, hash) => {
        const checkpoint = { origin: name, size, root: hash };
        expect(unverifiedCheckpoint(checkpointText(checkpoint) + SIGNATURE)).toEqual(checkpoint);
      }),
    );
  });

  it('may have extension lines, which say nothing to us', () => {
    expect(faultOf(`log\n5\n${ROOT}\nextension\n`)).toBe('nothing');
  });

  it.each([
    ['no origin', `\n5\n${ROOT}\n`],
    ['no size', `log\n\n${ROOT}\n`],
    ['a leading zero', `log\n05\n${ROOT}\n`],
    ['a sign', `log\n+5\n${ROOT}\n`],
    ['a negative size', `log\n-5\n${ROOT}\n`],
    ['a size in hex', `log\n0x5\n${ROOT}\n`],
    ['a size beyond 2^53', `log\n9007199254740992\n${ROOT}\n`],
    ['white space', `log\n5 \n${ROOT}\n`],
    ['a short root', `log\n5\n${toBase64(new Uint8Array(31))}\n`],
    ['a root that is not strict base64', `log\n5\n${ROOT.replace('=', '')}\n`],
    ['no root', 'log\n5\n'],
    ['an empty extension line', `log\n5\n${ROOT}\n\nextension\n`],
    ['a carriage return', `log\r\n5\r\n${ROOT}\r\n`],
  ])('with %s is malformed', (_what, text) => {
    expect(faultOf(text)).toBe('note.malformed');
  });

  it('is never anything but a checkpoint or our error', () => {
    const line = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('5', ROOT, '', 'log'));
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        expect(faultOf(lines.map((each) => `${each}\n`).join(''))).toMatch(/^(nothing|note\.)/);
      }),
    );
  });
});
