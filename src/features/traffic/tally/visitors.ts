import { grown, PairTable } from './pair-table.ts';

/** What one request adds to its visitor. */
export interface Seen {
  time: number;
  status: number;
  bytes: number;
  /** Of Target, below. */
  target: number;
  targetHash: number;
  referer: boolean;
  oldProtocol: boolean;
  micros: number;
}

/** What a request was for, as flags. */
export const PAGE = 1;
export const ASSET = 2;
export const ROBOTS = 4;
export const COSTLY = 8;

/**
 * A visitor is an address with a user agent. Counted as columns: ten million of them must fit into
 * memory, and every question reads them one after another.
 */
export class Visitors {
  readonly #pairs = new PairTable();
  requests = new Uint32Array(ROOM);
  bytes = new Float64Array(ROOM);
  /** Seconds since 1970. */
  first = new Uint32Array(ROOM);
  last = new Uint32Array(ROOM);
  pages = new Uint32Array(ROOM);
  assets = new Uint32Array(ROOM);
  robots = new Uint16Array(ROOM);
  costly = new Uint32Array(ROOM);
  notFound = new Uint32Array(ROOM);
  unchanged = new Uint32Array(ROOM);
  referers = new Uint32Array(ROOM);
  oldProtocol = new Uint32Array(ROOM);
  /** One bit of 64 for each different target, by hash: how many of them are set says how many. */
  spreadLow = new Uint32Array(ROOM);
  spreadHigh = new Uint32Array(ROOM);
  /** Sum and sum of squares of the seconds between requests. */
  gaps = new Float64Array(ROOM);
  gapSquares = new Float64Array(ROOM);
  micros = new Float64Array(ROOM);

  get size(): number {
    return this.#pairs.size;
  }

  address(id: number): number {
    return this.#pairs.first(id);
  }

  agent(id: number): number {
    return this.#pairs.second(id);
  }

  /** Counts a request and returns its visitor. */
  add(address: number, agent: number, seen: Seen): number {
    const before = this.#pairs.size;
    const id = this.#pairs.idOf(address, agent);
    if (this.#pairs.size > before && id >= this.requests.length) this.#grow();
    const seconds = seen.time > 0 ? Math.floor(seen.time / 1000) : 0;
    const n = at(this.requests, id);
    if (n === 0) {
      this.first[id] = seconds;
      this.last[id] = seconds;
    } else {
      // Logs are written when a request ends: a little backwards is usual and no gap.
      const gap = Math.max(0, seconds - at(this.last, id));
      this.gaps[id] = at(this.gaps, id) + gap;
      this.gapSquares[id] = at(this.gapSquares, id) + gap * gap;
      if (seconds > at(this.last, id)) this.last[id] = seconds;
      if (seconds < at(this.first, id)) this.first[id] = seconds;
    }
    this.requests[id] = n + 1;
    if (seen.bytes > 0) this.bytes[id] = at(this.bytes, id) + seen.bytes;
    if (seen.micros > 0) this.micros[id] = at(this.micros, id) + seen.micros;
    if (seen.target & PAGE) this.pages[id] = at(this.pages, id) + 1;
    if (seen.target & ASSET) this.assets[id] = at(this.assets, id) + 1;
    if (seen.target & ROBOTS) this.robots[id] = Math.min(0xffff, at(this.robots, id) + 1);
    if (seen.target & COSTLY) this.costly[id] = at(this.costly, id) + 1;
    if (seen.status === 404 || seen.status === 410) this.notFound[id] = at(this.notFound, id) + 1;
    if (seen.status === 304) this.unchanged[id] = at(this.unchanged, id) + 1;
    if (seen.referer) this.referers[id] = at(this.referers, id) + 1;
    if (seen.oldProtocol) this.oldProtocol[id] = at(this.oldProtocol, id) + 1;
    const bit = seen.targetHash & 63;
    if (bit < 32) this.spreadLow[id] = (at(this.spreadLow, id) | (1 << bit)) >>> 0;
    else this.spreadHigh[id] = (at(this.spreadHigh, id) | (1 << (bit - 32))) >>> 0;
    return id;
  }

  #grow(): void {
    this.requests = grown(this.requests);
    this.bytes = grown(this.bytes);
    this.first = grown(this.first);
    this.last = grown(this.last);
    this.pages = grown(this.pages);
    this.assets = grown(this.assets);
    this.robots = grown(this.robots);
    this.costly = grown(this.costly);
    this.notFound = grown(this.notFound);
    this.unchanged = grown(this.unchanged);
    this.referers = grown(this.referers);
    this.oldProtocol = grown(this.oldProtocol);
    this.spreadLow = grown(this.spreadLow);
    this.spreadHigh = grown(this.spreadHigh);
    this.gaps = grown(this.gaps);
    this.gapSquares = grown(this.gapSquares);
    this.micros = grown(this.micros);
  }
}

const ROOM = 1 << 11;

function at(column: Uint32Array | Float64Array | Uint16Array, id: number): number {
  return column[id] as number;
}
