/**
 * Full text over 100 000 entries, 2 500 of them with output: how long the index takes to make, how
 * large it is, and how long a question takes against `grep -r` (and ripgrep) over the same text in
 * plain files, which is the floor for looking without an index.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SearchIndex } from '../src/app/search-index.ts';
import { matchesOf } from '../src/app/search-results.ts';
import type { Draft } from '../src/core/entries/kinds.ts';
import type { StoredBlob } from '../src/ledger/blobs/stored-blob.ts';
import { parseSearch } from '../src/views/search-query.ts';
import { ACTOR, newLedger } from './ledger-of.ts';
import { digits, figure, printMachine, printTable, sampled } from './measure.ts';
import { hasPeer, scratch } from './scratch.ts';

const ENTRIES = 100_000;
const EVERY = 40;

printMachine('search');
const dir = scratch();
const plain = join(dir, 'plain');
mkdirSync(plain);
const ledger = await newLedger(dir);
const words = vocabulary(30_000);
let textBytes = 0;
await fill();

const index = new SearchIndex(ledger);
const began = performance.now();
index.catchUp();
const buildMs = performance.now() - began;
const size = statSync(join(ledger.dir, 'search.db')).size;
printTable(
  `${ENTRIES} entries, ${digits(textBytes / 1e6)} MB of text`,
  ['index', 'seconds', 'MB/s', 'size MB', '× text'],
  [
    [
      'unicode61',
      digits(buildMs / 1000),
      digits(textBytes / 1e3 / buildMs),
      digits(size / 1e6),
      digits(size / textBytes),
    ],
  ],
);

const questions: Record<string, () => string> = {
  'one rare word': () => word(0.5),
  'one common word': () => words[Math.floor(Math.random() * 20)] as string,
  'two words': () => `${word(0.02)} ${word(0.02)}`,
  'a phrase': () => `"${word(0.001)} ${word(0.001)}"`,
  'the beginning of a word': () => `${word(0.3).slice(0, 4)}*`,
  'a file name': () => `src/${word(0.1)}.ts`,
};
const peers = ['grep', 'rg'].filter(hasPeer);
const rows: string[][] = [];
const all: number[] = [];
const floor: number[] = [];
for (const [name, ask] of Object.entries(questions)) {
  const times = Array.from({ length: 30 }, () => answer(ask()));
  all.push(...times);
  const mine = sampled(times);
  const theirs = peers.map((peer) => sampled(Array.from({ length: 3 }, () => look(peer, ask()))));
  floor.push(theirs[0]?.median ?? Number.NaN);
  const ratios = theirs.flatMap(({ median }) => [digits(median), digits(mine.median / median)]);
  rows.push([name, digits(mine.median), digits(mine.p95), ...ratios]);
}
printTable(
  'a question, in this process; the peers read everything each time',
  ['', 'p50 ms', 'p95 ms', ...peers.flatMap((peer) => [`${peer} ms`, `× ${peer}`])],
  rows,
);
const p95 = sampled(all).p95;
figure('p95 of a question against grep -r', p95 / sampled(floor).median, { atMost: 1 });
figure('p95 of a question', p95, { atMost: 100 }, 'ms');
index.close();
ledger.close();

function answer(text: string): number {
  const from = performance.now();
  const query = parseSearch(text);
  if (query === null) return 0;
  index.catchUp();
  matchesOf(ledger, query, index.search(query.match, { task: null, kind: null }, 40).hits);
  return performance.now() - from;
}

function look(peer: string, text: string): number {
  const from = performance.now();
  const [first = ''] = text.replaceAll(/["*]/g, '').split(' ');
  const args = peer === 'rg' ? ['-i', '-F', first, plain] : ['-r', '-i', '-F', first, plain];
  spawnSync(peer, args, { stdio: ['ignore', 'ignore', 'ignore'] });
  return performance.now() - from;
}

async function fill(): Promise<void> {
  let entries: string[] = [];
  for (let at = 1; at < ENTRIES; ) {
    const drafts: Draft[] = [];
    const blobs: StoredBlob[] = [];
    for (let i = 0; i < 1_000 && at < ENTRIES; i++, at++) {
      const text = sentence(12);
      entries.push(text);
      if (at % EVERY !== 0) {
        drafts.push({ kind: 'note', body: { text }, task: null, actor: ACTOR });
        continue;
      }
      const output = Array.from({ length: 120 }, () => sentence(12)).join('\n');
      textBytes += output.length;
      writeFileSync(join(plain, `output-${at}`), output);
      const writer = ledger.blob('output.txt', { type: 'text/plain' });
      await writer.write(Buffer.from(output));
      await writer.end();
      const blob = writer.finish() as StoredBlob;
      blobs.push(blob);
      drafts.push({ kind: 'note', body: { text }, task: null, actor: ACTOR, blobs: [blob.ref] });
    }
    await ledger.append(() => drafts, blobs);
    const text = entries.join('\n');
    textBytes += text.length;
    writeFileSync(join(plain, `entries-${at}`), text);
    entries = [];
  }
}

/** Pronounceable nonsense, so that no word is part of many others. */
function vocabulary(count: number): string[] {
  const syllables = [
    'ka',
    'lo',
    'mi',
    'tur',
    'sen',
    'vok',
    'pra',
    'dil',
    'nex',
    'gom',
    'zi',
    'fep',
    'rud',
    'hal',
  ];
  const made = new Set<string>();
  while (made.size < count) {
    const length = 2 + Math.floor(Math.random() * 3);
    made.add(
      Array.from({ length }, () => syllables[Math.floor(Math.random() * syllables.length)]).join(
        '',
      ),
    );
  }
  return [...made];
}

/** As in speech: few words often, many seldom (Zipf). `share`: from the first so much of them. */
function word(share: number): string {
  return words[Math.floor(words.length * share * Math.random())] as string;
}

function sentence(length: number): string {
  return Array.from({ length }, (_, i) => {
    const rank = Math.floor(words.length ** Math.random()) - 1;
    const said = words[Math.max(0, rank)] as string;
    return i === 3 ? `src/${said}.ts:${rank % 400}` : said;
  }).join(' ');
}
