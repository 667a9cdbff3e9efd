import { field, isObject, jsonObject, text } from './json-fields.ts';

/**
 * What a collector put around a line, taken off: syslog, Kubernetes' CRI, Docker's JSON, NULs that
 * `copytruncate` leaves at the head of a file, a pair of quotes around all of it. Null where nothing
 * is around it.
 */
export function unwrapped(line: string): string | null {
  const first = line.charCodeAt(0);
  if (first === 0) return line.replace(/^\0+/, '');
  if (first === 123) return fromJson(line);
  if (first === 34 && line.endsWith('"') && line.length > 2) return line.slice(1, -1);
  const cri = /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d) (?:stdout|stderr) [FP] /.exec(line);
  if (cri !== null) return line.slice(cri[0].length);
  const syslog = SYSLOG.exec(line);
  return syslog === null ? null : line.slice(syslog[0].length);
}

/** RFC 3164 and 5424 heads, as rsyslog and nginx's `access_log syslog:` write them. */
const SYSLOG =
  /^(?:<\d{1,3}>)?(?:1 \S+ \S+ \S+ \S+ \S+ (?:-|\[.*?\]) ?|(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT\S+) (?:\S+ )?[\w./-]+(?:\[\d+\])?: )/;

function fromJson(line: string): string | null {
  const object = jsonObject(line);
  if (object === null) return null;
  for (const name of ['log', 'message', 'msg', 'MESSAGE', 'line']) {
    const inner = field(object, name);
    if (isObject(inner)) return JSON.stringify(inner);
    if (typeof inner === 'string' && inner.length > 20) {
      const said = text(object, name).replace(/\r?\n$/, '');
      // Some write who speaks ahead of the line: "frontend.0 nginx: …".
      return said.replace(/^\S+ [\w-]+: (?=\S+ \S+ .*\[)/, '');
    }
  }
  return null;
}
