import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type FollowEvent, type FollowRequest, followFile } from './follow-file.ts';

let dir: string;
let path: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'proof-follow-'));
  path = join(dir, 'app.log');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** Follows while `work` goes on, and says what came, and after how many bytes what happened. */
async function followed(begin: FollowRequest['begin'], work: () => Promise<void>) {
  const stop = new AbortController();
  let text = '';
  let last = 0;
  const events: [FollowEvent, number][] = [];
  const following = followFile(
    { path, begin, signal: stop.signal },
    {
      async take(bytes, atMicros) {
        expect(atMicros).toBeGreaterThanOrEqual(last);
        last = atMicros;
        text += Buffer.from(bytes).toString();
      },
      happened: (what) => events.push([what, text.length]),
    },
  );
  await look();
  await work();
  await look();
  stop.abort();
  return { skipped: await following, text, events };
}

/** Longer than the time between two looks. */
const look = () => new Promise((resolve) => setTimeout(resolve, 250));

test('what is appended from now on, and from the start, and from the last lines', async () => {
  writeFileSync(path, 'one\ntwo\nthree\n');
  const append = async () => appendFileSync(path, 'four\n');
  expect(await followed('now', append)).toEqual({ skipped: 14, text: 'four\n', events: [] });
  expect((await followed('start', append)).text).toBe('one\ntwo\nthree\nfour\nfour\n');
  expect(await followed({ lines: 2 }, append)).toMatchObject({ text: 'four\nfour\nfour\n' });
  expect((await followed({ lines: 99 }, append)).skipped).toBe(0);
});

test('what comes between the last look and the end is read', async () => {
  writeFileSync(path, '');
  const { text } = await followed('now', async () => {
    await look();
    appendFileSync(path, 'late\n');
  });
  expect(text).toBe('late\n');
});

test('rename and create: the old file to its end, then the new from its beginning', async () => {
  writeFileSync(path, 'before\n');
  const { text, events } = await followed('now', async () => {
    appendFileSync(path, 'a\n');
    renameSync(path, `${path}.1`);
    appendFileSync(`${path}.1`, 'b, by a writer who was not told yet\n');
    writeFileSync(path, 'c\n');
    await look();
    appendFileSync(`${path}.1`, 'd, still\n');
    await look();
    appendFileSync(path, 'e\n');
  });
  expect(text).toBe('a\nb, by a writer who was not told yet\nc\nd, still\ne\n');
  expect(events).toEqual([['replaced', 38]]);
});

test('many rotations, one after the other', async () => {
  writeFileSync(path, '');
  const { text, events } = await followed('now', async () => {
    for (let i = 0; i < 4; i++) {
      appendFileSync(path, `in ${i}\n`);
      renameSync(path, `${path}.${i}`);
      writeFileSync(path, `new ${i}\n`);
      await look();
    }
  });
  expect(text).toBe('in 0\nnew 0\nin 1\nnew 1\nin 2\nnew 2\nin 3\nnew 3\n');
  expect(events.map(([what]) => what)).toEqual(Array(4).fill('replaced'));
});

test('copytruncate: it goes on from the beginning', async () => {
  writeFileSync(path, 'before\n');
  const { text, events } = await followed('now', async () => {
    appendFileSync(path, 'a longer line than all that comes after\n');
    await look();
    copyFileSync(path, `${path}.1`);
    truncateSync(path);
    await look();
    appendFileSync(path, 'b\n');
  });
  expect(text).toBe('a longer line than all that comes after\nb\n');
  expect(events).toEqual([['truncated', 40]]);
});

test('cut short and filled again beyond where it was: seen by what stands there', async () => {
  writeFileSync(path, 'before\n');
  const { text, events } = await followed('now', async () => {
    appendFileSync(path, 'a\n');
    await look();
    writeFileSync(path, 'much longer than all that stood there before\n');
  });
  expect(text).toBe('a\nmuch longer than all that stood there before\n');
  expect(events).toEqual([['truncated', 2]]);
});

test('cut short and filled to the very same size', async () => {
  writeFileSync(path, 'before\n');
  const { text, events } = await followed('now', async () => {
    writeFileSync(path, 'other!\n');
  });
  expect([text, events]).toEqual(['other!\n', [['truncated', 0]]]);
});

test('gone for a while, and back; a directory in its place does not end it', async () => {
  writeFileSync(path, '');
  const { text, events } = await followed('now', async () => {
    appendFileSync(path, 'a\n');
    await look();
    rmSync(path);
    await look();
    mkdirSync(path);
    await look();
    rmSync(path, { recursive: true });
    writeFileSync(path, 'b\n');
  });
  expect(text).toBe('a\nb\n');
  expect(events.map(([what]) => what)).toEqual(['gone', 'replaced']);
});

test.each([
  ['nothing there', () => {}, 'attach.not-found'],
  ['a directory', () => mkdirSync(path), 'attach.directory'],
])('%s: an error at once', async (_, make, code) => {
  make();
  const sink = { take: async () => {}, happened: () => {} };
  const signal = new AbortController().signal;
  await expect(followFile({ path, begin: 'now', signal }, sink)).rejects.toMatchObject({ code });
});
