import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Ledger } from '../../ledger/store/ledger.ts';
import { createLedger } from '../../ledger/store/open.ts';
import { ContentsKeeper } from './contents-keeper.ts';

const dir = mkdtempSync(join(tmpdir(), 'proof-keeper-'));
let ledger: Ledger;
beforeAll(async () => {
  const self = { kind: 'tool', name: 'test', host: 'here', basis: 'asserted' } as const;
  const place = { dir: join(dir, '.proof'), configDir: join(dir, 'config'), ownValues: [], self };
  ledger = await createLedger(place, self, 'test');
});
afterAll(() => {
  ledger.close();
  rmSync(dir, { recursive: true, force: true });
});

const keeper = (more: object = {}) =>
  new ContentsKeeper(ledger, { name: 'content', type: 'text/plain', ...more });
const textOf = (kept: { blob: { ref: { id: string; size: number } } | null }) =>
  kept.blob === null ? '' : Buffer.from(ledger.blobs.bytes(kept.blob.ref)).toString();

test('a gap lies where the blob lacks something, though secrets before it were struck out', async () => {
  const one = keeper();
  await one.write(Buffer.from('password=aVeryLongSecretValue123\nhalf a li'));
  one.gap('cut short', 7);
  await one.write(Buffer.from('ne\npassword=another-secret-99\n'));
  one.gap('again');
  const kept = await one.finish();
  const text = textOf(kept);
  expect(kept.content.masked).toEqual([{ rule: 'password', count: 2 }]);
  const [first, second] = kept.content.gaps;
  expect(text.slice(0, first?.at)).toMatch(/\]\nhalf a li$/);
  expect(first).toMatchObject({ bytes: 7, why: 'cut short' });
  expect(second).toEqual({ at: text.length, bytes: null, why: 'again' });
});

test('beyond the bound the middle goes; a gap behind it keeps its place in what is left', async () => {
  const one = keeper({ bound: 100 });
  await one.write(Buffer.from('a'.repeat(60)));
  await one.write(Buffer.from(`\n${'b'.repeat(100)}\n`));
  one.gap('here');
  await one.write(Buffer.from('tail\n'));
  const kept = await one.finish();
  const text = textOf(kept);
  expect(text).toHaveLength(100);
  expect(kept.content.gaps).toEqual([
    { at: 75, bytes: 67, why: expect.stringContaining('bound') },
    { at: text.indexOf('tail'), bytes: null, why: 'here' },
  ]);
});

test('UTF-16 in odd pieces', async () => {
  const bytes = Buffer.from('\ufeffsnow \u2603 and \ud83d\ude00\nend', 'utf16le');
  const one = keeper({ encoding: 'utf-16le' });
  for (let i = 0; i < bytes.length; i += 3) await one.write(bytes.subarray(i, i + 3));
  const kept = await one.finish();
  expect(textOf(kept)).toBe('snow \u2603 and \ud83d\ude00\nend');
  expect(kept).toMatchObject({ lines: 2, content: { bytes: bytes.length } });
});

test('the hash is that of the bytes as they came, in whatever pieces', async () => {
  const hashes: string[] = [];
  for (const size of [1, 5, 100]) {
    const one = keeper();
    const bytes = Buffer.from('password=aVeryLongSecretValue123\n');
    for (let i = 0; i < bytes.length; i += size) await one.write(bytes.subarray(i, i + size));
    hashes.push((await one.finish()).hash);
  }
  const other = await keeper().finish();
  expect(new Set(hashes).size).toBe(1);
  expect(hashes[0]).not.toBe(other.hash);
  expect(other).toMatchObject({ blob: null, lines: 0, content: { bytes: 0, gaps: [] } });
});
