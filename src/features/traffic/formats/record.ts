/**
 * One request as an access log tells it. Text is *binary text*: one character a byte, as the line
 * holds them, so that broken UTF-8 survives (`shownText` decodes it). Empty is "not said": a log
 * writes `-`. Parsers fill one record again and again; nothing may keep a reference to it.
 */
export interface LogRecord {
  /** The client's address or host name, without port or brackets. */
  address: string;
  /** The site asked for, where the log says it. */
  host: string;
  /** Milliseconds since 1970, UTC; NaN where the format has no time. */
  time: number;
  /** Empty where the request line was no HTTP at all. */
  method: string;
  /** Path and query as asked for, or the whole request line where that was no HTTP. */
  target: string;
  /** `HTTP/1.1` */
  protocol: string;
  /** 0 where none was sent. */
  status: number;
  /** Bytes sent; -1 where not said. */
  bytes: number;
  referer: string;
  agent: string;
  /** Microseconds the request took; -1 where not said. */
  durationMicros: number;
  /** X-Forwarded-For or its like, as logged: whoever sent it may have made it up. */
  forwarded: string;
  user: string;
}

export function emptyRecord(): LogRecord {
  const record = {} as LogRecord;
  clear(record);
  return record;
}

export function clear(record: LogRecord): void {
  record.address = '';
  record.host = '';
  record.time = Number.NaN;
  record.method = '';
  record.target = '';
  record.protocol = '';
  record.status = 0;
  record.bytes = -1;
  record.referer = '';
  record.agent = '';
  record.durationMicros = -1;
  record.forwarded = '';
  record.user = '';
}

/**
 * Why a line is no request. `directive`: a line about the log itself (`#Fields:`), understood.
 * `truncated`: its last field is cut off; what stood before it is in the record all the same.
 */
export type Refusal =
  | 'directive'
  | 'empty'
  | 'truncated'
  | 'too-long'
  | 'no-time'
  | 'no-request'
  | 'no-status'
  | 'no-address'
  | 'not-json'
  | 'other-json'
  | 'no-columns'
  | 'other-columns'
  | 'not-understood';

/** All of them in a fixed order: blocks carry them as numbers. */
export const REFUSALS: readonly Refusal[] = [
  'directive',
  'empty',
  'truncated',
  'too-long',
  'no-time',
  'no-request',
  'no-status',
  'no-address',
  'not-json',
  'other-json',
  'no-columns',
  'other-columns',
  'not-understood',
];

/** What a refusal means, for people. */
export const REFUSAL_TEXT: Readonly<Record<Refusal, string>> = {
  directive: 'a line about the log itself',
  empty: 'empty line',
  truncated: 'cut off in its last field',
  'too-long': 'longer than 16 MiB',
  'no-time': 'no time where one was expected',
  'no-request': 'no request in quotes',
  'no-status': 'no status after the request',
  'no-address': 'no client address',
  'not-json': 'not the JSON it begins as',
  'other-json': 'JSON, but no access log known here',
  'no-columns': 'columns before any #Fields line',
  'other-columns': 'another number of columns than #Fields names',
  'not-understood': 'not the format of the others',
};

/** Reads one line (no line end) into `record`; null is a request, else why it is none. */
export type Parse = (line: string, record: LogRecord) => Refusal | null;

export interface Format {
  name: string;
  /** A new parser: formats with directives remember the last one. */
  parser(): Parse;
  /** Whether a line means the same wherever it stands; then blocks can be parsed side by side. */
  stateless: boolean;
}

/** `-` is how logs write nothing. */
export function said(field: string): string {
  return field === '-' ? '' : field;
}

/** A whole number as logged; `-1` where it is none. */
export function count(field: string | undefined): number {
  if (field === undefined || field === '' || field.length > 15) return -1;
  let value = 0;
  for (let i = 0; i < field.length; i++) {
    const digit = field.charCodeAt(i) - 48;
    if (!(digit >= 0 && digit <= 9)) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** Splits `GET /path HTTP/1.1`; what is no request line becomes the target, as it stands. */
export function setRequest(record: LogRecord, request: string): void {
  const first = request.indexOf(' ');
  const last = request.lastIndexOf(' ');
  // Nearly all are GET, and the pattern costs more than all else here.
  if (first > 0 && (request.startsWith('GET ') || METHOD.test(request.slice(0, first)))) {
    if (last > first && request.startsWith('HTTP/', last + 1)) {
      record.method = request.slice(0, first);
      record.target = request.slice(first + 1, last);
      record.protocol = request.slice(last + 1);
      return;
    }
    // HTTP/0.9: no version is said.
    if (request.charCodeAt(first + 1) === 47 && last === first) {
      record.method = request.slice(0, first);
      record.target = request.slice(first + 1);
      return;
    }
  }
  record.target = said(request);
}

const METHOD = /^[A-Z][A-Z-]{1,30}$/;

/** `1.2.3.4:5678` and `[2001:db8::1]:5678` without the port. */
export function withoutPort(place: string): string {
  if (place.startsWith('[')) return place.slice(1, place.indexOf(']'));
  const colon = place.indexOf(':');
  return colon >= 0 && colon === place.lastIndexOf(':') ? place.slice(0, colon) : place;
}

/** A URL's path and query; a path stays as it is. */
export function setUrl(record: LogRecord, url: string): void {
  const scheme = url.indexOf('://');
  if (scheme <= 0 || scheme > 8) {
    record.target = url;
    return;
  }
  const path = url.indexOf('/', scheme + 3);
  const host = path < 0 ? url.slice(scheme + 3) : url.slice(scheme + 3, path);
  if (record.host === '') record.host = withoutPort(host);
  record.target = path < 0 ? '/' : url.slice(path);
}
