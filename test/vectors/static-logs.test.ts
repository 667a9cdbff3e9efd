import { cpSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { unverifiedCheckpoint } from '../../src/ledger/checkpoint.ts';
import { nodePrimitives as primitives } from '../../src/ledger/node-primitives.ts';
import { parseVerifierKey } from '../../src/ledger/note.ts';
import { parseTlogProof, verifyTlogProof } from '../../src/ledger/tlog-proof.ts';
import { treeHash } from '../../src/ledger/tree/hash.ts';
import { verifyStaticLog } from '../../src/ledger/verify/verify-static-log.ts';
import { describeWithData, sharedPath } from '../shared-data.ts';

function verify(dir: string, vkey: string) {
  const read = (path: string) =>
    existsSync(join(dir, path)) ? new Uint8Array(readFileSync(join(dir, path))) : null;
  return verifyStaticLog(primitives, read, [
    parseVerifierKey(primitives, readFileSync(vkey, 'utf8')),
  ]);
}

describeWithData('ledger/golden', 'golden logs made with golang.org/x/mod', () => {
  const golden = (name: string) => sharedPath(`ledger/golden/${name}`);

  it.each([0, 1, 2, 7, 256, 257, 1000])('log-%i verifies, and so does its proof', (size) => {
    const dir = golden(`log-${size}`);
    const verdict = verify(dir, join(dir, 'vkey'));
    expect(verdict.problems).toEqual([]);
    expect(verdict.size).toBe(size);
    if (size === 0) return;
    const key = parseVerifierKey(primitives, readFileSync(join(dir, 'vkey'), 'utf8'));
    const proof = parseTlogProof(readFileSync(join(dir, 'middle.tlog-proof'), 'utf8'));
    const leaf = treeHash(primitives).leaf(Buffer.from(`leaf ${Math.floor(size / 2)}`));
    expect(verifyTlogProof(primitives, proof, leaf, [key]).ok).toBe(true);
  });

  it('a fork verifies by itself, and contradicts the other log of its size', () => {
    const fork = golden('fork-1000');
    expect(verify(fork, join(fork, 'vkey')).ok).toBe(true);
    const [a, b] = ['log-1000', 'fork-1000'].map((name) =>
      unverifiedCheckpoint(readFileSync(join(golden(name), 'checkpoint'), 'utf8')),
    );
    expect(a?.size).toBe(b?.size);
    expect(a?.root).not.toEqual(b?.root);
    expect(a?.origin).toBe(b?.origin);
  });

  it.each([
    ['tile/0/002', 40 * 32 + 3, 'tree.forged', 'E552'],
    ['tile/1/000.p/3', 5, 'tree.forged', 'E0'],
    ['tile/entries/001', 25, 'tree.forged', 'E258'],
    ['checkpoint', 30, 'root.bad-signature', null],
  ])('a flipped byte in %s is found', (path, at, code, first) => {
    const dir = join(mkdtempSync(join(tmpdir(), 'proof-golden-')), 'log');
    cpSync(golden('log-1000'), dir, { recursive: true });
    const bytes = readFileSync(join(dir, path));
    bytes[at] = (bytes[at] as number) ^ 1;
    writeFileSync(join(dir, path), bytes);
    const verdict = verify(dir, join(dir, 'vkey'));
    expect(verdict.ok).toBe(false);
    expect(verdict.problems[0]?.code).toBe(code);
    expect(verdict.firstWrong).toBe(first);
  });
});

describeWithData('ledger/tessera-log', "Tessera's log", () => {
  it('verifies at all its sizes', () => {
    const dir = sharedPath('ledger/tessera-log/testdata/log');
    for (let size = 1; size <= 15; size++) {
      const read = (path: string) => {
        const file = join(dir, path === 'checkpoint' ? `checkpoint.${size}` : path);
        return existsSync(file) ? new Uint8Array(readFileSync(file)) : null;
      };
      const vkey = readFileSync(sharedPath('ledger/tessera-log/vkey'), 'utf8');
      const verdict = verifyStaticLog(primitives, read, [parseVerifierKey(primitives, vkey)]);
      expect(verdict.problems, `size ${size}`).toEqual([]);
    }
  });
});
