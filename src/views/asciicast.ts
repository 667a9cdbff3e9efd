import { concat } from '../core/bytes.ts';
import type { Entry } from '../core/entries/kinds.ts';
import { ProofError } from '../core/errors.ts';
import { commandLine } from './command-line.ts';
import type { Burst } from './timing.ts';

/** 2 is what every player reads, those of before 2025 too; 3 has the exit code as well. */
export type AsciicastVersion = 2 | 3;

/**
 * A recorded command as asciicast (docs.asciinema.org/manual/asciicast): a header, then one
 * `[time, code, data]` a line. Times are seconds: in version 2 since the start, in version 3 since
 * the event before, where `x` is the exit. Output over pipes has bare line feeds, which a terminal
 * needs as CR LF.
 */
export function asciicast(
  entry: Entry | null,
  timing: readonly Burst[],
  bytesOf: (stream: string) => Iterable<Uint8Array>,
  version: AsciicastVersion = 3,
): string {
  if (entry?.kind !== 'command') {
    throw new ProofError({
      code: 'show.not-a-command',
      message: 'Only a command can be played',
      why: `this entry is ${entry === null ? 'redacted' : `of kind ${entry.kind}`}`,
      remedy: 'proof log',
    });
  }
  const { body } = entry;
  const { columns: cols, rows } = body.size ?? { columns: 80, rows: 24 };
  const header = {
    version,
    ...(version === 2 ? { width: cols, height: rows } : { term: { cols, rows } }),
    timestamp: Math.floor(Date.parse(body.started) / 1000),
    command: body.argv === null || body.shell?.text === 'withheld' ? undefined : commandLine(body),
  };
  const readers = new Map(body.streams.map(({ name }) => [name, new Pieces(bytesOf(name))]));
  const decoders = new Map(
    body.streams.map(({ name }) => [name, new TextDecoder('utf-8', KEEP_ALL)]),
  );
  const lines = [JSON.stringify(header)];
  const cooked = body.mode === 'pty' && body.bareLineFeeds === undefined;
  let last = 0;
  for (const { at, stream, bytes } of timing) {
    const piece = readers.get(stream)?.take(bytes) ?? new Uint8Array();
    const text = decoders.get(stream)?.decode(piece, { stream: true }) ?? '';
    if (text === '') continue;
    const data = cooked ? text : text.replace(/(?<!\r)\n/g, '\r\n');
    lines.push(JSON.stringify([interval(version === 2 ? 0 : last, at), 'o', data]));
    last = at;
  }
  const end = Math.max(last, body.durationMicros);
  // Without an event at its end a recording would be over with its last output.
  lines.push(
    version === 2
      ? JSON.stringify([interval(0, end), 'o', ''])
      : JSON.stringify([interval(last, end), 'x', String(body.exit.code ?? 128)]),
  );
  return `${lines.join('\n')}\n`;
}

/** A byte order mark is output like any other. */
const KEEP_ALL = { ignoreBOM: true };

/** Seconds between two events; moments are rounded, not intervals, which would add up to a drift. */
function interval(from: number, to: number): number {
  return (Math.round(to / 1_000) - Math.round(from / 1_000)) / 1_000;
}

/** Takes so many bytes at a time from a stream that comes in pieces of another size. */
class Pieces {
  readonly #source: Iterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array();

  constructor(source: Iterable<Uint8Array>) {
    this.#source = source[Symbol.iterator]();
  }

  take(count: number): Uint8Array {
    // Room is made for bytes that are there, not for as many as a hostile index claims.
    const parts: Uint8Array[] = [];
    for (let missing = count; missing > 0; ) {
      if (this.#rest.length === 0) {
        const next = this.#source.next();
        if (next.done === true) break;
        this.#rest = next.value;
        continue;
      }
      const part = this.#rest.subarray(0, missing);
      parts.push(part);
      missing -= part.length;
      this.#rest = this.#rest.subarray(part.length);
    }
    return concat(parts);
  }
}
