import type { OutputStream } from '../../core/entries/command-kind.ts';
import type { BlobWriter } from '../../ledger/blobs/blob-writer.ts';
import type { StoredBlob } from '../../ledger/blobs/stored-blob.ts';
import { maskedCounts } from '../../ledger/store/draft-mask.ts';
import type { StreamName } from './machine.ts';
import type { TimingIndex } from './timing-index.ts';

/**
 * Keeps one stream of output. The command waits for the disk only while more than a bounded
 * amount is on its way there, and never for long: then bytes are let go, and the gap is noted.
 */
export class StreamRecorder {
  readonly #name: StreamName;
  readonly #blob: BlobWriter;
  readonly #timing: TimingIndex;
  #bytes = 0;
  #lines = 0;
  #waiting = 0;
  #work: Promise<void> = Promise.resolve();
  #dropping = false;
  #failure: unknown = null;
  readonly #gaps: OutputStream['gaps'] = [];

  constructor(name: StreamName, blob: BlobWriter, timing: TimingIndex) {
    this.#name = name;
    this.#blob = blob;
    this.#timing = timing;
  }

  /** Takes a chunk; a returned promise asks for no more until it settles. */
  push(bytes: Uint8Array, atMicros: number): void | Promise<void> {
    this.#bytes += bytes.length;
    this.#lines += countLines(bytes);
    if (this.#failure !== null || this.#dropping) {
      this.#drop(bytes.length);
      return;
    }
    this.#timing.arrived(this.#name, bytes.length, atMicros);
    // The chunk's buffer belongs to whoever read it.
    const own = bytes.slice();
    this.#waiting += own.length;
    this.#work = this.#work.then(() => this.#write(own));
    if (this.#waiting > MOST_WAITING) return this.#room();
  }

  /** After the last chunk: makes the bytes durable and says what is kept and what is not. */
  async finish(stillOpen: boolean): Promise<{ stream: OutputStream; blob: StoredBlob | null }> {
    await this.#work;
    let blob: StoredBlob | null = null;
    try {
      if (this.#failure === null) {
        const { dropped, ...released } = await this.#blob.end();
        this.#timing.released(this.#name, released);
        if (dropped !== null)
          this.#gaps.push({ ...dropped, why: 'longer than the bound: the middle is left out' });
        blob = this.#blob.finish();
      }
    } catch (error) {
      this.#fail(error);
    }
    if (this.#failure !== null) {
      this.#gaps.length = 0;
      this.#gaps.push({
        at: 0,
        bytes: null,
        why: `not recorded: ${(this.#failure as Error).message}`,
      });
    }
    if (stillOpen) {
      const why = 'a background process still held this stream when the command had ended';
      this.#gaps.push({ at: blob?.ref.size ?? 0, bytes: null, why });
    }
    const masked = maskedCounts(this.#blob.masked);
    const stream: OutputStream = {
      name: this.#name,
      bytes: this.#bytes,
      lines: this.#lines,
      gaps: this.#gaps,
      ...(masked.length > 0 ? { masked } : {}),
    };
    return { stream, blob };
  }

  /** Why nothing of this stream is kept; null where something is. */
  get failure(): unknown {
    return this.#failure;
  }

  abandon(): void {
    this.#blob.abort();
  }

  async #write(bytes: Uint8Array): Promise<void> {
    try {
      if (this.#failure === null) this.#timing.released(this.#name, await this.#blob.write(bytes));
    } catch (error) {
      this.#fail(error);
    }
    this.#waiting -= bytes.length;
  }

  /** What is there so far goes at once: on a full disk it is the command that needs the room. */
  #fail(error: unknown): void {
    this.#failure = error;
    this.#blob.abort();
  }

  /**
   * Resolves when there is room again, or gives up on the disk after a while. From then on all is
   * let go: resuming in the middle could begin inside a secret, where no rule knows it.
   */
  async #room(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(() => {
        this.#dropping = true;
        resolve();
      }, PATIENCE_MS);
    });
    await Promise.race([this.#work, patience]);
    clearTimeout(timer);
  }

  #drop(bytes: number): void {
    const last = this.#gaps[this.#gaps.length - 1];
    if (last !== undefined && last.bytes !== null) last.bytes += bytes;
    else this.#gaps.push({ at: this.#bytes - bytes, bytes, why: 'the disk did not keep up' });
  }
}

const MOST_WAITING = 16 * 1024 * 1024;
const PATIENCE_MS = 5_000;
const LF = 10;

function countLines(bytes: Uint8Array): number {
  let lines = 0;
  for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, at + 1)) lines++;
  return lines;
}
