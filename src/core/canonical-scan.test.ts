import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalize, type JsonValue, parseCanonical } from './canonical-json.ts';
import { CanonicalScan } from './canonical-scan.ts';

const scan = new CanonicalScan();
const { value } = fc.letrec<{ value: JsonValue; object: { [key: string]: JsonValue } }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom<JsonValue>(null, true, false, 0, -0, 1.5, 2 ** 53, 999_999_999_999_999),
    fc.integer(),
    fc.string({ unit: 'binary' }),
    fc.array(tie('value'), { maxLength: 4 }),
    tie('object'),
  ),
  object: fc.dictionary(fc.string(), tie('value'), { maxKeys: 5 }),
}));
const object = fc.dictionary(fc.constantFrom('at', 'body', 'kind', 'n', 'z', 'é', '"'), value);

/** A text as a forger may leave it: a piece cut out, or another one put in. */
const bent = fc
  .tuple(object, fc.nat(), fc.nat(4), fc.constantFrom('', ' ', ',', '"', '0', '{}', '\\', '"a":1,'))
  .map(([from, at, cut, put]) => {
    const text = JSON.stringify(from);
    const i = at % (text.length + 1);
    return text.slice(0, i) + put + text.slice(i + cut);
  });

describe('a canonical object told without parsing', () => {
  test('says yes only where the parser agrees, and finds the members', () => {
    const anyText = fc.oneof(
      object.map((from) => JSON.stringify(from)),
      bent,
    );
    fc.assert(
      fc.property(anyText, (text) => {
        if (!scan.isCanonicalObject(text)) return;
        const parsed = parseCanonical(text) as { [key: string]: JsonValue };
        for (const [name, member] of Object.entries(parsed)) {
          expect(scan.member(name)).toBe(canonicalize(member));
        }
      }),
      { numRuns: 5_000 },
    );
  });

  test.each([
    ['{}', true],
    ['{"a":[],"b":{"c":"\\n\\"€😀"}}', true],
    ['{"b":1,"a":2}', false],
    ['{"a":1,"a":1}', false],
    ['{"a":1} ', false],
    ['{"a":01}', false],
    ['{"a":-0}', false],
    ['{"a":1e3}', false],
    ['{"a":"\u0001"}', false],
    ['{"a":"\\u0041"}', false],
    ['{"a":"\\/"}', false],
    ['{"a":"\ud800"}', false],
    ['{"a":1,}', false],
    ['[]', false],
    ['', false],
  ])('%j: %s', (text, yes) => expect(scan.isCanonicalObject(text)).toBe(yes));
});
