/**
 * A process that appends to a ledger through the library: `append.ts LEDGER CONFIG WHO COUNT`.
 * Prints `open`, waits for a line on standard input, then prints `ack SEQ TEXT` after each append
 * that is on disk. COUNT 0: for ever, every third one with a blob.
 */

import { once } from 'node:events';
import { writeSync } from 'node:fs';
import type { Draft } from '../../src/core/entries/kinds.ts';
import { openLedger } from '../../src/ledger/store/open.ts';

const [dir = '', configDir = '', who = '', count = '0'] = process.argv.slice(2);
const self = { kind: 'tool', name: who, host: 'here', basis: 'asserted' } as const;
const ledger = await openLedger({ dir, configDir, ownValues: [], self });
writeSync(1, 'open\n');
await once(process.stdin, 'data');
process.stdin.destroy();

const most = count === '0' ? Number.POSITIVE_INFINITY : Number(count);
// Now one at a time, now several at once, which then share a transaction.
for (let done = 0; done < most; ) {
  const together = done % 3 === 0 ? 1 : Math.min(4, most - done);
  const texts = Array.from({ length: together }, (_, i) => `${who} ${done + i}`);
  await Promise.all(texts.map((text, i) => append(text, count === '0' && (done + i) % 3 === 0)));
  done += together;
}
ledger.close();

async function append(text: string, withBlob: boolean): Promise<void> {
  const note = (): Draft => ({ kind: 'note', body: { text }, task: null, actor: self });
  if (!withBlob) {
    const [seq] = await ledger.append(() => [note()]);
    writeSync(1, `ack ${seq} ${text}\n`);
    return;
  }
  const writer = ledger.blob('stdout');
  await writer.write(Buffer.from(`${text}\n`.repeat(2_000)));
  await writer.end();
  const blob = writer.finish();
  if (blob === null) throw new Error('an empty blob');
  const [seq] = await ledger.append(() => [{ ...note(), blobs: [blob.ref] }], [blob]);
  writeSync(1, `ack ${seq} ${text}\n`);
}
