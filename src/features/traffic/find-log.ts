import { createHash } from 'node:crypto';
import { createReadStream, readdirSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { unpack } from './reader/decompress.ts';
import type { LogInput } from './reader/log-source.ts';

/**
 * The log that was read then, wherever it lies now: at its place, or beside it after it was rotated
 * and packed. It is told by its content: the first `bytes` of what is unpacked must hash to
 * `sha256`, so that a log that has grown is found too. Null where it is gone.
 */
export async function findLog(
  cwd: string,
  source: { name: string; bytes: number; sha256: string },
): Promise<(LogInput & { path: string }) | null> {
  if (source.name === '-') return null;
  for (const path of candidates(resolve(cwd, source.name))) {
    const input = {
      name: path,
      path,
      bytes: () => createReadStream(path) as AsyncIterable<Uint8Array>,
    };
    if (await holds(input, source)) return input;
  }
  return null;
}

const MOST_LOOKED_AT = 50;

/** The path itself first, then its neighbours of a like name. */
function candidates(path: string): string[] {
  const stem = basename(path).replace(/(\.\d+)?(\.(gz|zst|zstd))?$/, '');
  let names: string[] = [];
  try {
    names = readdirSync(dirname(path)).filter((name) => name.startsWith(stem));
  } catch {
    return [];
  }
  const own = names.includes(basename(path)) ? [path] : [];
  const others = names.sort().map((name) => join(dirname(path), name));
  return [...own, ...others.filter((other) => other !== path)].slice(0, MOST_LOOKED_AT);
}

async function holds(input: LogInput, source: { bytes: number; sha256: string }): Promise<boolean> {
  const hash = createHash('sha256');
  let left = source.bytes;
  try {
    const { bytes } = await unpack(input.bytes(), input.name);
    for await (const piece of bytes) {
      hash.update(piece.subarray(0, left));
      left -= Math.min(left, piece.length);
      if (left === 0) break;
    }
  } catch {
    // A neighbour that cannot be read is not the one: others may be.
    return false;
  }
  return left === 0 && hash.digest('hex') === source.sha256;
}
