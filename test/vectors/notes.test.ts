import { sign } from 'node:crypto';
import { expect, it } from 'vitest';
import { toHex } from '../../src/core/bytes.ts';
import { openCheckpoint } from '../../src/ledger/checkpoint.ts';
import { nodePrimitives as primitives } from '../../src/ledger/node-primitives.ts';
import {
  formatVerifierKey,
  NoteError,
  noteText,
  openNote,
  parseVerifierKey,
  signNote,
} from '../../src/ledger/note.ts';
import { parseTlogProof, verifyTlogProof } from '../../src/ledger/tlog-proof.ts';
import { treeHash } from '../../src/ledger/tree/hash.ts';
import { tilePath, tilesOf } from '../../src/ledger/tree/tiles.ts';
import { describeWithData, sharedJson, sharedText } from '../shared-data.ts';

const key = (text: string) => parseVerifierKey(primitives, text);

describeWithData('ledger/golden', 'signed notes of golang.org/x/mod and C2SP', () => {
  const vectors = sharedJson<{
    sign: { skey: string; text: string; note: string };
    good: { note: string; vkeys: string[]; verified: string[]; unknown: string[] }[];
    bad: { note?: string; note_base64?: string; vkeys: string[]; why: string }[];
    vkeysBad: string[];
    tilePathsC2SP: Record<string, string>;
  }>('ledger/golden/note-vectors.json');

  it('opens the good ones and names who signed', () => {
    for (const { note, vkeys, verified } of vectors.good) {
      expect(openNote(primitives, note, vkeys.map(key)).signedBy).toEqual(verified);
    }
  });

  it('refuses the bad ones by code', () => {
    for (const { note, note_base64, vkeys, why } of vectors.bad) {
      // x/mod refuses over 100 signatures, a limit of its own that is also ours.
      const open = () =>
        openNote(
          primitives,
          note ?? noteText(Buffer.from(note_base64 as string, 'base64')),
          vkeys.map(key),
        );
      expect(open, why).toThrow(NoteError);
    }
    for (const bad of vectors.vkeysBad) {
      expect(() => key(bad)).toThrow(expect.objectContaining({ fault: 'note.bad-key' }));
    }
  });

  it('signs the same bytes as Go does', () => {
    const seed = Buffer.from(vectors.sign.skey.split('+').slice(4).join('+'), 'base64').subarray(1);
    const pkcs8 = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
    const neumann = key('PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW');
    const note = signNote(vectors.sign.text, neumann, (message) =>
      sign(null, message, { key: pkcs8, format: 'der', type: 'pkcs8' }),
    );
    expect(note).toBe(vectors.sign.note);
    expect(formatVerifierKey(neumann)).toBe(
      'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
    );
  });

  it('names tiles as C2SP does', () => {
    for (const [n, path] of Object.entries(vectors.tilePathsC2SP)) {
      expect(tilePath(0, Number(n), 256)).toBe(`tile/0/${path}`);
    }
    const tiles = [...tilesOf(70_000)];
    expect(tiles.filter((t) => t.level === 0 && t.width === 256)).toHaveLength(273);
    expect(tiles.filter((t) => t.width < 256).map((t) => [t.level, t.width])).toEqual([
      [0, 112],
      [1, 17],
      [2, 1],
    ]);
    expect([...tilesOf(256)]).toEqual([
      { level: 0, n: 0, width: 256 },
      { level: 1, n: 0, width: 1 },
    ]);
    expect([...tilesOf(0)]).toEqual([]);
  });
});

describeWithData('ledger/witness', 'a real witnessed Rekor v2 proof', () => {
  it('verifies offline, and not for another entry', () => {
    const vkey = /^log (\S+)$/m.exec(sharedText('ledger/witness/vkeys.txt'))?.[1] as string;
    const proof = parseTlogProof(sharedText('ledger/witness/rekor-alpha3.tlog-proof'));
    const hash = treeHash(primitives);
    const leaf = hash.leaf(Buffer.from(sharedText('ledger/witness/rekor-alpha3.entry')));
    const verdict = verifyTlogProof(primitives, proof, leaf, [key(vkey)]);
    expect(verdict.ok).toBe(true);
    expect(verdict.checkpoint.size).toBe(4_026_479);
    expect(verifyTlogProof(primitives, proof, hash.leaf(Buffer.from('x')), [key(vkey)]).ok).toBe(
      false,
    );
  });
});

describeWithData('ledger/tessera-log', "checkpoints of Tessera's log", () => {
  it('opens all sixteen', () => {
    const vkey = key(sharedText('ledger/tessera-log/vkey'));
    for (let size = 0; size <= 15; size++) {
      const note = sharedText(`ledger/tessera-log/testdata/log/checkpoint.${size}`);
      expect(openCheckpoint(primitives, note, [vkey]).size).toBe(size);
    }
    expect(toHex(vkey.id)).toBe('33d7b496');
  });
});
