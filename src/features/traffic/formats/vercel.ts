import { field, isObject, type Json, number, text } from './json-fields.ts';
import { epochTime } from './log-time.ts';
import type { LogRecord, Refusal } from './record.ts';

/** Vercel log drains: requests stand under `proxy`; builds and functions share the stream. */
export function isVercel(object: Json): boolean {
  return isObject(field(object, 'proxy')) && Object.hasOwn(object, 'source');
}

export function readVercel(object: Json, record: LogRecord): Refusal | null {
  const proxy = field(object, 'proxy') as Json;
  record.time = epochTime(number(proxy, 'timestamp') || number(object, 'timestamp'));
  record.address = text(proxy, 'clientIp');
  record.host = text(proxy, 'host') || text(object, 'host');
  record.method = text(proxy, 'method');
  record.target = text(proxy, 'path');
  record.status = Math.max(0, number(proxy, 'statusCode') || 0);
  record.agent = text(proxy, 'userAgent');
  record.referer = text(proxy, 'referer');
  return record.address === '' ? 'no-address' : null;
}
