import { type Json, micros, number, size, text } from './json-fields.ts';
import { isoTime } from './log-time.ts';
import type { LogRecord, Refusal } from './record.ts';

/** Traefik's JSON access log; durations in nanoseconds. Its other form is read as combined. */
export function isTraefik(object: Json): boolean {
  return Object.hasOwn(object, 'ClientHost') && Object.hasOwn(object, 'RequestPath');
}

export function readTraefik(object: Json, record: LogRecord): Refusal | null {
  record.time = isoTime(text(object, 'StartUTC', 'time', 'StartLocal'));
  // "client, proxy" where headers are trusted: only the last was seen, the others were said.
  const clients = text(object, 'ClientHost').split(',');
  record.address = (clients.at(-1) as string).trim();
  record.host = text(object, 'RequestHost', 'RequestAddr').replace(/:\d+$/, '');
  record.method = text(object, 'RequestMethod');
  record.target = text(object, 'RequestPath');
  record.protocol = text(object, 'RequestProtocol');
  record.status = number(object, 'DownstreamStatus', 'OriginStatus') || 0;
  record.bytes = size(object, 'DownstreamContentSize');
  record.durationMicros = micros(number(object, 'Duration'), 1e-3);
  record.agent = text(object, 'request_User-Agent', 'request_user-agent');
  record.referer = text(object, 'request_Referer', 'request_referer');
  record.forwarded =
    text(object, 'request_X-Forwarded-For', 'request_x-forwarded-for') ||
    (clients.length > 1 ? clients.join(',') : '');
  record.user = text(object, 'ClientUsername');
  return record.address === '' ? 'no-address' : null;
}
