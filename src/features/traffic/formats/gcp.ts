import { field, isObject, type Json, micros, number, size, text } from './json-fields.ts';
import { isoTime } from './log-time.ts';
import { type LogRecord, type Refusal, setUrl } from './record.ts';

/** Google Cloud's LogEntry with an `httpRequest`; 64-bit numbers come as text. */
export function isGoogleCloud(object: Json): boolean {
  return isObject(field(object, 'httpRequest'));
}

export function readGoogleCloud(object: Json, record: LogRecord): Refusal | null {
  const request = field(object, 'httpRequest') as Json;
  record.time = isoTime(text(object, 'timestamp', 'receiveTimestamp'));
  record.address = text(request, 'remoteIp').replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1');
  record.method = text(request, 'requestMethod');
  setUrl(record, text(request, 'requestUrl'));
  record.protocol = text(request, 'protocol');
  record.status = number(request, 'status') || 0;
  record.bytes = size(request, 'responseSize');
  record.agent = text(request, 'userAgent');
  record.referer = text(request, 'referer');
  const latency = /^(\d+(?:\.\d+)?)s$/.exec(text(request, 'latency'));
  record.durationMicros = latency === null ? -1 : micros(Number(latency[1]), 1e6);
  return record.address === '' ? 'no-address' : null;
}
