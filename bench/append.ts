/** Durable appends against plain SQLite inserts of the same bytes with the same durability. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Draft } from '../src/core/entries/kinds.ts';
import type { Ledger } from '../src/ledger/store/ledger.ts';
import { commandDraft, fillLedger, newLedger, noteDraft } from './ledger-of.ts';
import { digits, figure, printMachine, printTable, sampled, sideBySide } from './measure.ts';
import { scratch } from './scratch.ts';

/** The first entry of a new ledger opens it, the second opens a task. */
const TASK = 1;
const DRAFTS = {
  note: { of: (seq: number): Draft => noteDraft(seq, TASK), json: '' },
  command: { of: (seq: number): Draft => commandDraft(seq, TASK), json: '' },
};
const SINGLES = 100;
const TOGETHER = 1_000;

printMachine('append');
const dir = scratch();
const ledger = await newLedger(join(dir, 'ours'));
await fillLedger(ledger, 100);
for (const kind of Object.values(DRAFTS)) kind.json = await storedText(kind.of(0));
const floor = plainTable(join(dir, 'floor'));

const rows: (string | number)[][] = [];
for (const size of [1_000, 10_000, 100_000]) {
  await fillLedger(ledger, size);
  floor.fill(size, DRAFTS.command.json);
  for (const [name, { of, json }] of Object.entries(DRAFTS)) await measure(size, name, of, json);
}
printTable(
  `one by one, and ${TOGETHER} at once: µs an entry, and throughput against SQLite`,
  [
    'entries there',
    'of',
    'one: p50',
    'p95',
    'SQLite p50',
    'p95',
    '×',
    '1000 calls',
    '100 each',
    'SQLite',
    '×',
    '×',
  ],
  rows,
);
ledger.close();

async function measure(
  size: number,
  name: string,
  draft: (seq: number) => Draft,
  json: string,
): Promise<void> {
  const last = size === 100_000;
  const latencies: number[] = [];
  const floorLatencies: number[] = [];
  const single = await sideBySide(
    {
      ours: async () => {
        for (let i = 0; i < SINGLES; i++) {
          const began = performance.now();
          await ledger.append(() => [draft(i)]);
          latencies.push((performance.now() - began) * 1000);
        }
      },
      sqlite: async () => {
        for (let i = 0; i < SINGLES; i++) {
          const began = performance.now();
          floor.insert([json]);
          floorLatencies.push((performance.now() - began) * 1000);
          // Ours waits a turn of the event loop for others to share its transaction.
          await new Promise(setImmediate);
        }
      },
    },
    { rounds: 21, seconds: 5 },
  );
  const drafts = Array.from({ length: TOGETHER }, (_, i) => draft(i));
  const texts = drafts.map(() => json);
  const grouped = await sideBySide(
    {
      calls: () => Promise.all(drafts.map((each) => ledger.append(() => [each]))),
      hundreds: () =>
        Promise.all(
          Array.from({ length: TOGETHER / 100 }, (_, i) =>
            ledger.append(() => drafts.slice(i * 100, i * 100 + 100)),
          ),
        ),
      sqlite: () => floor.insert(texts),
    },
    { rounds: 21, seconds: 5 },
  );
  const ours = sampled(latencies);
  const theirs = sampled(floorLatencies);
  const micros = (ms: number) => digits((ms * 1000) / TOGETHER);
  const { calls, hundreds, sqlite } = grouped;
  const ratios = {
    single: single.sqlite.median / single.ours.median,
    calls: sqlite.median / calls.median,
    hundreds: sqlite.median / hundreds.median,
  };
  rows.push([
    size,
    name,
    ...[ours.median, ours.p95, theirs.median, theirs.p95, ratios.single].map(digits),
    ...[calls.median, hundreds.median, sqlite.median].map(micros),
    ...[ratios.calls, ratios.hundreds].map(digits),
  ]);
  if (!last) return;
  figure(`single append of a ${name}, p95`, ours.p95 / 1000, { atMost: 5 }, 'ms');
  figure(`single append of a ${name} against SQLite`, ratios.single, { atLeast: 0.6 });
  figure(`grouped appends of a ${name} against SQLite`, ratios.calls, { atLeast: 0.6 });
  figure(`grouped, 100 a call, of a ${name} against SQLite`, ratios.hundreds, { atLeast: 0.6 });
  const rate = (TOGETHER / calls.median) * 1000;
  figure(`grouped appends of a ${name}`, rate, { atLeast: 10_000 }, 'entries/s');
}

async function storedText(draft: Draft): Promise<string> {
  const [seq = 0] = await ledger.append(() => [draft]);
  return (ledger as Ledger).entry(seq).json;
}

/** The least a durable log in SQLite can be: a number and the text, one index less than ours. */
function plainTable(path: string) {
  mkdirSync(path);
  const db = new DatabaseSync(join(path, 'floor.db'));
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
  db.exec('CREATE TABLE entry (seq INTEGER PRIMARY KEY, json TEXT NOT NULL) STRICT');
  const statement = db.prepare('INSERT INTO entry (json) VALUES (?)');
  const insert = (texts: readonly string[]) => {
    db.exec('BEGIN IMMEDIATE');
    for (const text of texts) statement.run(text);
    db.exec('COMMIT');
  };
  let size = 0;
  return {
    insert,
    fill(upTo: number, text: string) {
      for (; size < upTo; size += 1_000) insert(Array.from({ length: 1_000 }, () => text));
    },
  };
}
