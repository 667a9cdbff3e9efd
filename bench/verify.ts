/** Verifying ledgers of 10 k, 100 k and 1 M entries against SHA-256 over the same bytes. */
import { spawn } from 'node:child_process';
import { hash as sha256 } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { utf8 } from '../src/core/bytes.ts';
import { nodePrimitives } from '../src/ledger/node-primitives.ts';
import { storedEvidence } from '../src/ledger/store/evidence.ts';
import type { Ledger } from '../src/ledger/store/ledger.ts';
import { openForReading } from '../src/ledger/store/reader.ts';
import { formatTlogProof, parseTlogProof, verifyTlogProof } from '../src/ledger/tlog-proof.ts';
import { Frontier } from '../src/ledger/tree/frontier.ts';
import { treeHash } from '../src/ledger/tree/hash.ts';
import { inclusionProof } from '../src/ledger/tree/proofs.ts';
import { verifyLedger } from '../src/ledger/verify/verify.ts';
import { fillLedger, newLedger, reopenLedger } from './ledger-of.ts';
import { digits, figure, printMachine, printTable, type Sampled, sideBySide } from './measure.ts';
import { scratch } from './scratch.ts';

const LARGEST = 1_000_000;
const BATCH = 20_000;

printMachine('verify');
const dir = scratch();
let ledger: Ledger = await newLedger(dir);

const rows: (string | number)[][] = [];
for (const size of [LARGEST / 100, LARGEST / 10, LARGEST]) {
  await fillLedger(ledger, size);
  const { floor, tree, bytes } = await treeAlone(size);
  const whole = await everything(size);
  const share = tree.cpu / floor.cpu;
  rows.push([
    size,
    digits(bytes / 1e6),
    ...[floor.min, tree.min, share, whole.median, whole.min, whole.cpu].map(digits),
    digits((whole.min * 1000) / size),
  ]);
  if (size < LARGEST) continue;
  figure('tree of 1 M entries against SHA-256, CPU', share, { atMost: 2 });
  figure('everything, 1 M entries, least wall time', whole.min / 1000, { atMost: 5 }, 's');
}
printTable(
  'ms',
  ['entries', 'MB', 'SHA-256', 'tree', '×, cpu', 'everything, median', 'min', 'cpu', 'µs an entry'],
  rows,
);
await proofs();
ledger.close();
await openingAfterKill();

/** Leaf hashes and the growing tree, against one SHA-256 an entry, batch by batch in turn. */
async function treeAlone(size: number): Promise<{ floor: Sampled; tree: Sampled; bytes: number }> {
  const least = (name: 'floor' | 'tree') => (sums[name] ??= { wall: 0, cpu: 0 });
  const sums: Partial<Record<'floor' | 'tree', { wall: number; cpu: number }>> = {};
  const hash = treeHash(nodePrimitives);
  const frontier = Frontier.empty(hash);
  let bytes = 0;
  for (let from = 0; from < size; from += BATCH) {
    const batch = [...ledger.texts(from, Math.min(size, from + BATCH))].map(utf8);
    for (const text of batch) bytes += text.length;
    // The tree can grow over a batch once only; so each round grows a copy of it.
    const times = await sideBySide(
      {
        floor: () => {
          for (const text of batch) sha256('sha256', text, 'binary');
        },
        tree: () => {
          const edge = frontier.clone();
          for (const text of batch) edge.append(hash.leaf(text));
        },
      },
      { rounds: 2, seconds: 1, warmUp: from === 0 },
    );
    for (const text of batch) frontier.append(hash.leaf(text));
    for (const name of ['floor', 'tree'] as const) {
      least(name).wall += times[name].min;
      least(name).cpu += times[name].cpu;
    }
  }
  const total = (name: 'floor' | 'tree') => {
    const { wall, cpu } = least(name);
    return { wall: [wall], median: wall, min: wall, p95: wall, cpu };
  };
  return { floor: total('floor'), tree: total('tree'), bytes };
}

async function everything(size: number): Promise<Sampled> {
  const reader = openForReading(ledger.dir);
  const { verify } = await sideBySide(
    {
      verify: () => {
        const evidence = storedEvidence(reader, { roots: [], keys: [ledger.key.verifier] });
        const verdict = verifyLedger(nodePrimitives, evidence);
        if (!verdict.ok || verdict.size !== size) throw new Error(JSON.stringify(verdict.problems));
      },
    },
    { rounds: 3, seconds: 1, warmUp: size < LARGEST },
  );
  reader.close();
  return verify;
}

/** A proof for any entry out of a million: made, written, read again and checked. */
async function proofs(): Promise<void> {
  const checkpoint = ledger.latestRoot()?.note ?? '';
  let index = 0;
  let longest = 0;
  const { made, checked } = await sideBySide(
    {
      made: () => {
        index = Math.floor(Math.random() * LARGEST);
        const hashes = inclusionProof(ledger.hash, ledger.tree.read, index, LARGEST);
        longest = Math.max(longest, formatTlogProof({ index, hashes, checkpoint }).length);
      },
      checked: () => {
        const hashes = inclusionProof(ledger.hash, ledger.tree.read, index, LARGEST);
        const file = formatTlogProof({ index, hashes, checkpoint });
        const leaf = ledger.hash.leaf(Buffer.from(ledger.entry(index).json));
        const proof = parseTlogProof(file);
        const { ok } = verifyTlogProof(nodePrimitives, proof, leaf, [ledger.key.verifier]);
        if (!ok) throw new Error(`the proof of E${index} does not hold`);
      },
    },
    { rounds: 301, seconds: 5 },
  );
  printTable(
    'inclusion proof of one entry out of 1 M, ms',
    ['', 'median', 'p95'],
    [
      ['made', digits(made.median), digits(made.p95)],
      ['made, read and checked', digits(checked.median), digits(checked.p95)],
    ],
  );
  figure('inclusion proof at 1 M, p95', made.p95, { atMost: 5 }, 'ms');
  figure('.tlog-proof at 1 M, longest', longest, { atMost: 2047 }, 'bytes');
}

/** A process is killed in the middle of appending; the ledger of a million is opened again. */
async function openingAfterKill(): Promise<void> {
  const times: number[] = [];
  for (let i = 0; i < 5; i++) {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'append-for-ever.ts'), dir], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    await new Promise((resolve) => setTimeout(resolve, 20 + 10 * i));
    child.kill('SIGKILL');
    await once(child, 'exit');
    const began = performance.now();
    ledger = await reopenLedger(dir);
    await ledger.append(() => []);
    times.push(performance.now() - began);
    ledger.close();
  }
  const most = Math.max(...times);
  figure('opening 1 M entries after kill -9, slowest of 5', most, { atMost: 1000 }, 'ms');
}
