import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { RECORDED_BYTES } from '../../src/app/config.ts';
import { openForReading } from '../../src/ledger/store/reader.ts';
import {
  type LogLine,
  log,
  NODE,
  PROOF,
  verified,
  type Workspace,
  workspace,
} from '../faults/workspace.ts';
import { patternOf } from './pattern.ts';

const MB = 1024 * 1024;
const WRITER = join(import.meta.dirname, 'write-pattern.ts');
const MOST_RSS = 300 * MB;

let at: Workspace;
beforeEach(() => {
  at = workspace();
});
afterEach(() => at.remove());

/** Records a command that writes this much; what the user got, and the most memory the recorder held. */
async function record(kind: string, bytes: number) {
  const words = [PROOF, 'run', '--', NODE, WRITER, kind, String(bytes)];
  const child = spawn(NODE, words, { cwd: at.dir, env: at.env, stdio: ['ignore', 'pipe', 'pipe'] });
  const hash = createHash('sha256');
  let received = 0;
  let stderr = '';
  let peak = 0;
  child.stdout.on('data', (piece: Buffer) => {
    received += piece.length;
    hash.update(piece);
  });
  child.stderr.on('data', (piece) => {
    stderr += piece;
  });
  const timer = setInterval(() => {
    peak = Math.max(peak, residentBytes(child.pid as number));
  }, 20);
  const code = await new Promise((resolve) => child.on('close', resolve));
  clearInterval(timer);
  console.info(`${bytes / MB} MB of ${kind}: recorder's RSS at most ${Math.round(peak / MB)} MB`);
  expect({ code, stderr, received }).toEqual({ code: 0, stderr: '', received: bytes });
  expect(hash.digest('hex')).toBe(digest(patternOf(kind, bytes)));
  expect(peak).toBeGreaterThan(0);
  expect(peak).toBeLessThan(MOST_RSS);
  return log(at).at(-1) as LogLine;
}

/** High-water mark, so that a peak between two looks counts as well. */
function residentBytes(pid: number): number {
  try {
    const match = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'));
    return match === null ? 0 : Number(match[1]) * 1024;
  } catch {
    return 0;
  }
}

function digest(pieces: Iterable<Uint8Array>): string {
  const hash = createHash('sha256');
  for (const piece of pieces) hash.update(piece);
  return hash.digest('hex');
}

/** The recorded stream, whole. */
function* stored(entry: LogLine, from = 0, to = Number.POSITIVE_INFINITY): Generator<Uint8Array> {
  const reader = openForReading(at.ledgerDir);
  const ref = entry.blobs.find(({ name }) => name === 'stdout');
  yield* reader.blobs.read(ref?.id ?? '', from, to);
  reader.close();
}

test.each([
  ['bytes', 200 * MB],
  ['line', 100 * MB],
  ['lines', 200 * MB],
])('%s of %i bytes: the same for the user and in the record', async (kind, bytes) => {
  const entry = await record(kind, bytes);
  expect(entry.body.streams).toMatchObject([{ name: 'stdout', bytes, gaps: [] }]);
  expect(entry.body.streams[0].masked).toBeUndefined();
  expect(digest(stored(entry))).toBe(digest(patternOf(kind, bytes)));
  const shown = spawnHash([PROOF, 'show', entry.name, '--output', 'stdout']);
  expect(await shown).toBe(digest(patternOf(kind, bytes)));
  verified(at);
});

test.each([
  ['exactly the bound', RECORDED_BYTES, 0],
  ['one byte more', RECORDED_BYTES + 1, 1],
  ['300 MB', 300 * MB, 300 * MB - RECORDED_BYTES],
])('%s: kept up to the bound, then head and tail with the right gap', async (_, bytes, missing) => {
  const entry = await record('bytes', bytes);
  const tail = 8 * MB;
  const head = RECORDED_BYTES - tail;
  const [stream] = entry.body.streams;
  expect(stream.bytes).toBe(bytes);
  expect(
    stream.gaps.map(({ at: from, bytes: gap }: { at: number; bytes: number }) => [from, gap]),
  ).toEqual(missing === 0 ? [] : [[head, missing]]);
  expect(entry.blobs.find(({ name }) => name === 'stdout')?.size).toBe(RECORDED_BYTES);
  expect(digest(stored(entry, 0, head))).toBe(digest(part(bytes, 0, head)));
  expect(digest(stored(entry, head))).toBe(digest(part(bytes, bytes - tail, bytes)));
  verified(at);
});

test('2 GB of lines in flat memory', async () => {
  const bytes = 2048 * MB;
  const entry = await record('lines', bytes);
  const [stream] = entry.body.streams;
  expect(stream).toMatchObject({ bytes, gaps: [{ bytes: bytes - RECORDED_BYTES }] });
  verified(at);
});

/** The pattern's bytes from `from` to `to`. */
function* part(size: number, from: number, to: number): Generator<Uint8Array> {
  let begin = 0;
  for (const piece of patternOf('bytes', size)) {
    const end = begin + piece.length;
    if (end > from && begin < to)
      yield piece.subarray(Math.max(0, from - begin), Math.min(piece.length, to - begin));
    begin = end;
  }
}

function spawnHash(words: readonly string[]): Promise<string> {
  const child = spawn(NODE, words, {
    cwd: at.dir,
    env: at.env,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const hash = createHash('sha256');
  child.stdout.on('data', (piece) => hash.update(piece));
  return new Promise((resolve) => child.on('close', () => resolve(hash.digest('hex'))));
}
