import { field, header, isObject, type Json, micros, number, size, text } from './json-fields.ts';
import { epochTime, isoTime } from './log-time.ts';
import type { LogRecord, Refusal } from './record.ts';

/** Caddy 2, `http.log.access`: caddyserver.com/docs/logging. Headers are lists. */
export function isCaddy(object: Json): boolean {
  const request = field(object, 'request');
  return (
    isObject(request) &&
    (Object.hasOwn(request, 'remote_ip') || Object.hasOwn(request, 'remote_addr'))
  );
}

export function readCaddy(object: Json, record: LogRecord): Refusal | null {
  const request = field(object, 'request') as Json;
  const ts = field(object, 'ts');
  record.time = typeof ts === 'string' ? isoTime(ts) : epochTime(number(object, 'ts'));
  // `client_ip` is what trusted proxies said, by the server's own configuration.
  record.address =
    text(request, 'client_ip', 'remote_ip') || text(request, 'remote_addr').replace(/:\d+$/, '');
  record.host = text(request, 'host').replace(/:\d+$/, '');
  record.method = text(request, 'method');
  record.target = text(request, 'uri');
  record.protocol = text(request, 'proto');
  record.status = number(object, 'status') || 0;
  record.bytes = size(object, 'size');
  record.durationMicros = micros(number(object, 'duration'), 1e6);
  const headers = field(request, 'headers');
  record.agent = header(headers, 'User-Agent');
  record.referer = header(headers, 'Referer');
  record.forwarded = header(headers, 'X-Forwarded-For');
  record.user = text(object, 'user_id');
  return record.address === '' ? 'no-address' : null;
}
