import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalize, type JsonValue } from '../canonical-json.ts';
import { ProofError } from '../errors.ts';
import { decodeEntry, encodeEntry, parseEntryText } from './entry-codec.ts';
import { upgrade } from './entry-upgrade.ts';
import { VERSION } from './header.ts';
import { BODIES } from './kinds.ts';

type Fields = { [field: string]: JsonValue };

const NOTE: Fields = {
  v: 1,
  kind: 'note',
  at: '2026-11-21T10:00:00.000Z',
  task: 1,
  n: 3,
  actor: { kind: 'human', name: 'ada', host: 'here', basis: 'asserted' },
  provenance: 'observed',
  held: 'none',
  refs: [{ rel: 'on', seq: 2 }],
  blobs: [],
  salt: '00112233445566778899aabbccddeeff',
  body: { text: 'hello' },
};

const decode = (entry: Fields) => decodeEntry(encodeEntry(entry), 7);
const codeOf = (work: () => unknown) => {
  try {
    work();
    return 'nothing';
  } catch (error) {
    return error instanceof ProofError ? error.code : `not ours: ${error}`;
  }
};

describe('an entry of a known kind', () => {
  it('is read as it was written', () => {
    expect(decode(NOTE)).toEqual(NOTE);
  });

  it.each<[string, Fields]>([
    ['no body', { body: null }],
    ['a body of another kind', { body: { goal: 'x' } }],
    ['a text that is none', { body: { text: 5 } }],
    ['no time zone', { at: '2026-11-21T10:00:00.000' }],
    ['a time with another precision', { at: '2026-11-21T10:00:00Z' }],
    ['an actor without a basis', { actor: { kind: 'human', name: 'a', host: 'b' } }],
    ['a basis nobody knows', { actor: { ...(NOTE.actor as Fields), basis: 'sworn' } }],
    ['a short salt', { salt: '00' }],
    ['a salt in capitals', { salt: '00112233445566778899AABBCCDDEEFF' }],
    ['a task below zero', { task: -1 }],
    ['a reference to nothing', { refs: [{ rel: 'on' }] }],
    ['a blob name that is a path', { blobs: [{ name: 'x', id: '../../etc/passwd', size: 1 }] }],
    ['a version that is a text', { v: '1' }],
    ['a version that is an object', { v: { valueOf: 1, toString: 1 } }],
    ['a kind that is no text', { kind: 5 }],
    ['a kind that is an object', { kind: { valueOf: 1, toString: 1 } }],
  ])('with %s is malformed', (_what, change) => {
    expect(codeOf(() => decode({ ...NOTE, ...change }))).toBe('entry.malformed');
  });

  it.each(Object.keys(NOTE))('without %s is malformed', (field) => {
    const { [field]: _, ...rest } = NOTE;
    expect(codeOf(() => decode(rest))).toBe('entry.malformed');
  });
});

describe('an entry from the future', () => {
  it.each(['claim', 'gate.evaluated', 'constructor', 'toString', '__proto__', 'hasOwnProperty'])(
    'of the kind %s is kept as it is',
    (kind) => {
      const body = { anything: [1, { of: 'any' }, null] };
      const entry = decode({ ...NOTE, kind, body });
      expect(entry).toMatchObject({ kind: 'unknown', storedKind: kind, body, task: 1, n: 3 });
    },
  );

  it('of a newer version is not taken for what its kind was', () => {
    const entry = decode({ ...NOTE, v: VERSION + 1, body: { text: { de: 'hallo' } } });
    expect(entry).toMatchObject({
      kind: 'unknown',
      storedKind: 'note',
      body: { text: { de: 'hallo' } },
    });
  });

  it('may have fields that nobody knows yet', () => {
    expect(decode({ ...NOTE, later: true })).toEqual(NOTE);
  });
});

describe('bytes that are no entry', () => {
  it.each(['', 'null', '[]', '"note"', '{', '5'])('%j is refused', (text) => {
    expect(codeOf(() => decodeEntry(text, 7))).toBe('entry.malformed');
    expect(codeOf(() => parseEntryText(text, 7))).toBe('entry.not-canonical');
  });

  it.each([`${canonicalize(NOTE)} `, '{"a":1,"a":2}', '{"b":1,"a":2}', '{"a":0.5}'])(
    '%j is refused by a verifier',
    (text) => {
      expect(codeOf(() => parseEntryText(text, 7))).toBe('entry.not-canonical');
    },
  );

  it('never give anything but an entry or one of our errors', () => {
    const any = fc.jsonValue() as fc.Arbitrary<JsonValue>;
    const field = fc.constantFrom(...Object.keys(NOTE));
    const kind = fc.constantFrom(...Object.keys(BODIES), 'other');
    fc.assert(
      fc.property(field, any, kind, any, (name, value, of, body) => {
        const text = encodeEntry({ ...NOTE, kind: of, body, [name]: value });
        expect(codeOf(() => decodeEntry(text, 7))).toMatch(/^(nothing|entry\.)/);
      }),
    );
  });
});

describe('upgrade', () => {
  it('leaves alone what is new, and what no step is known for', () => {
    for (const v of [VERSION, VERSION + 1, 0, -1, 0.5]) {
      const entry = { ...NOTE, v, kind: 'note' };
      expect(upgrade(entry)).toBe(entry);
    }
  });
});
