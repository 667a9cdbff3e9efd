/** Writing output of 20, 66 and 200 MB as a blob, against hashing and `zstd -1` of the same bytes. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { plantedLog } from '../test/secrets/planted.ts';
import { newLedger } from './ledger-of.ts';
import { digits, figure, printMachine, printTable, sideBySide } from './measure.ts';
import { hasPeer, scratch } from './scratch.ts';

const CHUNK = 64 * 1024;

printMachine('blobs');
const dir = scratch();
const ledger = await newLedger(dir);
const { log } = plantedLog({ bytes: 50e6 });
const zstd = hasPeer('zstd');

const rows: (string | number)[][] = [];
let serial = 0;
let latest = { id: '', size: 0 };
for (const size of [20e6, 66e6, 200e6]) {
  const file = join(dir, `log-${size}`);
  const pieces = Math.ceil(size / log.length);
  const data = Buffer.concat(Array.from({ length: pieces }, () => log)).subarray(0, size);
  writeFileSync(file, data);
  const { blob, hash, plain, packed, read } = await sideBySide(
    {
      blob: () => written(data),
      read: () => checked(size),
      hash: () => createHash('sha256').update(data).digest(),
      plain: () => copied(data),
      packed: () => zstd && execFileSync('zstd', ['-q', '-f', '-1', file, '-o', `${file}.zst`]),
    },
    { rounds: 3, seconds: 14, warmUp: size < 100e6 },
  );
  rows.push([
    size / 1e6,
    ...[blob.min, read.min, hash.min, plain.min, packed.min].map(digits),
    ...[blob.cpu, size / 1e3 / blob.cpu, blob.min / packed.min].map(digits),
  ]);
  // The masker alone may take 1 s for 60 MB; the rest must not take as long again.
  if (size === 200e6) figure('200 MB as a blob', size / 1e3 / blob.cpu, { atLeast: 40 }, 'MB/s');
}
printTable(
  'ms, least of all rounds',
  ['MB', 'blob', 'check', 'SHA-256', 'file + fsync', 'zstd -1', 'cpu', 'MB/s a core', '× zstd -1'],
  rows,
);
ledger.close();

async function written(data: Buffer): Promise<void> {
  const blob = ledger.blob('stdout', { type: 'application/octet-stream' });
  // One line of its own, or the contents would be found again and shared.
  await blob.write(Buffer.from(`${serial++}\n`));
  for (let at = 0; at < data.length; at += CHUNK) await blob.write(data.subarray(at, at + CHUNK));
  await blob.end();
  const stored = blob.finish();
  if (stored === null) throw new Error('nothing was stored');
  latest = stored.ref;
}

function checked(size: number): void {
  if (ledger.blobs.check(latest) !== 'present' || latest.size < size / 2) {
    throw new Error('the blob is not what was written');
  }
}

function copied(data: Buffer): void {
  const fd = openSync(join(dir, 'plain'), 'w');
  for (let at = 0; at < data.length; at += CHUNK) writeSync(fd, data.subarray(at, at + CHUNK));
  fsyncSync(fd);
  closeSync(fd);
}
