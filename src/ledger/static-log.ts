import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { bigEndian, concat, equalBytes, utf8 } from '../core/bytes.ts';
import { unverifiedCheckpoint } from './checkpoint.ts';
import { ledgerError } from './errors.ts';
import type { LedgerReader } from './store/reader.ts';
import { TILE_WIDTH, type TileName, tilePath, tilesOf } from './tree/tiles.ts';

/**
 * Writes the ledger as a static C2SP tlog-tiles directory: `checkpoint`, `tile/L/N`,
 * `tile/entries/N`. The checkpoint comes last, as a monitor may be reading: what it signs is there
 * before it. Tiles that are there already and whole are left alone.
 *
 * @returns how many files were written, and the tree size.
 */
export function exportTiles(
  reader: LedgerReader,
  dir: string,
  onProgress?: (done: number, all: number) => void,
): { size: number; files: number } {
  const root = reader.latestRoot();
  if (root === null) {
    throw ledgerError(
      'ledger.damaged',
      'The ledger has no signed root',
      'nothing was signed yet',
      'proof verify',
    );
  }
  refuseOther(dir, root.note);
  const tiles = [...tilesOf(root.size)];
  let files = 0;
  for (const [i, tile] of tiles.entries()) {
    files += write(dir, tilePath(tile.level, tile.n, tile.width), () => hashesOf(reader, tile));
    if (tile.level === 0) {
      const path = tilePath('entries', tile.n, tile.width);
      files += write(dir, path, () => bundleOf(reader, tile));
      if (hasHole(reader, tile)) removeOlder(dir, tile, path);
    }
    onProgress?.(i + 1, tiles.length);
  }
  files += write(dir, 'checkpoint', () => utf8(root.note));
  return { size: root.size, files };
}

function hashesOf(reader: LedgerReader, { level, n, width }: TileName): Uint8Array {
  return reader.tree.read(level, n * TILE_WIDTH, width);
}

/** Entries of one tile: 16-bit big-endian length, then the bytes; a redacted one has length 0. */
function bundleOf(reader: LedgerReader, { n, width }: TileName): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const json of reader.texts(n * TILE_WIDTH, n * TILE_WIDTH + width)) {
    const bytes = utf8(json);
    parts.push(bigEndian(bytes.length, 2), bytes);
  }
  return concat(parts);
}

function hasHole(reader: LedgerReader, { n, width }: TileName): boolean {
  for (const json of reader.texts(n * TILE_WIDTH, n * TILE_WIDTH + width)) {
    if (json === '') return true;
  }
  return false;
}

/** Bundles of a shorter tile, from an earlier export, still hold what was redacted since. */
function removeOlder(dir: string, { n }: TileName, path: string): void {
  const folder = join(dir, dirname(tilePath('entries', n, 1)));
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    if (join(folder, name) !== join(dir, path)) rmSync(join(folder, name));
  }
}

/** Never writes one log over another, nor an older state over a newer one. */
function refuseOther(dir: string, note: string): void {
  const path = join(dir, 'checkpoint');
  if (!existsSync(path)) {
    if (!existsSync(dir) || readdirSync(dir).length === 0) return;
    throw ledgerError(
      'ledger.exists',
      'That directory is not empty and holds no log',
      `${dir} has other files`,
      'name an empty directory',
    );
  }
  const there = unverifiedCheckpoint(readFileSync(path, 'utf8'));
  const ours = unverifiedCheckpoint(note);
  if (there.origin === ours.origin && there.size <= ours.size) return;
  throw ledgerError(
    'ledger.exists',
    'That directory holds another log',
    there.origin === ours.origin
      ? `it has ${there.size} entries, this ledger ${ours.size}`
      : `its origin is ${there.origin}`,
    'name an empty directory',
  );
}

/** Temporary file, fsync, rename: a reader sees a whole file or none. 1 if it was written. */
function write(dir: string, path: string, make: () => Uint8Array): number {
  const target = join(dir, path);
  const bytes = make();
  if (existsSync(target) && equalBytes(readFileSync(target), bytes)) return 0;
  mkdirSync(dirname(target), { recursive: true });
  const draft = `${target}.tmp-${process.pid}`;
  const file = openSync(draft, 'w', 0o644);
  try {
    for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(draft, target);
  return 1;
}
