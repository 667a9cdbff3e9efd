import { clfTime } from './log-time.ts';
import { unescaped } from './quoted.ts';
import { count, type Format, type LogRecord, type Refusal, said, setRequest } from './record.ts';

/**
 * Nginx Proxy Manager's own format, of its docker/rootfs/etc/nginx/conf.d/include/log.conf:
 *
 *     [time] cache upstream status - METHOD scheme host "path" [Client ip] [Length n] [Gzip r] [Sent-to s] "agent" "referer"
 */
export const proxyManager: Format = {
  name: 'Nginx Proxy Manager',
  parser: () => parseProxyManager,
  stateless: true,
};

const LINE =
  /^\[([^\]]+)\] (?:\S+ )?(?:\S+ )?(\d{3}|-) - (\S+) (\S+) (\S+) "((?:[^"\\]|\\.)*)" \[Client ([^\]]+)\] \[Length (\d+|-)\](?: \[[^\]]*\])* "((?:[^"\\]|\\.)*)" "((?:[^"\\]|\\.)*)"/;

export function parseProxyManager(line: string, record: LogRecord): Refusal | null {
  const match = LINE.exec(line);
  if (match === null) return parseTimeFirst(line, record);
  const [, time, status, method, , host, target, client, length, agent, referer] =
    match as unknown as string[];
  record.time = clfTime(time as string, 0);
  record.status = Math.max(0, count(status));
  record.method = said(method as string);
  record.host = host as string;
  record.target = target as string;
  record.address = client as string;
  record.bytes = Math.max(0, count(length));
  record.agent = said(agent as string);
  record.referer = said(referer as string);
  return Number.isNaN(record.time) ? 'no-time' : null;
}

/** What is often put in its place: `[time] host address seconds "request" status bytes sent referer agent`. */
const TIME_FIRST =
  /^\[([^\]]+)\] (\S+) ([0-9a-fA-F.:]+) (\d+\.\d+|-) "((?:[^"\\]|\\.)*)" (\d{3}) (\d+|-) (?:\d+|-) (\S+) (.*)$/;

function parseTimeFirst(line: string, record: LogRecord): Refusal | null {
  const match = TIME_FIRST.exec(line);
  if (match === null) return 'not-understood';
  const [, time, host, address, seconds, request, status, bytes, referer, agent] =
    match as unknown as string[];
  record.time = clfTime(time as string, 0);
  record.host = said(host as string);
  record.address = address as string;
  if (seconds !== '-') record.durationMicros = Math.round(Number(seconds) * 1e6);
  setRequest(record, unescaped(request as string));
  record.status = Math.max(0, count(status));
  record.bytes = count(bytes);
  record.referer = said(referer as string);
  record.agent = said(agent as string);
  return Number.isNaN(record.time) ? 'no-time' : null;
}
