import { type Stats, statSync } from 'node:fs';
import { lineStart } from './line-start.ts';
import { openRegularFile, type RegularFile } from './regular-file.ts';

export interface FollowRequest {
  path: string;
  /** Where to begin: what is appended from now on, everything, or so many of the last lines. */
  begin: 'now' | 'start' | { lines: number };
  /** Ends the following; what is in the file by then is still read. */
  signal: AbortSignal;
}

export interface FollowSink {
  /** The next bytes; no more are read before it settles. */
  take(bytes: Uint8Array, atMicros: number): Promise<void>;
  /** Something happened to the file itself, after the bytes so far. */
  happened(what: FollowEvent, atMicros: number): void;
}

/**
 * `replaced`: another file stands under the name (rename and create); the old one was read to its
 * end. `truncated`: it was cut short (copytruncate); what stood in it unread is lost. `gone`: no
 * file has the name at the moment.
 */
export type FollowEvent = 'replaced' | 'truncated' | 'gone';

/**
 * Reads what is appended to a file until told to stop. It looks a few times a second, instead of
 * waiting for the kernel's word: that works on every file system, network ones included.
 *
 * @returns bytes of the file that stood before the first one kept
 * @throws ProofError `attach.…` where there is no file to begin with, or it cannot be read
 */
export async function followFile(request: FollowRequest, sink: FollowSink): Promise<number> {
  const started = process.hrtime.bigint();
  const now = () => Number((process.hrtime.bigint() - started) / 1000n);
  const file = openRegularFile(request.path);
  const skipped = beginning(file, request.begin);
  let current = new Followed(file, skipped);
  /** The file that had the name before: its writer goes on with it until it is told. */
  let before: { followed: Followed; until: number } | null = null;
  let gone = false;
  try {
    for (;;) {
      const stopping = request.signal.aborted;
      if (before !== null) {
        await before.followed.drain(sink, now);
        if (now() > before.until) {
          before.followed.close();
          before = null;
        }
      }
      await current.drain(sink, now);
      const there = statOrNull(request.path);
      if (there === null) {
        if (!gone) sink.happened('gone', now());
        gone = true;
      } else if (!current.isSame(there)) {
        const next = openOrNull(request.path);
        if (next !== null) {
          // What was appended between the last look and the rename.
          await current.drain(sink, now);
          before?.followed.close();
          before = { followed: current, until: now() + LATE_WRITER_MICROS };
          current = new Followed(next, 0);
          gone = false;
          sink.happened('replaced', now());
          await current.drain(sink, now);
        }
      } else gone = false;
      if (stopping) return skipped;
      await aMoment(request.signal);
    }
  } finally {
    before?.followed.close();
    current.close();
  }
}

/** One file being read to its end again and again. */
class Followed {
  readonly #file: RegularFile;
  readonly #identity: Stats;
  #at: number;
  /** The bytes before `#at`: a file cut short and filled again beyond `#at` has others there. */
  #last: Uint8Array;
  #touched = 0;

  constructor(file: RegularFile, at: number) {
    this.#file = file;
    this.#identity = file.stat();
    this.#at = at;
    this.#last = this.#before(at);
  }

  isSame({ dev, ino }: Stats): boolean {
    return dev === this.#identity.dev && ino === this.#identity.ino;
  }

  async drain(sink: FollowSink, now: () => number): Promise<void> {
    const { size, mtimeMs } = this.#file.stat();
    const touched = mtimeMs !== this.#touched;
    this.#touched = mtimeMs;
    if (size < this.#at || (touched && !this.#isAsItWas())) {
      sink.happened('truncated', now());
      this.#at = 0;
      this.#last = new Uint8Array();
    }
    // No further than its size by now: a file that grows faster than it is read has an end too.
    while (this.#at < size) {
      const bytes = this.#file.read(this.#at, Math.min(PIECE, size - this.#at));
      if (bytes.length === 0) return;
      this.#at += bytes.length;
      this.#last = Buffer.concat([this.#last, bytes.slice(-REMEMBERED)]).subarray(-REMEMBERED);
      await sink.take(bytes, now());
    }
  }

  close(): void {
    this.#file.close();
  }

  #isAsItWas(): boolean {
    return Buffer.compare(this.#before(this.#at), this.#last) === 0;
  }

  #before(at: number): Uint8Array {
    const from = Math.max(0, at - REMEMBERED);
    return at === from ? new Uint8Array() : this.#file.read(from, at - from);
  }
}

const REMEMBERED = 256;
const PIECE = 256 * 1024;
const LATE_WRITER_MICROS = 5_000_000;
const LOOK_MS = 100;

function beginning(file: RegularFile, begin: FollowRequest['begin']): number {
  if (begin === 'start') return 0;
  return begin === 'now' ? file.size : lineStart(file, begin.lines);
}

function statOrNull(path: string): Stats | null {
  try {
    return statSync(path);
  } catch {
    return null;
  }
}

/** What stands in the file's place may be anything for a moment; then the next look decides. */
function openOrNull(path: string): RegularFile | null {
  try {
    return openRegularFile(path);
  } catch {
    return null;
  }
}

function aMoment(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, LOOK_MS);
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });
}
