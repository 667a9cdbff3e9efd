import type { StreamName } from './machine.ts';

/**
 * When which bytes arrived: one line a burst, `<microseconds since the burst before> <o|e|t> <bytes>`,
 * bytes counted in the masked stream. From this and the streams, playback and the interleaved
 * text are derived.
 *
 * The masker holds bytes back until their line is complete, so a burst waits here until it is
 * known how long it is after masking; lines leave in order of arrival.
 */
export class TimingIndex {
  readonly #bursts: Burst[] = [];
  readonly #streams = new Map<StreamName, StreamOffsets>();
  #lastAt = 0;

  /** Notes that `length` bytes of a stream arrived at `atMicros` since the start. */
  arrived(stream: StreamName, length: number, atMicros: number): void {
    const offsets = this.#offsets(stream);
    offsets.input += length;
    const last = this.#bursts[this.#bursts.length - 1];
    if (last?.stream === stream && last.bytes === null && atMicros - last.at < BURST_MICROS) {
      last.inputEnd = offsets.input;
      return;
    }
    const burst = { stream, at: atMicros, inputEnd: offsets.input, bytes: null };
    this.#bursts.push(burst);
    offsets.waiting.push(burst);
  }

  /** Takes what the masker let go of a stream. */
  released(stream: StreamName, released: ReleasedBytes): void {
    const offsets = this.#offsets(stream);
    for (const edit of released.edits) offsets.edits.push(edit);
    let settled = 0;
    for (const burst of offsets.waiting) {
      if (burst.inputEnd > released.consumed) break;
      const end = this.#outputAt(offsets, burst.inputEnd);
      burst.bytes = end - offsets.output;
      offsets.output = end;
      settled++;
    }
    offsets.waiting.splice(0, settled);
  }

  /** The lines that are complete by now. */
  take(): string {
    let text = '';
    let done = 0;
    for (const burst of this.#bursts) {
      if (burst.bytes === null) break;
      done++;
      if (burst.bytes === 0) continue;
      text += `${Math.max(0, burst.at - this.#lastAt)} ${burst.stream[0] === 's' ? burst.stream[3] : 't'} ${burst.bytes}\n`;
      this.#lastAt = Math.max(this.#lastAt, burst.at);
    }
    this.#bursts.splice(0, done);
    return text;
  }

  #offsets(stream: StreamName): StreamOffsets {
    let offsets = this.#streams.get(stream);
    if (offsets === undefined) {
      offsets = { input: 0, output: 0, shift: 0, edits: [], waiting: [] };
      this.#streams.set(stream, offsets);
    }
    return offsets;
  }

  /**
   * Where an input offset lies in the masked stream. One inside a masked secret counts as the
   * secret's beginning: the whole replacement belongs to the burst that completed the secret.
   */
  #outputAt(offsets: StreamOffsets, input: number): number {
    let edit = offsets.edits[0];
    while (edit !== undefined && edit.at + edit.removed <= input) {
      offsets.shift += edit.inserted - edit.removed;
      offsets.edits.shift();
      edit = offsets.edits[0];
    }
    return Math.min(input, edit?.at ?? input) + offsets.shift;
  }
}

/** What the masker reports; offsets count the stream's bytes from its beginning. */
export interface ReleasedBytes {
  consumed: number;
  edits: readonly Edit[];
}

interface Edit {
  at: number;
  removed: number;
  inserted: number;
}

interface Burst {
  stream: StreamName;
  at: number;
  inputEnd: number;
  bytes: number | null;
}

interface StreamOffsets {
  input: number;
  output: number;
  shift: number;
  edits: Edit[];
  /** Bursts whose length is not known yet. */
  waiting: Burst[];
}

/** Chunks closer together than this are one burst: nobody sees 5 ms, and the index stays small. */
const BURST_MICROS = 5_000;
