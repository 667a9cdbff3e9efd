/** Tiles of C2SP tlog-tiles: the tree cut into pieces of 256 hashes, 8 levels high. */

export const TILE_WIDTH = 256;
export const TILE_HEIGHT = 8;

/**
 * Stored hashes of one tile level, side by side: hash `n` of level `L` is the root of the 256^L
 * leaves from n·256^L. Level 0 are the leaf hashes themselves.
 */
export type HashReader = (level: number, from: number, count: number) => Uint8Array;

/** `tile/<L>/<N>[.p/<W>]`: N in groups of three digits, all but the last with an x before them. */
export function tilePath(level: number | 'entries', n: number, width: number): string {
  const partial = width === TILE_WIDTH ? '' : `.p/${width}`;
  return `tile/${level}/${groups(n)}${partial}`;
}

function groups(n: number): string {
  let path = String(n % 1000).padStart(3, '0');
  for (let rest = Math.floor(n / 1000); rest > 0; rest = Math.floor(rest / 1000)) {
    path = `x${String(rest % 1000).padStart(3, '0')}/${path}`;
  }
  return path;
}

export interface TileName {
  level: number;
  n: number;
  width: number;
}

/** All tiles of a tree of `size` leaves, lowest level first; partial ones only at the right edge. */
export function* tilesOf(size: number): Generator<TileName> {
  let count = size;
  for (let level = 0; count > 0; level++) {
    const full = Math.floor(count / TILE_WIDTH);
    for (let n = 0; n < full; n++) yield { level, n, width: TILE_WIDTH };
    const rest = count % TILE_WIDTH;
    if (rest > 0) yield { level, n: full, width: rest };
    count = full;
  }
}
