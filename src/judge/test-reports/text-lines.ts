/** The lines of a text, one at a time and each bounded: a report may be one line of 60 MB. */
export function* textLines(text: string): Generator<string> {
  for (let from = 0; from <= text.length; ) {
    const lineEnd = text.indexOf('\n', from);
    const end = lineEnd < 0 ? text.length : lineEnd;
    const stop = end > from && text.charCodeAt(end - 1) === CR ? end - 1 : end;
    yield text.slice(from, Math.min(stop, from + LONGEST));
    from = end + 1;
  }
}

const CR = 13;
const LONGEST = 64 * 1024;

/**
 * The text of a report's bytes: UTF-8 or, where a byte order mark says so, UTF-16 (PowerShell writes
 * it). What is neither comes out as U+FFFD, never as an error.
 */
export function decodeReport(bytes: Uint8Array): string {
  const [a, b] = bytes;
  if (a === 0xff && b === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (a === 0xfe && b === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  return new TextDecoder().decode(bytes);
}

/** A run of lines that belong to one failure, gathered up to a bound. */
export class MessageLines {
  #text = '';

  add(line: string): void {
    if (this.#text.length < MOST_MESSAGE) this.#text += `${line}\n`;
  }

  /** What was gathered, without the indent its lines share; and begins anew. */
  take(): string {
    const lines = this.#text.split('\n');
    this.#text = '';
    const indents = lines.filter((line) => line.trim() !== '').map((line) => line.search(/\S/));
    const shared = indents.reduce((least, one) => Math.min(least, one), 80);
    return lines
      .map((line) => line.slice(shared))
      .join('\n')
      .trim();
  }
}

const MOST_MESSAGE = 8 * 1024;
