import { clfTime, epochTime, isoTime } from './log-time.ts';
import { unescaped } from './quoted.ts';
import {
  count,
  type Format,
  type LogRecord,
  type Parse,
  said,
  setRequest,
  setUrl,
} from './record.ts';

/**
 * A format of one's own, from the text of nginx's `log_format`:
 * `$remote_addr - $remote_user [$time_local] "$request" $status …`. Null where it names neither an
 * address nor a request. nginx.org/en/docs/http/ngx_http_log_module.html
 */
export function nginxFormat(definition: string): Format | null {
  const names: string[] = [];
  const pattern = definition
    .trim()
    .split(/(\$\{?\w+\}?)/)
    .map((part) => {
      if (!part.startsWith('$')) return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
      names.push(part.replace(/[${}]/g, ''));
      return '(VALUE)';
    })
    .join('');
  if (!names.some((name) => ADDRESS.has(name)) || !names.some((name) => REQUEST.has(name)))
    return null;
  const line = new RegExp(`^${valuesIn(pattern)}$`);
  return { name: 'the given format', parser: () => parserFor(line, names), stateless: true };
}

const ADDRESS = new Set([
  'remote_addr',
  'realip_remote_addr',
  'http_x_forwarded_for',
  'http_x_real_ip',
  'proxy_add_x_forwarded_for',
  'http_cf_connecting_ip',
]);
const REQUEST = new Set(['request', 'request_uri', 'uri']);

/** A value ends where the next literal character stands: none of them can then run away in time. */
function valuesIn(pattern: string): string {
  return pattern.replace(/\(VALUE\)(\\?.)?/g, (_all, next: string | undefined) => {
    if (next === undefined) return '(.*)';
    if (next === '(') return '(\\S*?)(';
    const plain = next.startsWith('\\') ? next[1] : next;
    const value =
      plain === '"'
        ? '((?:[^"\\\\]|\\\\.)*)'
        : `([^${plain === ']' || plain === '\\' || plain === '^' || plain === '-' ? '\\' : ''}${plain}]*)`;
    return `${value}${next}`;
  });
}

function parserFor(line: RegExp, names: readonly string[]): Parse {
  return (text, record) => {
    const match = line.exec(text);
    if (match === null) return 'not-understood';
    names.forEach((name, i) => {
      const value = said(unescaped(match[i + 1] as string));
      if (value !== '') SETTERS[name]?.(record, value);
    });
    if (record.address === '') return 'no-address';
    return null;
  };
}

const SETTERS: Readonly<Record<string, (record: LogRecord, value: string) => void>> = {
  remote_addr: (record, value) => {
    if (record.address === '') record.address = value;
  },
  realip_remote_addr: (record, value) => {
    if (record.address === '') record.address = value;
  },
  http_x_real_ip: (record, value) => {
    record.forwarded = value;
  },
  http_cf_connecting_ip: (record, value) => {
    record.forwarded = value;
  },
  http_x_forwarded_for: (record, value) => {
    record.forwarded = value;
  },
  proxy_add_x_forwarded_for: (record, value) => {
    record.forwarded = value;
  },
  remote_user: (record, value) => {
    record.user = value;
  },
  host: (record, value) => {
    record.host = value;
  },
  http_host: (record, value) => {
    record.host = value;
  },
  server_name: (record, value) => {
    if (record.host === '') record.host = value;
  },
  time_local: (record, value) => {
    record.time = clfTime(value, 0);
  },
  time_iso8601: (record, value) => {
    record.time = isoTime(value);
  },
  msec: (record, value) => {
    record.time = epochTime(Number(value));
  },
  request: setRequest,
  request_method: (record, value) => {
    record.method = value;
  },
  request_uri: setUrl,
  uri: (record, value) => {
    if (record.target === '') record.target = value;
  },
  server_protocol: (record, value) => {
    record.protocol = value;
  },
  status: (record, value) => {
    record.status = Math.max(0, count(value));
  },
  body_bytes_sent: (record, value) => {
    record.bytes = count(value);
  },
  bytes_sent: (record, value) => {
    if (record.bytes < 0) record.bytes = count(value);
  },
  http_referer: (record, value) => {
    record.referer = value;
  },
  http_user_agent: (record, value) => {
    record.agent = value;
  },
  request_time: (record, value) => {
    const seconds = Number(value);
    if (seconds >= 0) record.durationMicros = Math.round(seconds * 1e6);
  },
};
