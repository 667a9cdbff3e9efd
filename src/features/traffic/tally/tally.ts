import { REFUSALS, type Refusal } from '../formats/record.ts';
import type { AddressList } from '../identities/address-lists.ts';
import { type Claim, ClaimReader } from '../identities/claimed.ts';
import type { DnsAnswer } from '../identities/verdict.ts';
import type { LineColumns } from '../reader/line-columns.ts';
import type { Obedience } from '../robots/obedience.ts';
import { type ClaimRow, ClaimRows } from './claim-rows.ts';
import type { TrustedProxies } from './forwarded.ts';
import { Interner } from './interner.ts';
import { targetKind, textHash } from './target.ts';
import { Visitors } from './visitors.ts';

/** Where a line is: place in the unpacked source, length with its end. */
export interface LinePlace {
  source: number;
  offset: number;
  length: number;
}

export interface TallyOptions {
  lists: ReadonlyMap<string, AddressList>;
  dns: ReadonlyMap<string, DnsAnswer>;
  /** Requests before this time are read but not counted; milliseconds. */
  since: number | null;
  obedience: Obedience | null;
  proxies: TrustedProxies | null;
}

/** Sees each counted request with the place of its line; for questions that need the lines. */
export type Watch = (request: {
  place: LinePlace;
  visitor: number;
  row: ClaimRow | null;
  /** Whether its line is in quarantine, cut off. */
  quarantined: boolean;
  /** Who asked, as text; behind a declared proxy the client. */
  address(): string;
  agent(): string;
  target(): string;
  bytes: number;
}) => void;

const DIRECTIVE = REFUSALS.indexOf('directive') + 1;
const TRUNCATED = REFUSALS.indexOf('truncated') + 1;

/** Everything counted about a set of logs, in one pass, in bounded memory. */
export class Tally {
  readonly lines = { in: 0, parsed: 0, quarantined: 0 };
  requests = 0;
  /** Requests left out because they are older than `since`. */
  before = 0;
  bytes = 0;
  first = Number.POSITIVE_INFINITY;
  last = Number.NEGATIVE_INFINITY;
  readonly statuses = new Map<number, number>();
  readonly refusals = new Map<Refusal, { lines: number; first: LinePlace }>();
  readonly days = new Map<number, { requests: number; bytes: number }>();
  readonly addresses = new Interner();
  readonly agents = new Interner();
  readonly visitors = new Visitors();
  readonly claims: ClaimRows;
  /** By agent: whom it says it is. */
  readonly claimOf: (Claim | null)[] = [];
  readonly #reader = new ClaimReader();
  readonly #options: TallyOptions;

  constructor(options: TallyOptions) {
    this.#options = options;
    this.claims = new ClaimRows(options.lists, options.dns);
  }

  /** Counts a block of source number `source`. */
  add(columns: LineColumns, source: number, watch: Watch | null = null): void {
    const block = new BlockWords(columns);
    let offset = columns.offset;
    for (let i = 0; i < columns.lines; i++) {
      const length = columns.lengths[i] as number;
      const refusal = columns.refusals[i] as number;
      this.lines.in++;
      if (refusal === 0 || refusal === DIRECTIVE) this.lines.parsed++;
      else this.#quarantine(refusal, { source, offset, length });
      if (refusal === 0) this.#request(block, i, { source, offset, length }, watch);
      else if (refusal === TRUNCATED) this.#salvage(block, i, { source, offset, length }, watch);
      offset += length;
    }
  }

