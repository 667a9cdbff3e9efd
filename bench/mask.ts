/** The masker against a plain copy of the same stream, on logs of three sizes and shapes. */

import { compileMaskRules, type MaskRules } from '../src/ledger/mask/mask-rules.ts';
import { ownValuesFromEnvironment } from '../src/ledger/mask/own-values.ts';
import { StreamMask } from '../src/ledger/mask/stream-mask.ts';
import { plantedLog } from '../test/secrets/planted.ts';
import { digits, figure, printMachine, printTable, sideBySide } from './measure.ts';

const CHUNK = 64 * 1024;

printMachine('mask');
const { log, ownEnvironment } = plantedLog({ bytes: 50e6 });
const rules = compileMaskRules({
  hmacKey: new Uint8Array(32).fill(7),
  ownValues: ownValuesFromEnvironment(ownEnvironment),
});

const inputs: Record<string, Buffer> = {
  'log, 5 MB': log.subarray(0, 5e6),
  'log, 15 MB': log.subarray(0, 15e6),
  'log, 50 MB': log,
  'one line, 15 MB': withoutLines(log.subarray(0, 15e6)),
  'seq, 15 MB': numbers(15e6),
  'random bytes, 15 MB': noise(15e6),
};

const rows: (string | number)[][] = [];
const rates = new Map<string, number>();
for (const [name, input] of Object.entries(inputs)) {
  const { copy, mask } = await sideBySide(
    { copy: () => copied(input), mask: () => masked(rules, input) },
    { rounds: 5, seconds: 6 },
  );
  // A core's throughput: what others take of this core meanwhile is not the masker's.
  const rate = input.length / 1e3 / mask.cpu;
  rates.set(name, rate);
  rows.push([
    name,
    mask.wall.length,
    ...[copy.min, mask.min, mask.cpu, mask.min / copy.min, rate].map(digits),
  ]);
}
printTable(
  'in chunks of 64 KiB',
  ['', 'rounds', 'copy: min ms', 'mask: min ms', 'mask: cpu ms', '× copy', 'MB/s a core'],
  rows,
);
figure('50 MB of log', rates.get('log, 50 MB') ?? 0, { atLeast: 60 }, 'MB/s');
figure('one line of 15 MB', rates.get('one line, 15 MB') ?? 0, { atLeast: 60 }, 'MB/s');
const linear = (rates.get('log, 50 MB') ?? 0) / (rates.get('log, 5 MB') ?? 0);
figure('throughput at 50 MB of that at 5 MB', linear, { atLeast: 0.8 });

function masked(rules: MaskRules, input: Buffer): void {
  const mask = new StreamMask(rules);
  let bytes = 0;
  for (let at = 0; at < input.length; at += CHUNK) {
    bytes += mask.push(input.subarray(at, at + CHUNK)).bytes.length;
  }
  bytes += mask.end().bytes.length;
  if (bytes < input.length / 2) throw new Error('most of the input is gone');
}

function copied(input: Buffer): void {
  for (let at = 0; at < input.length; at += CHUNK) new Uint8Array(input.subarray(at, at + CHUNK));
}

function withoutLines(bytes: Buffer): Buffer {
  return Buffer.from(bytes.map((byte) => (byte === 10 ? 32 : byte)));
}

function numbers(length: number): Buffer {
  let text = '';
  for (let n = 1; text.length < length; n++) text += `${n}\n`;
  return Buffer.from(text, 'latin1');
}

function noise(length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  let state = 1;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    bytes[i] = state >>> 23;
  }
  return bytes;
}
