import type { Body } from '../../core/entries/kinds.ts';
import type { BlobWriter } from '../../ledger/blobs/blob-writer.ts';
import type { StoredBlob } from '../../ledger/blobs/stored-blob.ts';
import type { Ledger } from '../../ledger/store/ledger.ts';
import { TimingIndex } from '../record/timing-index.ts';
import { HEAD, transcoded } from './attach.ts';
import { ContentsKeeper, type Kept } from './contents-keeper.ts';
import type { FollowEvent, FollowSink } from './file-machine.ts';
import { type MediaType, mediaType } from './media-type.ts';

/** Keeps what a followed file brings, when it came, and what happened to the file meanwhile. */
export class FollowKeeper implements FollowSink {
  readonly #ledger: Ledger;
  readonly #options: { name: string; type: string | undefined; bound: number };
  readonly #timing = new TimingIndex();
  readonly #events: Events = [];
  #contents: ContentsKeeper | null = null;
  #found: MediaType = { type: 'text/plain', from: 'name', encoding: 'utf-8' };
  #timingBlob: BlobWriter | null = null;
  #chunks = 0;

  constructor(ledger: Ledger, options: { name: string; type: string | undefined; bound: number }) {
    this.#ledger = ledger;
    this.#options = options;
  }

  get bytes(): number {
    return this.#contents?.bytes ?? 0;
  }

  get lines(): number {
    return this.#contents?.lines ?? 0;
  }

  async take(bytes: Uint8Array, atMicros: number): Promise<void> {
    this.#contents ??= await this.#begin(bytes);
    const { given, released } = await this.#contents.write(bytes);
    this.#timing.arrived(LANE, given, atMicros);
    this.#timing.released(LANE, released);
    this.#chunks++;
    if (this.#chunks % CHUNKS_A_FLUSH === 0) await this.#flushTiming();
  }

  happened(what: FollowEvent, atMicros: number): void {
    if (this.#events.length < MOST_EVENTS) this.#events.push({ what, at: this.bytes, atMicros });
    if (what === 'truncated') {
      this.#contents?.gap('the file was cut short: what stood in it unread is lost');
    }
  }

  async finish(): Promise<{
    kept: Kept;
    timing: StoredBlob | null;
    events: Events;
    found: MediaType;
  }> {
    this.#contents ??= this.#keeper();
    const { released, ...kept } = await this.#contents.finish();
    this.#timing.released(LANE, released);
    await this.#flushTiming();
    await this.#timingBlob?.end();
    return {
      kept,
      timing: this.#timingBlob?.finish() ?? null,
      events: this.#events,
      found: this.#found,
    };
  }

  abort(): void {
    this.#contents?.abort();
    this.#timingBlob?.abort();
  }

  /** What it is, is decided by the first bytes that come: a log does not become a picture. */
  async #begin(bytes: Uint8Array): Promise<ContentsKeeper> {
    this.#found = await mediaType(bytes.subarray(0, HEAD), this.#options.name, false);
    return this.#keeper();
  }

  #keeper(): ContentsKeeper {
    return new ContentsKeeper(this.#ledger, {
      name: 'content',
      type: this.#options.type ?? this.#found.type,
      bound: this.#options.bound,
      encoding: transcoded(this.#found),
    });
  }

  /** Written down while it goes on: a long following must not gather its times in memory. */
  async #flushTiming(): Promise<void> {
    const text = this.#timing.take();
    if (text === '') return;
    this.#timingBlob ??= this.#ledger.blob('timing', { type: 'text/plain' });
    await this.#timingBlob.write(Buffer.from(text));
  }
}

type Events = NonNullable<Body<'attachment'>['followed']>['events'];

/** The timing index knows streams of commands; a file has one, and it stands as their first. */
const LANE = 'stdout';
const CHUNKS_A_FLUSH = 4_096;
const MOST_EVENTS = 100;
