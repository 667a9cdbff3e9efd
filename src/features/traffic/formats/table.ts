import { clfTime, epochTime, isoTime } from './log-time.ts';
import {
  count,
  type Format,
  type LogRecord,
  type Parse,
  type Refusal,
  said,
  setRequest,
  setUrl,
} from './record.ts';

/**
 * Columns apart by tabs whose first line names them, as exports and archives come: the names are
 * looked up among what people call these things. Rows may lack columns at their end.
 */
export const table: Format = { name: 'tab-separated', parser: tableParser, stateless: false };

const NAMES: readonly (readonly [
  column: RegExp,
  set: (record: LogRecord, value: string) => void,
])[] = [
  [
    /^(host|ip|client|remote_addr|clientip|client_ip|c-ip|address)$/i,
    (record, value) => {
      record.address = value;
    },
  ],
  [
    /^(time|timestamp|date|datetime|@timestamp)$/i,
    (record, value) => {
      record.time = timeOf(value);
    },
  ],
  [
    /^method$/i,
    (record, value) => {
      record.method = value;
    },
  ],
  [/^(url|path|uri|target|request_uri)$/i, setUrl],
  [/^request$/i, setRequest],
  [
    /^(status|response|code|status_code)$/i,
    (record, value) => {
      record.status = Math.max(0, count(value));
    },
  ],
  [
    /^(bytes|size|bytes_sent)$/i,
    (record, value) => {
      record.bytes = count(value);
    },
  ],
  [
    /^(referer|referrer)$/i,
    (record, value) => {
      record.referer = value;
    },
  ],
  [
    /^(useragent|user_agent|user-agent|agent)$/i,
    (record, value) => {
      record.agent = value;
    },
  ],
];

function tableParser(): Parse {
  let setters: ((record: LogRecord, value: string) => void)[] | null = null;
  return (line, record): Refusal | null => {
    if (setters === null) {
      const found = line
        .split('\t')
        .map((name) => NAMES.find(([column]) => column.test(name.trim()))?.[1]);
      if (found.filter((setter) => setter !== undefined).length < 3) return 'no-columns';
      setters = found.map((setter) => setter ?? (() => {}));
      return 'directive';
    }
    const values = line.split('\t');
    if (values.length < 3) return 'truncated';
    setters.forEach((set, i) => {
      const value = said(values[i] ?? '');
      if (value !== '') set(record, value);
    });
    if (record.address === '') return 'no-address';
    return Number.isNaN(record.time) ? 'no-time' : null;
  };
}

function timeOf(value: string): number {
  if (/^\d+(\.\d+)?$/.test(value)) return epochTime(Number(value));
  const clf = clfTime(value.replace(/^\[|\]$/g, ''), 0);
  return Number.isNaN(clf) ? isoTime(value) : clf;
}
