import { clfTime } from './log-time.ts';
import { closingQuote, unescaped } from './quoted.ts';
import {
  count,
  type Format,
  type LogRecord,
  type Refusal,
  setRequest,
  setUrl,
  withoutPort,
} from './record.ts';

/**
 * HAProxy's `option httplog`, section 8.2.3 of its manual, with or without a syslog prefix:
 *
 *     client:port [accept] frontend backend/server TR/Tw/Tc/Tr/Ta status bytes - - flags counts queues {captures} "request"
 *
 * The agent is there only where it is captured (`capture request header User-Agent`).
 */
export const haproxy: Format = { name: 'HAProxy', parser: () => parseHaproxy, stateless: true };

const HEAD =
  /(?:^|[ :])((?:\[[0-9a-fA-F:.]+\]|[0-9a-fA-F:.]+?):\d{1,5}) \[(\d{2}\/[A-Z][a-z]{2}\/\d{4}:\d{2}:\d{2}:\d{2}\.\d{3})\] (\S+) (\S+\/\S+) ([-+\d]+(?:\/[-+\d]+){3,4}) (\d{3}|-1) \+?(\d+) /;

export function parseHaproxy(line: string, record: LogRecord): Refusal | null {
  // What comes before the request is short: a search through more would take time for nothing.
  const head = HEAD.exec(line.slice(0, 1000));
  if (head === null) return 'not-understood';
  record.address = withoutPort((head[1] as string).replace(/^(.*:.*:.*):(\d+)$/, '[$1]:$2'));
  record.time = clfTime(head[2] as string, 0);
  record.status = Math.max(0, count(head[6]));
  record.bytes = count(head[7]);
  const total = Number((head[5] as string).split('/').at(-1));
  if (total >= 0) record.durationMicros = total * 1000;
  const after = line.slice(head.index + head[0].length);
  const quote = after.indexOf('"');
  if (quote < 0) return 'no-request';
  const close = closingQuote(after, quote + 1);
  if (close < 0) return 'truncated';
  setRequest(record, unescaped(after.slice(quote + 1, close)));
  setUrl(record, record.target);
  const captured = /\{([^}]*)\}/.exec(after.slice(0, quote));
  if (captured !== null) setCaptured(record, (captured[1] as string).split('|'));
  return null;
}

/** Captures carry no names; an agent is told by its looks. */
function setCaptured(record: LogRecord, values: readonly string[]): void {
  for (const value of values) {
    if (/^[\w.+-]+\/[\d.]|^Mozilla|bot\b/i.test(value)) record.agent = value;
    else if (/^https?:\/\//.test(value)) record.referer = value;
    else if (/^[\w-]+(\.[\w-]+)+$/.test(value) && record.host === '') record.host = value;
  }
}
