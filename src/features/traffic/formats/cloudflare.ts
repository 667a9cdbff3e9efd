import { field, type Json, number, size, text } from './json-fields.ts';
import { epochTime, isoTime } from './log-time.ts';
import type { LogRecord, Refusal } from './record.ts';

/**
 * Cloudflare Logpush, http_requests: developers.cloudflare.com/logs. Which fields are there, and
 * whether times are RFC 3339, seconds or nanoseconds, is the customer's choice.
 */
export function isCloudflare(object: Json): boolean {
  return Object.hasOwn(object, 'ClientIP') && Object.keys(object).some((name) => NAMES.test(name));
}

const NAMES = /^(ClientRequest|Edge)/;

export function readCloudflare(object: Json, record: LogRecord): Refusal | null {
  const start = field(object, 'EdgeStartTimestamp') ?? field(object, 'Datetime');
  const end = number(object, 'EdgeEndTimestamp');
  record.time = typeof start === 'string' ? isoTime(start) : epochTime(Number(start ?? end));
  record.address = text(object, 'ClientIP');
  record.host = text(object, 'ClientRequestHost');
  record.method = text(object, 'ClientRequestMethod');
  record.target = text(object, 'ClientRequestURI', 'ClientRequestPath');
  record.protocol = text(object, 'ClientRequestProtocol');
  record.status = number(object, 'EdgeResponseStatus', 'OriginResponseStatus') || 0;
  record.bytes = size(object, 'EdgeResponseBytes');
  record.agent = text(object, 'ClientRequestUserAgent');
  record.referer = text(object, 'ClientRequestReferer');
  return record.address === '' ? 'no-address' : null;
}
