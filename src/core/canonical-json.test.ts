import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CanonicalJsonError,
  canonicalize,
  type JsonValue,
  parseCanonical,
} from './canonical-json.ts';

/** Everything that RFC 8785 can write: any finite number, any well-formed string. */
const rfcValue = fc.jsonValue({ noUnicodeString: false }) as fc.Arbitrary<JsonValue>;

/** What the ledger allows itself: whole numbers below 2^53, and keys of every kind. */
const key = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.nat().map(String),
  fc.constantFrom('__proto__', 'constructor', 'toString', '', 'é', '\ufb33', '\u{1f600}'),
);
const { value: ledgerValue } = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.string({ unit: 'grapheme' }),
    fc.maxSafeInteger(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(key, tie('value'), { maxKeys: 5 }),
  ),
}));

describe('canonicalize', () => {
  it('gives one text for one value: written again it is the same', () => {
    fc.assert(
      fc.property(rfcValue, (value) => {
        const text = canonicalize(value);
        expect(canonicalize(JSON.parse(text))).toBe(text);
      }),
    );
  });

  it('does not depend on the order in which keys were set', () => {
    fc.assert(
      fc.property(fc.dictionary(key, fc.nat()), (object) => {
        const backwards = Object.fromEntries(Object.entries(object).reverse());
        expect(canonicalize(backwards)).toBe(canonicalize(object));
      }),
    );
  });

  it('sorts keys by UTF-16 code units, not as the engine orders those that look like indexes', () => {
    expect(canonicalize({ 9: 1, 10: 2 })).toBe('{"10":2,"9":1}');
    // U+1F600 begins with the unit D83D, which is below FB33.
    expect(canonicalize({ '\ufb33': 1, '\u{1f600}': 2 })).toBe('{"\u{1f600}":2,"\ufb33":1}');
    expect(canonicalize(JSON.parse('{"__proto__":1}') as JsonValue)).toBe('{"__proto__":1}');
  });

  it.each([
    ['half a surrogate pair', 'a\ud800'],
    ['the other half', '\udc00'],
    ['half a pair as a key', { '\ud800': 1 }],
    ['half a pair deep inside', [[{ a: '\udfff' }]]],
    ['not a number', Number.NaN],
    ['infinity', [Number.POSITIVE_INFINITY]],
    ['undefined', { a: undefined }],
    ['undefined in a list', [undefined]],
    ['a function', [() => 1]],
    ['a bigint', 1n],
  ])('refuses %s', (_what, value) => {
    expect(() => canonicalize(value as never)).toThrow(CanonicalJsonError);
  });

  it('writes the escape of a backslash before "ud", which is no surrogate', () => {
    expect(canonicalize('\\ud800')).toBe('"\\\\ud800"');
    expect(parseCanonical('"\\\\ud800"')).toBe('\\ud800');
  });
});

describe('parseCanonical', () => {
  it('reads back what was written', () => {
    fc.assert(
      fc.property(ledgerValue, (value) => {
        expect(parseCanonical(canonicalize(value))).toEqual(value);
      }),
    );
  });

  // What is read writes the very text it was read from, so two texts are never one value.
  it('takes no second form of a value: a changed byte is refused or is another value', () => {
    const change = fc.record({ at: fc.nat(), byte: fc.integer({ min: 0, max: 255 }) });
    fc.assert(
      fc.property(ledgerValue, change, (value, { at, byte }) => {
        const bytes = Buffer.from(canonicalize(value));
        const place = at % bytes.length;
        fc.pre(bytes[place] !== byte);
        bytes[place] = byte;
        const text = bytes.toString('utf8');
        let read: JsonValue;
        try {
          read = parseCanonical(text);
        } catch (error) {
          expect(error).toBeInstanceOf(CanonicalJsonError);
          return;
        }
        expect(canonicalize(read)).toBe(text);
      }),
      { numRuns: 1_000 },
    );
  });

  it.each([
    ['a key twice', '{"a":1,"a":1}'],
    ['a key twice, once escaped', '{"\\u0061":1,"a":1}'],
    ['keys in another order', '{"b":1,"a":2}'],
    ['keys that look like indexes in the order of the engine', '{"9":1,"10":2}'],
    ['white space', '{"a": 1}'],
    ['a line end', '{"a":1}\n'],
    ['an escape where none is needed', '"\\u0061"'],
    ['an escaped slash', '"\\/"'],
    ['a capital escape', '"\\u001F"'],
    ['minus zero', '-0'],
    ['an exponent', '1e1'],
    ['a fraction', '0.5'],
    ['2^53', '9007199254740992'],
    ['a number beyond all', '1e999'],
    ['half a surrogate pair', '"\\ud800"'],
    ['half a surrogate pair as a key', '{"\\udc00":1}'],
    ['nothing', ''],
    ['two values', '1 2'],
    ['a comment', '/**/1'],
    ['a byte order mark', '\ufeff1'],
  ])('refuses %s', (_what, text) => {
    expect(() => parseCanonical(text)).toThrow(CanonicalJsonError);
  });

  it('takes 64 levels of nesting and no more, however many there are', () => {
    const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
    expect(parseCanonical(nested(64))).toBeInstanceOf(Array);
    for (const levels of [65, 10_000, 1_000_000]) {
      expect(() => parseCanonical(nested(levels))).toThrow(CanonicalJsonError);
    }
  });

  it('throws nothing else, whatever the text', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json(),
      fc.json().map((t) => t.slice(1)),
    );
    fc.assert(
      fc.property(text, (given) => {
        try {
          expect(canonicalize(parseCanonical(given))).toBe(given);
        } catch (error) {
          expect(error).toBeInstanceOf(CanonicalJsonError);
        }
      }),
    );
  });
});
