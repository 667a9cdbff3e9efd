import { formatNamed, lineParser } from '../formats/detect.ts';
import { nginxFormat } from '../formats/nginx-format.ts';
import { clear, emptyRecord, type Format, type Parse, REFUSALS } from '../formats/record.ts';
import type { LineBlock } from './line-blocks.ts';

/**
 * A block's lines as columns: what a worker hands back. Text is a place in `words`, each different
 * one once (0 is nothing said). A refused line has its reason, and what could be read all the same.
 */
export interface LineColumns {
  offset: number;
  lines: number;
  /** Length of each line with its end, so that places follow from it. */
  lengths: Uint32Array;
  /** 0 for a request, else 1 + its place in REFUSALS. */
  refusals: Uint8Array;
  /** Milliseconds since 1970. */
  times: Float64Array;
  statuses: Uint16Array;
  /** -1 where not said. */
  bytes: Float64Array;
  micros: Float64Array;
  addresses: Uint32Array;
  agents: Uint32Array;
  targets: Uint32Array;
  methods: Uint32Array;
  protocols: Uint32Array;
  /** 1 where a referer was sent. */
  referers: Uint8Array;
  forwarded: Uint32Array;
  /** One line each. */
  words: string;
}

/** Which format, by name, or by the text of a log_format. */
export interface FormatChoice {
  name: string;
  definition: string | null;
}

export function chosenFormat({ name, definition }: FormatChoice): Format {
  const format = definition === null ? formatNamed(name) : nginxFormat(definition);
  if (format === undefined || format === null) throw new Error(`no format ${name}`);
  return format;
}

/** Reads the lines of blocks of one source, in order where its format remembers directives. */
export class ColumnReader {
  readonly #parse: Parse;
  readonly #record = emptyRecord();

  constructor(choice: FormatChoice) {
    this.#parse = lineParser(chosenFormat(choice));
  }

  read(block: LineBlock): LineColumns {
    if (block.overlong > 0) return overlong(block);
    const bytes = Buffer.from(block.bytes.buffer, block.bytes.byteOffset, block.bytes.length);
    const text = bytes.toString('latin1');
    const lines = countLines(bytes);
    const columns = emptyColumns(block.offset, lines);
    const words = new Map<string, number>([['', 0]]);
    const list: string[] = [''];
    const word = (value: string): number => {
      if (value === '') return 0;
      const known = words.get(value);
      if (known !== undefined) return known;
      words.set(value, list.length);
      list.push(value.includes('\n') ? value.replaceAll('\n', '\\n') : value);
      return list.length - 1;
    };
    const address = remembering(word);
    const agent = remembering(word);
    const method = remembering(word);
    const protocol = remembering(word);
    const record = this.#record;
    for (let at = 0, n = 0; n < lines; n++) {
      const lf = text.indexOf('\n', at);
      const next = lf < 0 ? text.length : lf + 1;
      let end = lf < 0 ? text.length : lf;
      if (end > at && text.charCodeAt(end - 1) === CR) end--;
      const from = at === 0 && block.offset === 0 && text.startsWith(BOM) ? BOM.length : at;
      const refusal = this.#parse(text.slice(from, end), record);
      columns.lengths[n] = next - at;
      columns.refusals[n] = refusal === null ? 0 : REFUSALS.indexOf(refusal) + 1;
      if (refusal === null || refusal === 'truncated') {
        columns.times[n] = record.time;
        columns.statuses[n] = record.status;
        columns.bytes[n] = record.bytes;
        columns.micros[n] = record.durationMicros;
        columns.addresses[n] = address(record.address);
        columns.agents[n] = agent(record.agent);
        columns.targets[n] = word(record.target);
        columns.methods[n] = method(record.method);
        columns.protocols[n] = protocol(record.protocol);
        columns.referers[n] = record.referer === '' ? 0 : 1;
        columns.forwarded[n] = word(record.forwarded);
      }
      at = next;
    }
    clear(record);
    columns.words = list.join('\n');
    return columns;
  }
}

/** Lines of one visitor stand together: the value before is often the value again. */
function remembering(word: (value: string) => number): (value: string) => number {
  let last = '';
  let id = 0;
  return (value) => {
    if (value === last) return id;
    last = value;
    id = word(value);
    return id;
  };
}

const CR = 13;
const BOM = '\xef\xbb\xbf';

/** Counted apart from reading: both must come to the same number. */
function countLines(bytes: Buffer): number {
  let lines = 0;
  let at = 0;
  for (let lf = bytes.indexOf(10); lf >= 0; lf = bytes.indexOf(10, at)) {
    lines++;
    at = lf + 1;
  }
  return at < bytes.length ? lines + 1 : lines;
}

function overlong(block: LineBlock): LineColumns {
  const columns = emptyColumns(block.offset, 1);
  columns.lengths[0] = block.overlong;
  columns.refusals[0] = REFUSALS.indexOf('too-long') + 1;
  return columns;
}

function emptyColumns(offset: number, lines: number): LineColumns {
  return {
    offset,
    lines,
    lengths: new Uint32Array(lines),
    refusals: new Uint8Array(lines),
    times: new Float64Array(lines),
    statuses: new Uint16Array(lines),
    bytes: new Float64Array(lines),
    micros: new Float64Array(lines),
    addresses: new Uint32Array(lines),
    agents: new Uint32Array(lines),
    targets: new Uint32Array(lines),
    methods: new Uint32Array(lines),
    protocols: new Uint32Array(lines),
    referers: new Uint8Array(lines),
    forwarded: new Uint32Array(lines),
    words: '',
  };
}

/** What can be handed to another thread without a copy. */
export function transferable(columns: LineColumns): ArrayBuffer[] {
  return Object.values(columns).flatMap((column) =>
    ArrayBuffer.isView(column) ? [column.buffer as ArrayBuffer] : [],
  );
}
