import { createHash } from 'node:crypto';
import { createReadStream, readFileSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makePrivateDirectory } from '../../ledger/private-files.ts';

export interface ExecutableFacts {
  path: string;
  sha256: string | null;
  size: number | null;
}

/**
 * Which program it really was: the file behind all links, and its hash.
 *
 * Hashing Node's 120 MB takes 90 ms, so the hash is remembered for as long as device, inode, size
 * and both times stay the same. The memory is a cache: deleting it costs a hash.
 */
export async function executableFacts(path: string, cacheDir: string): Promise<ExecutableFacts> {
  try {
    const real = realpathSync(path);
    const stat = statSync(real, { bigint: true });
    const identity = [stat.dev, stat.ino, stat.size, stat.mtimeNs, stat.ctimeNs].join(' ');
    const cache = readCache(cacheDir);
    // Not under the path itself, which no mask has seen: a directory may have a secret's name.
    const name = createHash('sha256').update(real).digest('hex');
    const known = cache[name];
    if (known?.identity === identity)
      return { path: real, sha256: known.sha256, size: Number(stat.size) };
    const sha256 = await hashFile(real);
    writeCache(cacheDir, { ...newest(cache), [name]: { identity, sha256 } });
    return { path: real, sha256, size: Number(stat.size) };
  } catch {
    // Readable by the kernel alone (mode 0711), or gone by now: the path is all there is to say.
    return { path, sha256: null, size: null };
  }
}

type Cache = Record<string, { identity: string; sha256: string }>;

const MOST_REMEMBERED = 200;

function readCache(dir: string): Cache {
  try {
    return JSON.parse(readFileSync(cachePath(dir), 'utf8')) as Cache;
  } catch {
    return {};
  }
}

function writeCache(dir: string, cache: Cache): void {
  try {
    makePrivateDirectory(dir, true);
    writeFileSync(cachePath(dir), JSON.stringify(cache), { mode: 0o600 });
  } catch {
    // Without the cache the next run hashes again.
  }
}

function newest(cache: Cache): Cache {
  return Object.fromEntries(Object.entries(cache).slice(-MOST_REMEMBERED));
}

function cachePath(dir: string): string {
  return join(dir, 'executables.json');
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path, { highWaterMark: 1024 * 1024 }))
    hash.update(piece);
  return hash.digest('hex');
}
