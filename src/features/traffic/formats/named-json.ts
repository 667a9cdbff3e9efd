import { field, type Json, micros, number, size, text } from './json-fields.ts';
import { clfTime, epochTime, isoTime } from './log-time.ts';
import { type LogRecord, type Refusal, setRequest, setUrl, withoutPort } from './record.ts';

/**
 * JSON written by a format of one's own, by the names of nginx variables (`escape=json`), of Apache
 * and of Envoy: whatever names an address and a request is read.
 */
export function isNamed(object: Json): boolean {
  return text(object, ...ADDRESS) !== '' && text(object, 'request', ...TARGET) !== '';
}

const ADDRESS = [
  'remote_addr',
  'client_ip',
  'remote_ip',
  'clientip',
  'clientIp',
  'client',
  'ip',
  'remoteIP',
  'remote_host',
  'remoteHost',
  'downstream_remote_address',
  'x-forwarded-for',
];
const TARGET = [
  'request_uri',
  'uri',
  'path',
  'url',
  'requestUri',
  ':path',
  'x-envoy-origin-path',
  'x_envoy_origin_path',
];
const TIME = [
  'time_iso8601',
  'timestamp',
  '@timestamp',
  'time',
  'msec',
  'time_local',
  'start_time',
  'ts',
  'date',
];

export function readNamed(object: Json, record: LogRecord): Refusal | null {
  record.address = withoutPort(text(object, ...ADDRESS).split(',', 1)[0] as string);
  record.host = text(
    object,
    'host',
    'http_host',
    'server_name',
    'vhost',
    ':authority',
    'authority',
  ).replace(/:\d+$/, '');
  record.time = timeOf(object);
  const request = text(object, 'request', 'requestLine');
  if (request.includes(' ')) setRequest(record, request);
  else {
    record.method = text(object, 'request_method', 'method', 'verb', ':method');
    setUrl(record, text(object, ...TARGET) + queryOf(object));
    record.protocol = text(object, 'server_protocol', 'protocol', 'proto', 'httpversion');
  }
  record.status =
    number(object, 'status', 'response_code', 'statusCode', 'status_code', 'response') || 0;
  record.bytes = size(object, 'body_bytes_sent', 'bytes_sent', 'bytes', 'size', 'response_size');
  record.agent = text(object, 'http_user_agent', 'user_agent', 'user-agent', 'userAgent', 'agent');
  record.referer = text(object, 'http_referer', 'referer', 'http_referrer', 'referrer');
  record.forwarded = text(object, 'http_x_forwarded_for', 'x-forwarded-for', 'x_forwarded_for');
  record.durationMicros = micros(number(object, 'request_time'), 1e6);
  record.user = text(object, 'remote_user', 'user');
  return Number.isNaN(record.time) ? 'no-time' : null;
}

function timeOf(object: Json): number {
  for (const name of TIME) {
    const value = field(object, name);
    if (value === undefined) continue;
    const said = text(object, name);
    const found = /^\d+(\.\d+)?$/.test(said)
      ? epochTime(Number(said))
      : Number.isNaN(clfTime(said, 0))
        ? isoTime(said)
        : clfTime(said, 0);
    if (!Number.isNaN(found)) return found;
  }
  return Number.NaN;
}

function queryOf(object: Json): string {
  const query = text(object, 'query_string', 'args');
  const target = text(object, ...TARGET);
  return query === '' || target.includes('?') ? '' : `?${query}`;
}
