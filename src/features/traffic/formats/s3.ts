import { clfTime } from './log-time.ts';
import { fields } from './quoted.ts';
import { count, type Format, type LogRecord, type Refusal, said, setRequest } from './record.ts';

/**
 * S3 server access logs: docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html.
 *
 *     owner bucket [time] ip requester id operation key "request" status error sent size total turn "referer" "agent" …
 */
export const s3: Format = { name: 'AWS S3', parser: () => parseS3, stateless: true };

export function parseS3(line: string, record: LogRecord): Refusal | null {
  if (!/^\S{20,64} \S+ \[\d\d\/[A-Z][a-z]{2}\/\d{4}:/.test(line)) return 'not-understood';
  const all = fields(line);
  if (all === null || all.length < 17) return 'truncated';
  const at = (i: number) => all[i]?.text ?? '';
  record.time = clfTime(at(2), 0);
  record.address = at(3);
  record.host = at(1);
  setRequest(record, at(8));
  record.status = Math.max(0, count(at(9)));
  record.bytes = at(11) === '-' ? 0 : count(at(11));
  const total = count(at(13));
  record.durationMicros = total < 0 ? -1 : total * 1000;
  record.referer = said(at(15));
  record.agent = said(at(16));
  return record.address === '-' ? 'no-address' : null;
}
