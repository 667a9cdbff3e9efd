import { isoTime } from './log-time.ts';
import { count, type Format, type LogRecord, type Parse, type Refusal, said } from './record.ts';

/**
 * W3C extended (IIS, and CloudFront's standard logs, which are it with tabs): `#Fields:` names the
 * columns and may come again in mid-file. www.w3.org/TR/WD-logfile. Times are UTC.
 */
export const w3c: Format = { name: 'W3C extended', parser: w3cParser, stateless: false };

export function w3cParser(): Parse {
  let columns: readonly string[] = [];
  let tabs = false;
  let day = '';
  return (line, record) => {
    if (line.charCodeAt(0) === 35) {
      const fields = /^#Fields:[ \t]*(.*)$/i.exec(line);
      if (fields !== null) columns = (fields[1] as string).trim().split(/[ \t]+/);
      const date = /^#Date: *(\d{4}-\d{2}-\d{2})/i.exec(line);
      if (date !== null) day = date[1] as string;
      return 'directive';
    }
    if (columns.length === 0) {
      const fixed = cloudFrontColumns(line);
      if (fixed === null) return 'no-columns';
      columns = fixed;
    }
    tabs = line.includes('\t');
    const values = line.split(tabs ? '\t' : /[ \t]+/);
    if (values.length < columns.length) return 'truncated';
    if (values.length > columns.length) return 'other-columns';
    return read(columns, values, tabs, day, record);
  };
}

/** CloudFront's own columns, for files whose head was lost: 33 since 2019, in this order. */
function cloudFrontColumns(line: string): readonly string[] | null {
  if (!/^\d{4}-\d{2}-\d{2}\t\d{2}:\d{2}:\d{2}\t[A-Z0-9-]+\t/.test(line)) return null;
  const columns = line.split('\t').length;
  return columns >= 24 ? CLOUDFRONT.slice(0, columns) : null;
}

const CLOUDFRONT = [
  'date',
  'time',
  'x-edge-location',
  'sc-bytes',
  'c-ip',
  'cs-method',
  'cs(Host)',
  'cs-uri-stem',
  'sc-status',
  'cs(Referer)',
  'cs(User-Agent)',
  'cs-uri-query',
  'cs(Cookie)',
  'x-edge-result-type',
  'x-edge-request-id',
  'x-host-header',
  'cs-protocol',
  'cs-bytes',
  'time-taken',
  'x-forwarded-for',
  'ssl-protocol',
  'ssl-cipher',
  'x-edge-response-result-type',
  'cs-protocol-version',
  'fle-status',
  'fle-encrypted-fields',
  'c-port',
  'time-to-first-byte',
  'x-edge-detailed-result-type',
  'sc-content-type',
  'sc-content-len',
  'sc-range-start',
  'sc-range-end',
];

function read(
  columns: readonly string[],
  values: readonly string[],
  tabs: boolean,
  day: string,
  record: LogRecord,
): Refusal | null {
  const value = (...names: string[]): string => {
    for (const name of names) {
      const at = columns.indexOf(name);
      if (at >= 0) return said(values[at] as string);
    }
    return '';
  };
  const clock = value('time');
  record.time = isoTime(`${value('date') || day}T${clock}`);
  record.address = value('c-ip', 'cs(X-Forwarded-For)');
  record.host = value('x-host-header', 'cs-host', 'cs(Host)', 's-computername');
  record.method = value('cs-method');
  const query = value('cs-uri-query');
  const stem = value('cs-uri-stem', 'cs-uri');
  record.target = query === '' ? stem : `${stem}?${query}`;
  record.protocol = value('cs-version', 'cs-protocol-version');
  record.status = Math.max(0, count(value('sc-status')));
  record.bytes = count(value('sc-bytes'));
  const agent = value('cs(User-Agent)');
  record.agent = tabs ? percentDecoded(agent) : agent.replaceAll('+', ' ');
  record.referer = tabs ? percentDecoded(value('cs(Referer)')) : value('cs(Referer)');
  record.forwarded = value('x-forwarded-for', 'cs(X-Forwarded-For)');
  record.user = value('cs-username');
  const taken = value('time-taken');
  // IIS counts milliseconds, CloudFront seconds with a fraction.
  if (/^\d+(\.\d+)?$/.test(taken)) {
    record.durationMicros = Math.round(Number(taken) * (tabs ? 1e6 : 1e3));
  }
  if (record.address === '') return 'no-address';
  return Number.isNaN(record.time) ? 'no-time' : null;
}

/** CloudFront encodes spaces and more, older files twice: `%2520` is a space too. */
function percentDecoded(text: string): string {
  let decoded = text;
  for (let round = 0; round < 2 && decoded.includes('%'); round++) {
    decoded = decoded.replace(/%([0-9A-Fa-f]{2})/g, (_all, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
  }
  return decoded;
}
