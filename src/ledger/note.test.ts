import { generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodePrimitives as primitives } from './node-primitives.ts';
import {
  formatVerifierKey,
  NoteError,
  noteText,
  openNote,
  parseVerifierKey,
  signNote,
  verifierKey,
} from './note.ts';

/** A key by this name, and what it signs with. */
function keyNamed(name: string) {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  return {
    verifier: verifierKey(primitives, name, new Uint8Array(raw)),
    sign: (message: Uint8Array) => sign(null, message, privateKey),
  };
}

const ours = keyNamed('example.org/log');
const note = signNote('text\n', ours.verifier, ours.sign);
const faultOf = (work: () => unknown) => {
  try {
    work();
    return 'nothing';
  } catch (error) {
    return error instanceof NoteError ? error.fault : `not ours: ${error}`;
  }
};
const open = (text: string, ...keys: ReturnType<typeof keyNamed>[]) =>
  openNote(
    primitives,
    text,
    keys.map(({ verifier }) => verifier),
  );

describe('a signed note', () => {
  it('opens under its key, with any text that a note may have', () => {
    const line = fc
      .string({ unit: 'grapheme' })
      .map((text) => text.replace(/[\u0000-\u001f\u007f\ufffd]/g, ''));
    fc.assert(
      fc.property(fc.array(line, { minLength: 1 }), (lines) => {
        const text = lines.map((each) => `${each}\n`).join('');
        const opened = open(signNote(text, ours.verifier, ours.sign), ours);
        expect(opened).toEqual({ text, signedBy: ['example.org/log'] });
      }),
    );
  });

  it('does not open when any character of it is another one', () => {
    const change = fc.record({
      at: fc.nat(),
      char: fc.oneof(fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }), fc.constant('')),
    });
    fc.assert(
      fc.property(change, ({ at, char }) => {
        const place = at % note.length;
        const changed = note.slice(0, place) + char + note.slice(place + 1);
        fc.pre(changed !== note);
        expect(faultOf(() => open(changed, ours))).toMatch(/^note\./);
      }),
      { numRuns: 500 },
    );
  });

  it('is not opened by another key of the same name', () => {
    const stranger = keyNamed('example.org/log');
    const theirs = signNote('text\n', stranger.verifier, stranger.sign);
    expect(faultOf(() => open(theirs, ours))).toBe('note.no-known-signature');
    // Under the true key's id the signature is looked at, and does not hold.
    const lied = signNote('text\n', ours.verifier, stranger.sign);
    expect(faultOf(() => open(lied, ours))).toBe('note.bad-signature');
  });

  it('of two known keys of one name is spoiled by the bad line of either', () => {
    const second = keyNamed('example.org/log');
    const line = (text: string) => text.slice(text.indexOf('\n\n') + 2);
    const both = note + line(signNote('text\n', second.verifier, second.sign));
    expect(open(both, ours, second).signedBy).toHaveLength(2);
    const bad = note + line(signNote('other\n', second.verifier, second.sign));
    expect(open(bad, ours).signedBy).toEqual(['example.org/log']);
    expect(faultOf(() => open(bad, ours, second))).toBe('note.bad-signature');
  });

  it('may be signed by strangers beside the known key, up to a bound', () => {
    const line = note.slice(note.indexOf('\n\n') + 2);
    const strangers = (count: number) =>
      Array.from({ length: count }, (_, i) => line.replace('log', `other${i}`)).join('');
    expect(open(`text\n\n${strangers(50)}${line}`, ours).signedBy).toEqual(['example.org/log']);
    expect(faultOf(() => open(`text\n\n${strangers(200)}${line}`, ours))).toBe('note.malformed');
    expect(faultOf(() => open(`text\n\n${strangers(5)}`, ours))).toBe('note.no-known-signature');
  });

  it('without a known key is nobody’s', () => {
    expect(faultOf(() => open(note))).toBe('note.no-known-signature');
  });

  it('is never anything but a note or our error, whatever the text', () => {
    const piece = fc.constantFrom(
      '\n',
      '\n\n',
      '— ',
      ' ',
      'x',
      'AAAA',
      '\u2028',
      '\ufffd',
      '\0',
      note,
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(piece).map((pieces) => pieces.join('')),
    );
    fc.assert(
      fc.property(text, (given) => {
        expect(faultOf(() => open(given, ours))).toMatch(/^(nothing|note\.)/);
      }),
      { numRuns: 500 },
    );
    expect(faultOf(() => open('x'.repeat(2_000_000), ours))).toBe('note.malformed');
  });

  it('in bytes that are no UTF-8 is refused, not repaired', () => {
    const bytes = Buffer.from(note);
    expect(noteText(bytes)).toBe(note);
    bytes[0] = 0xff;
    expect(faultOf(() => noteText(bytes))).toBe('note.malformed');
  });
});

describe('a verifier key', () => {
  it('is read as it was written', () => {
    expect(parseVerifierKey(primitives, formatVerifierKey(ours.verifier))).toEqual(ours.verifier);
  });

  it('is another or none when any character of it is another one', () => {
    const text = formatVerifierKey(ours.verifier);
    const change = fc.record({ at: fc.nat(), char: fc.string({ unit: 'binary', maxLength: 1 }) });
    fc.assert(
      fc.property(change, ({ at, char }) => {
        const place = at % text.length;
        const changed = text.slice(0, place) + char + text.slice(place + 1);
        fc.pre(changed.trim() !== text);
        expect(faultOf(() => parseVerifierKey(primitives, changed))).toBe('note.bad-key');
      }),
    );
  });

  it('is never anything but a key or our error', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.stringMatching(/^a\+[0-9a-f]{8}\+[A-Za-z0-9+/=]*$/)),
        (text) => {
          expect(faultOf(() => parseVerifierKey(primitives, text))).toMatch(
            /^(nothing|note\.bad-key)$/,
          );
        },
      ),
    );
  });
});
