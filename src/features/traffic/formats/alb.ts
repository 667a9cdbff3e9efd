import { looksLikeAddress } from './address.ts';
import { isoTime } from './log-time.ts';
import { fields } from './quoted.ts';
import {
  count,
  type Format,
  type LogRecord,
  type Refusal,
  said,
  setUrl,
  withoutPort,
} from './record.ts';

/**
 * AWS Application Load Balancer (and Classic, which lacks the leading type): docs.aws.amazon.com,
 * load-balancer-access-logs. AWS appends fields; what follows the agent is not looked at.
 *
 *     type time elb client:port target:port t1 t2 t3 elb_status target_status in out "request" "agent" …
 */
export const alb: Format = { name: 'AWS load balancer', parser: () => parseAlb, stateless: true };

export function parseAlb(line: string, record: LogRecord): Refusal | null {
  const classic = /^\d{4}-\d{2}-\d{2}T/.test(line);
  if (!classic && !/^(https?|h2|grpcs?|wss?) \d{4}-\d{2}-\d{2}T/.test(line))
    return 'not-understood';
  const all = fields(line);
  if (all === null) return 'truncated';
  const from = classic ? 0 : 1;
  const at = (i: number) => all[from + i]?.text ?? '';
  if (all.length < from + 13) return 'truncated';
  record.time = isoTime(at(0));
  record.address = withoutPort(at(2));
  record.status = Math.max(0, count(at(7)));
  record.bytes = count(at(10));
  const times = [at(4), at(5), at(6)].map(Number);
  // -1 where the load balancer never sent it on.
  if (times.every((seconds) => seconds >= 0)) {
    record.durationMicros = Math.round(times.reduce((sum, seconds) => sum + seconds, 0) * 1e6);
  }
  if (!all[from + 11]?.quoted) return 'no-request';
  // Many logs begin with a time; few have an address and statuses in these places.
  if (!looksLikeAddress(record.address)) return 'no-address';
  if (!/^(\d{3}|-)$/.test(at(7))) return 'no-status';
  setAbsoluteRequest(record, at(11));
  record.agent = said(at(12));
  return Number.isNaN(record.time) ? 'no-time' : null;
}

/** The request with its whole URL; `- - - ` for a connection that asked nothing. */
function setAbsoluteRequest(record: LogRecord, request: string): void {
  const parts = request.trimEnd().split(' ');
  const protocol = parts.at(-1) ?? '';
  if (parts.length < 3 || parts[0] === '-') {
    record.target = said(request.replaceAll(/[ -]/g, '') === '' ? '-' : request);
    return;
  }
  record.method = parts[0] as string;
  record.protocol = said(protocol);
  setUrl(record, parts.slice(1, -1).join(' '));
}
