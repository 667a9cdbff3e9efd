/** Durable appends against plain SQLite inserts of the same rows with the same durability. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Draft } from '../src/core/entries/kinds.ts';
import { commandDraft, fillLedger, newLedger, noteDraft } from './ledger-of.ts';
import { digits, figure, printMachine, printTable, sampled, sideBySide } from './measure.ts';
import { scratch } from './scratch.ts';

/** The first entry of a new ledger opens it, the second opens a task. */
const TASK = 1;
const DRAFTS: Record<string, (seq: number) => Draft> = {
  note: (seq) => noteDraft(seq, TASK),
  command: (seq) => commandDraft(seq, TASK),
};
const SIZES = [1_000, 10_000, 100_000];
const SINGLES = 50;
const TOGETHER = 1_000;
const GROUP = 100;

printMachine('append');
const dir = scratch();
const ledger = await newLedger(join(dir, 'ours'));
await fillLedger(ledger, 100);
const floor = plainTable(join(dir, 'floor'));

const single: (string | number)[][] = [];
const grouped: (string | number)[][] = [];
for (const size of SIZES) {
  await fillLedger(ledger, size);
  for (const [name, draft] of Object.entries(DRAFTS)) {
    const [seq = 0] = await ledger.append(() => [draft(0)]);
    const { json } = ledger.entry(seq);
    floor.fill(size, json);
    const last = size === SIZES.at(-1);
    single.push([size, name, ...(await oneByOne(name, draft, json, last))]);
    grouped.push([size, name, ...(await together(name, draft, json, last))]);
  }
}
printTable(
  'one by one, µs each',
  ['entries there', 'of', 'p50', 'p95', 'SQLite p50', 'p95', '× p50', 'cpu', 'SQLite cpu'],
  single,
);
printTable(
  `${TOGETHER} calls at once, and ${GROUP} drafts a call, µs an entry`,
  [
    'entries there',
    'of',
    'at once',
    'SQLite',
    '×',
    'cpu',
    'SQLite cpu',
    '100 a call',
    'SQLite',
    '×',
    'cpu',
    'SQLite cpu',
  ],
  grouped,
);
ledger.close();

async function oneByOne(
  name: string,
  draft: (seq: number) => Draft,
  json: string,
  last: boolean,
): Promise<string[]> {
  const ours: number[] = [];
  const theirs: number[] = [];
  const { append, sqlite } = await sideBySide(
    {
      append: async () => {
        for (let i = 0; i < SINGLES; i++) {
          const began = performance.now();
          await ledger.append(() => [draft(i)]);
          ours.push((performance.now() - began) * 1000);
        }
      },
      sqlite: () => {
        for (let i = 0; i < SINGLES; i++) {
          const began = performance.now();
          floor.insert([json]);
          theirs.push((performance.now() - began) * 1000);
        }
      },
    },
    { rounds: 41, seconds: 4 },
  );
  const [own, their] = [sampled(ours), sampled(theirs)];
  const ratio = their.median / own.median;
  if (last) {
    figure(`single append of a ${name}, p95`, own.p95 / 1000, { atMost: 5 }, 'ms');
    figure(`single append of a ${name} against SQLite`, ratio, { atLeast: 0.6 });
  }
  const cpu = [append.cpu, sqlite.cpu].map((ms) => (ms * 1000) / SINGLES);
  return [own.median, own.p95, their.median, their.p95, ratio, ...cpu].map(digits);
}

async function together(
  name: string,
  draft: (seq: number) => Draft,
  json: string,
  last: boolean,
): Promise<string[]> {
  const drafts = Array.from({ length: TOGETHER }, (_, i) => draft(i));
  const texts = drafts.map(() => json);
  const groups = Array.from({ length: TOGETHER / GROUP }, (_, i) => i * GROUP);
  const times = await sideBySide(
    {
      calls: () => Promise.all(drafts.map((each) => ledger.append(() => [each]))),
      sqliteCalls: () => floor.insert(texts),
      groups: async () => {
        for (const from of groups) await ledger.append(() => drafts.slice(from, from + GROUP));
      },
      sqliteGroups: () => {
        for (const from of groups) floor.insert(texts.slice(from, from + GROUP));
      },
    },
    { rounds: 41, seconds: 4 },
  );
  const { calls, sqliteCalls, groups: own, sqliteGroups } = times;
  const ratio = { calls: sqliteCalls.median / calls.median, own: sqliteGroups.median / own.median };
  if (last) {
    const rate = (TOGETHER / calls.median) * 1000;
    figure(`${TOGETHER} appends of a ${name} at once`, rate, { atLeast: 10_000 }, 'entries/s');
    figure(`the same against SQLite`, ratio.calls, { atLeast: 0.6 });
    figure(`${GROUP} drafts (${name}) a call against SQLite`, ratio.own, { atLeast: 0.6 });
  }
  const each = (ms: number) => digits((ms * 1000) / TOGETHER);
  return [
    ...[calls.median, sqliteCalls.median].map(each),
    digits(ratio.calls),
    ...[calls.cpu, sqliteCalls.cpu].map(each),
    ...[own.median, sqliteGroups.median].map(each),
    digits(ratio.own),
    ...[own.cpu, sqliteGroups.cpu].map(each),
  ];
}

/** The least a durable ledger in SQLite can be: its rows and indexes, and no thought about them. */
function plainTable(path: string) {
  mkdirSync(path);
  const db = new DatabaseSync(join(path, 'floor.db'));
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
  db.exec(`
    CREATE TABLE entry (
      seq INTEGER PRIMARY KEY, leaf BLOB NOT NULL, task INTEGER, n INTEGER, root BLOB,
      json TEXT NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX entry_of_task ON entry (task, n) WHERE task IS NOT NULL;
    CREATE INDEX entry_opens_task ON entry (seq) WHERE n = 1;
  `);
  const statement = db.prepare(
    'INSERT INTO entry (seq, leaf, task, n, json) VALUES (?, ?, ?, ?, ?)',
  );
  const leaf = new Uint8Array(32).fill(7);
  let size = 0;
  const insert = (texts: readonly string[]) => {
    db.exec('BEGIN IMMEDIATE');
    for (const text of texts) statement.run(size, leaf, TASK, ++size, text);
    db.exec('COMMIT');
  };
  return {
    insert,
    fill(upTo: number, text: string) {
      while (size < upTo) insert(Array.from({ length: 1_000 }, () => text));
    },
  };
}
