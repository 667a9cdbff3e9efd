import { generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toBase64, utf8 } from '../core/bytes.ts';
import { checkpointText } from './checkpoint.ts';
import { nodePrimitives as primitives } from './node-primitives.ts';
import { NoteError, signNote, verifierKey } from './note.ts';
import { formatTlogProof, parseTlogProof, verifyTlogProof } from './tlog-proof.ts';
import { Frontier } from './tree/frontier.ts';
import { treeHash } from './tree/hash.ts';
import { inclusionProof } from './tree/proofs.ts';

const SIZE = 300;
const hash = treeHash(primitives);
const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
const key = verifierKey(primitives, 'example.org/log', new Uint8Array(raw));
const { leaves, text } = proofOf(123);

/** The proof of one of 300 leaves, and all leaf hashes. */
function proofOf(index: number) {
  const stored: Uint8Array[][] = [[]];
  const frontier = Frontier.empty(hash);
  for (let i = 0; i < SIZE; i++) {
    const leaf = hash.leaf(utf8(`leaf ${i}`));
    stored[0]!.push(leaf);
    frontier.append(leaf, (level, _n, root) => {
      stored[level] ??= [];
      stored[level].push(root);
    });
  }
  const read = (level: number, from: number, count: number) =>
    new Uint8Array(Buffer.concat((stored[level] ?? []).slice(from, from + count)));
  const checkpoint = { origin: key.name, size: SIZE, root: frontier.root() };
  const file = formatTlogProof({
    index,
    hashes: inclusionProof(hash, read, index, SIZE),
    checkpoint: signNote(checkpointText(checkpoint), key, (m) => sign(null, m, privateKey)),
  });
  return { leaves: stored[0]!, text: file };
}

const outcome = (file: string, index: number) => {
  try {
    const { ok } = verifyTlogProof(primitives, parseTlogProof(file), leaves[index]!, [key]);
    return ok ? 'holds' : 'does not hold';
  } catch (error) {
    return error instanceof NoteError ? error.fault : `not ours: ${error}`;
  }
};

describe('a tlog-proof', () => {
  it('holds for its entry and for no other', () => {
    expect(outcome(text, 123)).toBe('holds');
    for (const other of [0, 122, 124, 299]) expect(outcome(text, other)).toBe('does not hold');
  });

  it('is read as it was written', () => {
    expect(formatTlogProof(parseTlogProof(text))).toBe(text);
  });

  it('holds whatever its extra line says, which nobody signed', () => {
    expect(outcome(text.replace('index', `extra ${toBase64(utf8('lies'))}\nindex`), 123)).toBe(
      'holds',
    );
    expect(outcome(text.replace('index', 'extra !\nindex'), 123)).toBe('note.malformed');
  });

  it('holds no more when any character of it is another one', () => {
    const change = fc.record({ at: fc.nat(), char: fc.string({ unit: 'binary', maxLength: 1 }) });
    fc.assert(
      fc.property(change, ({ at, char }) => {
        const place = at % text.length;
        const changed = text.slice(0, place) + char + text.slice(place + 1);
        fc.pre(changed !== text);
        expect(outcome(changed, 123)).toMatch(/^(does not hold|note\.)/);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['a hash too many', (t: string) => t.replace('\n\n', `\n${toBase64(new Uint8Array(32))}\n\n`)],
    ['a hash too few', (t: string) => t.replace(/\n[^\n]+\n\n/, '\n\n')],
    ['another index', (t: string) => t.replace('index 123', 'index 124')],
    ['an index beyond the tree', (t: string) => t.replace('index 123', 'index 300')],
  ])('with %s does not hold', (_what, change) => {
    expect(outcome(change(text), 123)).toBe('does not hold');
  });

  it.each([
    ['another header', (t: string) => t.replace('@v1', '@v2')],
    ['a leading zero', (t: string) => t.replace('index 123', 'index 0123')],
    ['an index beyond 2^53', (t: string) => t.replace('index 123', 'index 9007199254740992')],
    ['no index', (t: string) => t.replace('index 123\n', '')],
    [
      'more hashes than any tree is high',
      (t: string) => t.replace('\n\n', `\n${`${toBase64(new Uint8Array(32))}\n`.repeat(60)}\n`),
    ],
    ['no checkpoint', (t: string) => t.slice(0, t.indexOf('\n\n') + 1)],
  ])('with %s is malformed', (_what, change) => {
    expect(outcome(change(text), 123)).toBe('note.malformed');
  });

  it('is never anything but a proof or our error, whatever the text', () => {
    const line = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('c2sp.org/tlog-proof@v1', 'index 3', '', toBase64(new Uint8Array(32))),
    );
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        expect(outcome(lines.join('\n'), 0)).toMatch(/^note\./);
      }),
    );
  });
});
