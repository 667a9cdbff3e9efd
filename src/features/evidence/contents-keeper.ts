import { createHmac, type Hmac } from 'node:crypto';
import type { KeptContents } from '../../core/entries/kept-contents.ts';
import type { BlobWriter } from '../../ledger/blobs/blob-writer.ts';
import type { StoredBlob } from '../../ledger/blobs/stored-blob.ts';
import type { MaskEdit, Released } from '../../ledger/mask/stream-mask.ts';
import { maskedCounts } from '../../ledger/store/draft-mask.ts';
import type { Ledger } from '../../ledger/store/ledger.ts';

/** What became of the bytes: for the entry, for the append, and what text has. */
export interface Kept {
  content: KeptContents;
  /** Null where nothing came. */
  blob: StoredBlob | null;
  /** Keyed hash of the bytes before masking. */
  hash: string;
  lines: number;
}

/**
 * Keeps one piece of evidence as a blob, in flat memory: masked on the way in, bounded, hashed as
 * it came. Text in UTF-16 becomes UTF-8 first: in the other form no rule would find a secret.
 */
export class ContentsKeeper {
  readonly #name: string;
  readonly #blob: BlobWriter;
  readonly #hash: Hmac;
  readonly #decoder: InstanceType<typeof TextDecoder> | null;
  readonly #gaps: Gap[] = [];
  #bytes = 0;
  #lines = 0;
  #endsLine = true;
  /** Bytes that went to the masker, and by how much its output is longer so far. */
  #given = 0;
  #shift = 0;

  constructor(
    ledger: Ledger,
    options: { name: string; type: string; bound?: number; encoding?: string | undefined },
  ) {
    this.#name = options.name;
    this.#blob = ledger.blob(options.name, {
      type: options.type,
      ...(options.bound === undefined ? {} : { bound: options.bound }),
    });
    this.#hash = createHmac('sha256', ledger.key.derive('attachment'));
    this.#decoder = options.encoding === undefined ? null : new TextDecoder(options.encoding);
  }

  /** Bytes that came so far. */
  get bytes(): number {
    return this.#bytes;
  }

  get lines(): number {
    return this.#lines + (this.#endsLine ? 0 : 1);
  }

  /** Takes bytes as they come. Returns how many of them go on to the masker, and what it let go of. */
  async write(bytes: Uint8Array): Promise<{ given: number; released: Released }> {
    this.#bytes += bytes.length;
    this.#hash.update(bytes);
    const plain =
      this.#decoder === null
        ? bytes
        : new Uint8Array(Buffer.from(this.#decoder.decode(bytes, { stream: true })));
    return { given: plain.length, released: await this.#pass(plain) };
  }

  /** Here something is missing: `bytes` of it, if anybody knows. */
  gap(why: string, bytes: number | null = null): void {
    if (this.#gaps.length < MOST_GAPS)
      this.#gaps.push({ given: this.#given, at: null, bytes, why });
  }

  /** After the last bytes: makes the blob durable. `before`: what was struck out of them already. */
  async finish(
    before: ReadonlyMap<string, number> = new Map(),
  ): Promise<Kept & { released: Released }> {
    const rest = this.#decoder?.decode() ?? '';
    if (rest !== '') await this.#pass(Buffer.from(rest));
    const { dropped, ...released } = await this.#blob.end();
    this.#settle(released.edits, Number.POSITIVE_INFINITY);
    const blob = this.#blob.finish();
    const masked = maskedCounts(summed(before, this.#blob.masked));
    const gaps = this.#gaps.map(({ at, bytes, why }) => ({
      at: inBlob(at ?? 0, dropped),
      bytes,
      why,
    }));
    if (dropped !== null)
      gaps.push({ ...dropped, why: 'longer than the bound: the middle is left out' });
    return {
      content: {
        blob: this.#name,
        bytes: this.#bytes,
        gaps: gaps.sort((a, b) => a.at - b.at),
        ...(masked.length > 0 ? { masked } : {}),
      },
      blob,
      hash: this.#hash.digest('hex'),
      lines: this.lines,
      released,
    };
  }

  /** Nothing is to be kept after all. */
  abort(): void {
    this.#blob.abort();
  }

  async #pass(plain: Uint8Array): Promise<Released> {
    this.#given += plain.length;
    for (let at = plain.indexOf(LF); at >= 0; at = plain.indexOf(LF, at + 1)) this.#lines++;
    if (plain.length > 0) this.#endsLine = plain[plain.length - 1] === LF;
    const released = await this.#blob.write(plain);
    this.#settle(released.edits, released.consumed);
    return released;
  }

  /** Where gaps lie in the blob is known once the masker is past them. */
  #settle(edits: readonly MaskEdit[], consumed: number): void {
    let next = 0;
    for (const gap of this.#gaps) {
      if (gap.at !== null || gap.given > consumed) continue;
      for (; next < edits.length && (edits[next] as MaskEdit).at < gap.given; next++)
        this.#shift += lengthening(edits[next] as MaskEdit);
      gap.at = gap.given + this.#shift;
    }
    for (; next < edits.length; next++) this.#shift += lengthening(edits[next] as MaskEdit);
  }
}

interface Gap {
  /** Bytes given to the masker before it. */
  given: number;
  /** The same in the masker's output, once known. */
  at: number | null;
  bytes: number | null;
  why: string;
}

function summed(...all: ReadonlyMap<string, number>[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const counts of all)
    for (const [rule, count] of counts) sums.set(rule, (sums.get(rule) ?? 0) + count);
  return sums;
}

function lengthening({ inserted, removed }: MaskEdit): number {
  return inserted - removed;
}

/** Of an offset in the masked stream, the one in the blob, whose middle may be left out. */
function inBlob(at: number, dropped: { at: number; bytes: number } | null): number {
  return dropped === null || at <= dropped.at ? at : Math.max(dropped.at, at - dropped.bytes);
}

/** A log truncated every second for a day must not fill its entry. */
const MOST_GAPS = 100;
const LF = 10;
