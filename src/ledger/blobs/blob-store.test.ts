import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { describeWith } from '../../../test/system-programs.ts';
import { toHex } from '../../core/bytes.ts';
import { compileMaskRules } from '../mask/mask-rules.ts';
import { FRAME_BYTES, HEAD_BYTES } from './blob-file.ts';
import { BlobStore } from './blob-store.ts';
import type { StoredBlob } from './stored-blob.ts';

const root = mkdtempSync(join(tmpdir(), 'proof-blobs-'));
const rules = compileMaskRules({ hmacKey: new Uint8Array(32), ownValues: [] });
const contents = new Map<string, string>();

afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Stores bytes in chunks of this size; what the index learns is shared by all of these tests. */
async function store(
  bytes: Uint8Array,
  chunk = 10_000,
  bound?: number,
): Promise<StoredBlob | null> {
  const writer = new BlobStore(root).create({
    name: 'stdout',
    rules,
    contentKey: new Uint8Array(32),
    index: { find: (mac) => contents.get(toHex(mac)) ?? null },
    ...(bound === undefined ? {} : { bound }),
  });
  for (let at = 0; at < bytes.length; at += chunk)
    await writer.write(bytes.subarray(at, at + chunk));
  await writer.end();
  const blob = writer.finish();
  if (blob?.mac) contents.set(toHex(blob.mac), blob.ref.id);
  return blob;
}

const blobs = new BlobStore(root);
const read = (id: string, from?: number, to?: number) =>
  Buffer.concat([...blobs.read(id, from, to)]);

/** Text that compresses neither well nor badly, and holds nothing the masker knows. */
function text(bytes: number, seed = 1): Buffer {
  let state = seed;
  const words = Array.from({ length: Math.ceil(bytes / 8) + 1 }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return String(state % 10_000_000).padStart(7, ' ');
  });
  return Buffer.from(words.join('\n')).subarray(0, bytes);
}

describe('a stored blob', () => {
  it.each([1, 100, FRAME_BYTES - 1, FRAME_BYTES, FRAME_BYTES + 1, 2 * FRAME_BYTES, 5_000_000])(
    'of %i bytes is read as it was written, whole and in parts',
    async (size) => {
      const bytes = text(size, size);
      const blob = await store(bytes);
      const { id } = blob!.ref;
      expect(blob!.ref).toMatchObject({ name: 'stdout', size });
      expect(read(id).equals(bytes)).toBe(true);
      expect(Buffer.from(blobs.bytes(blob!.ref)).equals(bytes)).toBe(true);
      expect(blobs.check(blob!.ref)).toBe('present');
      for (const [from, to] of [
        [0, 1],
        [size - 1, size],
        [FRAME_BYTES - 1, FRAME_BYTES + 1],
        [Math.floor(size / 3), Math.floor(size / 2)],
        [size, size + 10],
        [5, 5],
      ]) {
        expect(read(id, from, to).equals(bytes.subarray(from, to))).toBe(true);
      }
    },
  );

  it('of no bytes is not stored at all', async () => {
    expect(await store(new Uint8Array(0))).toBe(null);
  });

  it('does not depend on how its bytes arrived, but for its salt', async () => {
    const bytes = text(700_000, 99);
    const blob = await store(bytes, 7_919);
    expect(read(blob!.ref.id).equals(bytes)).toBe(true);
  });

  it('has a name that says nothing about its contents', async () => {
    const bytes = text(500, 3);
    const one = await store(bytes);
    contents.clear();
    const other = await store(bytes);
    expect(other!.ref.id).not.toBe(one!.ref.id);
    expect([one, other].map((blob) => blobs.check(blob!.ref))).toEqual(['present', 'present']);
  });

  it('is shared by all who have the same contents, while it is there', async () => {
    const bytes = text(400_000, 4);
    const one = await store(bytes);
    const other = await store(bytes, 64);
    expect(other).toEqual({ ref: one!.ref, mac: null });
    rmSync(blobs.path(one!.ref.id));
    const third = await store(bytes);
    expect(third!.ref.id).not.toBe(one!.ref.id);
    expect(blobs.check(third!.ref)).toBe('present');
  });

  it('longer than its bound keeps head and tail', async () => {
    const bytes = text(1_000_000, 5);
    const blob = await store(bytes, 999, 400_000);
    const expected = Buffer.concat([bytes.subarray(0, 300_000), bytes.subarray(-100_000)]);
    expect(read(blob!.ref.id).equals(expected)).toBe(true);
  });

  it('leaves no unfinished file behind, and only files of this user', async () => {
    const blob = await store(text(10_000, 6));
    expect(readdirSync(blobs.temporaryDir).filter((name) => !name.endsWith('.unnamed'))).toEqual(
      [],
    );
    expect(statSync(blobs.path(blob!.ref.id)).mode & 0o777).toBe(0o600);
  });
});

describe('a blob whose file was altered', () => {
  const small = text(300, 8);

  it('is not present, unless its contents are still the same', async () => {
    const { ref } = (await store(small))!;
    const path = blobs.path(ref.id);
    const file = readFileSync(path);
    const change = fc.record({ at: fc.nat(), byte: fc.nat({ max: 255 }) });
    fc.assert(
      fc.property(change, ({ at, byte }) => {
        fc.pre(file[at % file.length] !== byte);
        writeFileSync(path, Buffer.from(file).fill(byte, at % file.length, (at % file.length) + 1));
        if (blobs.check(ref) === 'present') expect(read(ref.id).equals(small)).toBe(true);
      }),
      { numRuns: 500 },
    );
    writeFileSync(path, file);
    expect(blobs.check(ref)).toBe('present');
  });

  it.each<[string, (file: Buffer) => Buffer]>([
    ['another salt', (file) => Buffer.from(file).fill(1, 8, HEAD_BYTES)],
    ['its end cut off', (file) => file.subarray(0, -1)],
    ['nothing in it', () => Buffer.alloc(0)],
    ['a byte more', (file) => Buffer.concat([file, Buffer.from([0])])],
  ])('is altered with %s', async (_what, change) => {
    const { ref } = (await store(text(300, 9)))!;
    writeFileSync(blobs.path(ref.id), change(readFileSync(blobs.path(ref.id))));
    expect(blobs.check(ref)).toBe('altered');
    contents.clear();
  });

  it('is altered when the entry gives another size', async () => {
    const { ref } = (await store(text(300, 10)))!;
    expect(blobs.check({ ...ref, size: 299 })).toBe('altered');
    expect(blobs.check({ ...ref, size: 301 })).toBe('altered');
  });

  it('is missing when it is not there, and reading it says so', async () => {
    const { ref } = (await store(text(300, 11)))!;
    rmSync(blobs.path(ref.id));
    expect(blobs.check(ref)).toBe('missing');
    expect(() => read(ref.id)).toThrow(expect.objectContaining({ code: 'blob.missing' }));
  });
});

describeWith('zstd')('a stored blob and stock zstd', () => {
  it.each([1, FRAME_BYTES, 1_000_000])('%i bytes: zstd -dc prints the contents', async (size) => {
    const bytes = text(size, size + 100);
    const { ref } = (await store(bytes))!;
    const printed = execFileSync('zstd', ['-dcq', blobs.path(ref.id)], { maxBuffer: 10_000_000 });
    expect(printed.equals(bytes)).toBe(true);
    execFileSync('zstd', ['-tq', blobs.path(ref.id)]);
  });
});