  #quarantine(refusal: number, place: LinePlace): void {
    this.lines.quarantined++;
    const reason = REFUSALS[refusal - 1] as Refusal;
    const known = this.refusals.get(reason);
    if (known === undefined) this.refusals.set(reason, { lines: 1, first: place });
    else known.lines++;
  }

  #request(block: BlockWords, i: number, place: LinePlace, watch: Watch | null): void {
    const { columns } = block;
    const time = columns.times[i] as number;
    const { since, obedience, proxies } = this.#options;
    if (since !== null && !(time >= since)) {
      this.before++;
      return;
    }
    let address = block.address(columns.addresses[i] as number, this.addresses);
    if (proxies !== null && columns.forwarded[i] !== 0) {
      const client = proxies.clientOf(
        this.addresses.text(address),
        block.word(columns.forwarded[i] as number),
      );
      if (client !== null) address = this.addresses.idOf(client);
    }
    const agent = this.#agent(block, columns.agents[i] as number);
    const targetWord = columns.targets[i] as number;
    const kind = block.kind(targetWord);
    const status = columns.statuses[i] as number;
    const bytes = columns.bytes[i] as number;
    const micros = columns.micros[i] as number;
    this.requests++;
    if (bytes > 0) this.bytes += bytes;
    if (time < this.first) this.first = time;
    if (time > this.last) this.last = time;
    this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
    this.#day(time, bytes);
    const visitor = this.visitors.add(address, agent, {
      time,
      status,
      bytes,
      target: kind,
      targetHash: block.hash(targetWord),
      referer: columns.referers[i] === 1,
      oldProtocol: block.isOldProtocol(columns.protocols[i] as number),
      micros,
    });
    const claim = this.claimOf[agent] ?? null;
    let row: ClaimRow | null = null;
    if (claim !== null) {
      row = this.claims.rowOf(claim, address, this.addresses.text(address), time);
      row.requests++;
      if (bytes > 0) row.bytes += bytes;
      if (micros > 0) row.micros += micros;
      if (status === 304) row.unchanged++;
      if (status >= 400) row.errors++;
      if (time < row.first) row.first = time;
      if (time > row.last) row.last = time;
      obedience?.see(row, {
        time,
        status,
        kind,
        target: () => block.word(targetWord),
        word: targetWord,
      });
    }
    watch?.({
      place,
      visitor,
      row,
      quarantined: false,
      address: () => this.addresses.text(address),
      agent: () => this.agents.text(agent),
      target: () => block.word(targetWord),
      bytes,
    });
  }

  /** A line cut off in its agent still says who asked: whoever sent half a name must not vanish. */
  #salvage(block: BlockWords, i: number, place: LinePlace, watch: Watch | null): void {
    const { columns } = block;
    const time = columns.times[i] as number;
    const { since } = this.#options;
    if (columns.addresses[i] === 0 || columns.agents[i] === 0) return;
    if (since !== null && !(time >= since)) return;
    const address = block.address(columns.addresses[i] as number, this.addresses);
    const claim = this.#reader.claimOf(block.word(columns.agents[i] as number));
    if (claim === null) return;
    const row = this.claims.rowOf(claim, address, this.addresses.text(address), time);
    row.requests++;
    row.quarantined++;
    const bytes = columns.bytes[i] as number;
    if (bytes > 0) row.bytes += bytes;
    watch?.({
      place,
      visitor: -1,
      row,
      quarantined: true,
      address: () => this.addresses.text(address),
      agent: () => block.word(columns.agents[i] as number),
      target: () => block.word(columns.targets[i] as number),
      bytes,
    });
  }

  #agent(block: BlockWords, word: number): number {
    const before = this.agents.size;
    const agent = block.agent(word, this.agents);
    if (agent === before) this.claimOf[agent] = this.#reader.claimOf(this.agents.text(agent));
    return agent;
  }

  #day(time: number, bytes: number): void {
    const day = Math.floor(time / 86_400_000);
    const known = this.days.get(day);
    if (known === undefined) this.days.set(day, { requests: 1, bytes: Math.max(0, bytes) });
    else {
      known.requests++;
      if (bytes > 0) known.bytes += bytes;
    }
  }
}

/** The words of one block, each looked at once. */
class BlockWords {
  readonly columns: LineColumns;
  readonly #words: string[];
  readonly #addresses: Int32Array;
  readonly #agents: Int32Array;
  readonly #kinds: Int16Array;
  readonly #hashes: Uint32Array;

  constructor(columns: LineColumns) {
    this.columns = columns;
    this.#words = columns.words.split('\n');
    const count = this.#words.length;
    this.#addresses = new Int32Array(count).fill(-1);
    this.#agents = new Int32Array(count).fill(-1);
    this.#kinds = new Int16Array(count).fill(-1);
    this.#hashes = new Uint32Array(count);
  }

  word(id: number): string {
    return this.#words[id] as string;
  }

  address(word: number, all: Interner): number {
    const known = this.#addresses[word] as number;
    if (known >= 0) return known;
    const id = all.idOf(this.word(word));
    this.#addresses[word] = id;
    return id;
  }

  agent(word: number, all: Interner): number {
    const known = this.#agents[word] as number;
    if (known >= 0) return known;
    const id = all.idOf(this.word(word));
    this.#agents[word] = id;
    return id;
  }

  kind(word: number): number {
    const known = this.#kinds[word] as number;
    if (known >= 0) return known;
    const target = this.word(word);
    const kind = targetKind(target);
    this.#kinds[word] = kind;
    this.#hashes[word] = textHash(target);
    return kind;
  }

  /** Of a target whose kind was asked for. */
  hash(word: number): number {
    return this.#hashes[word] as number;
  }

  isOldProtocol(word: number): boolean {
    return this.word(word) === 'HTTP/1.0';
  }
}
