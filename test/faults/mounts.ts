import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmdirSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from 'vitest';
import { markMissing } from '../skips.ts';

/** A small file system in memory, which can be filled to the last byte. */
export interface SmallDisk {
  dir: string;
  /** Until not one byte more fits. */
  fill(): void;
  /** Until about `bytes` are left. */
  fillUpTo(bytes: number): void;
  free(): void;
  unmount(): void;
}

export function smallDisk(megabytes: number): SmallDisk {
  const dir = mkdtempSync(join(tmpdir(), 'proof-disk-'));
  mount(['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=755`, 'tmpfs', dir]);
  // Also where a test run is interrupted before it has unmounted.
  const goAway = () => unmount(dir);
  process.once('exit', goAway);
  const filler = join(dir, 'filler');
  const write = (leave: number) => {
    const file = openSync(filler, 'a');
    const room = () => freeBytes(dir) - leave;
    try {
      while (room() > 0) writeSync(file, Buffer.alloc(Math.min(room(), 1 << 20)));
      if (leave === 0) for (;;) writeSync(file, Buffer.alloc(1));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    } finally {
      closeSync(file);
    }
  };
  return {
    dir,
    fill: () => write(0),
    fillUpTo: (bytes) => write(bytes),
    free: () => rmSync(filler, { force: true }),
    unmount() {
      process.off('exit', goAway);
      unmount(dir);
    },
  };
}

/** Makes a directory read-only for everybody, root too; the answer takes that back. */
export function readOnly(dir: string): () => void {
  mount(['--bind', dir, dir]);
  mount(['-o', 'remount,ro,bind', dir]);
  const goAway = () => {
    process.off('exit', goAway);
    spawnSync('umount', ['-l', dir]);
  };
  process.once('exit', goAway);
  return goAway;
}

function unmount(dir: string): void {
  spawnSync('umount', ['-l', dir]);
  rmdirSync(dir);
}

function mount(words: readonly string[]): void {
  const { status, stderr } = spawnSync('mount', words, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`mount ${words.join(' ')}: ${stderr}`);
}

function freeBytes(dir: string): number {
  const { stdout } = spawnSync('stat', ['-f', '-c', '%a %S', dir], { encoding: 'utf8' });
  const [blocks = 0, size = 0] = stdout.trim().split(' ').map(Number);
  return blocks * size;
}

function canMount(): boolean {
  try {
    smallDisk(1).unmount();
    return true;
  } catch {
    return false;
  }
}

/** `describe` for tests that mount; skipped by name where that is not allowed. */
export function describeWithMounts(name: string, body: () => void): void {
  if (canMount()) describe(name, body);
  else describe.skip(markMissing(name, ['mount as root']), body);
}
