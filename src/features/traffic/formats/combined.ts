import { looksLikeAddress } from './address.ts';
import { clfTime, isoTime } from './log-time.ts';
import { closingQuote, unescaped } from './quoted.ts';
import { count, type Format, type LogRecord, type Refusal, said, setRequest } from './record.ts';

/**
 * The common log format and its descendants: Apache common, combined and vhost; nginx combined and
 * what people append to it (X-Forwarded-For, request time); Traefik; LiteSpeed; a syslog prefix.
 *
 *     [vhost[:port]] address ident user [time] "request" status bytes ["referer" "agent" …]
 *
 * Apache docs/2.4/mod/mod_log_config.html, nginx ngx_http_log_module.
 */
export const combined: Format = { name: 'combined', parser: () => parseCombined, stateless: true };

export function parseCombined(line: string, record: LogRecord): Refusal | null {
  let open = line.indexOf('[');
  let time = Number.NaN;
  let close = -1;
  for (let tries = 0; open >= 0 && tries < 16; tries++, open = line.indexOf('[', open + 1)) {
    time = clfTime(line, open + 1);
    // A time is short; the first look is the one that nearly always finds it.
    close =
      line.charCodeAt(open + 27) === BRACKET
        ? open + 27
        : line.slice(open, open + 64).indexOf(']') + open;
    if (close < open) continue;
    if (Number.isNaN(time)) time = isoTime(line.slice(open + 1, close));
    if (!Number.isNaN(time)) break;
  }
  if (Number.isNaN(time) || close < 0) return 'no-time';
  const start = line.charCodeAt(close + 1) === SPACE ? close + 2 : close + 1;
  if (line.charCodeAt(start) !== QUOTE) return line.length <= start ? 'truncated' : 'no-request';
  const end = requestEnd(line, start + 1);
  if (end < 0) return line.indexOf('"', start + 1) < 0 ? 'truncated' : 'no-status';
  record.time = time;
  if (!setClient(record, line, open)) return 'no-address';
  setRequest(record, unescaped(line.slice(start + 1, end)));
  return setRest(record, line, end + 2);
}

const SPACE = 32;
const QUOTE = 34;
const BRACKET = 93;
const MINUS = 45;

/** The quote that ends the request: the first that a status follows, for requests holding quotes. */
function requestEnd(line: string, from: number): number {
  for (let at = closingQuote(line, from); at >= 0; at = closingQuote(line, at + 1)) {
    if (line.charCodeAt(at + 1) === SPACE) {
      const c = line.charCodeAt(at + 2);
      const digits = c >= 48 && c <= 57 && isBreak(line.charCodeAt(at + 5));
      if (digits || (c === MINUS && isBreak(line.charCodeAt(at + 3)))) return at;
    }
  }
  return -1;
}

function isBreak(code: number): boolean {
  return code === SPACE || Number.isNaN(code);
}

/** What stands before the time: who asked, and what people put in front of that. */
function setClient(record: LogRecord, line: string, open: number): boolean {
  const space = line.indexOf(' ');
  const first = line.slice(0, space);
  if (space > 0 && space < open && looksLikeAddress(first)) {
    record.address = first;
    // Nearly always "- - ": nothing to cut.
    if (open - space !== 5 || line.charCodeAt(space + 1) !== MINUS) {
      record.user = userIn(line.slice(space + 1, open).trimEnd());
    }
    return true;
  }
  return setUnusualClient(record, line.slice(0, open).replace(/^"|\s+$/g, ''));
}

function setUnusualClient(record: LogRecord, before: string): boolean {
  const words = before.split(/ +/).filter((word) => word !== '');
  const bare = words.map((word) => word.replace(/^\[|[\],]+$/g, ''));
  // Behind a virtual host or a syslog prefix; of "client, proxy, proxy" the first is the client's.
  const at = bare.findIndex(looksLikeAddress);
  if (at >= 0) {
    record.address = bare[at] as string;
    const ahead = words[at - 1];
    if (ahead !== undefined && !ahead.endsWith(':')) record.host = hostOf(ahead);
    record.user = userIn(words.slice(at + 1).join(' '));
    return true;
  }
  // A host name: "name - -", or "vhost name - -".
  const dash = words.indexOf('-');
  const client = words[dash > 0 ? dash - 1 : 0];
  if (client === undefined || client === '-' || words.length > 8) return false;
  record.address = client;
  if (dash > 1) record.host = hostOf(words[dash - 2] as string);
  record.user = userIn(words.slice(dash > 0 ? dash : 1).join(' '));
  return true;
}

function hostOf(vhost: string): string {
  return vhost.replace(/:\d+$/, '');
}

/** `ident user`, and the user may hold spaces. */
function userIn(rest: string): string {
  const space = rest.indexOf(' ');
  return space < 0 ? '' : said(rest.slice(space + 1).trim());
}

function setRest(record: LogRecord, line: string, at: number): Refusal | null {
  record.status = line.charCodeAt(at) === MINUS ? 0 : Number(line.slice(at, at + 3));
  const bytesAt = line.indexOf(' ', at) + 1;
  if (bytesAt === 0) return null;
  const space = line.indexOf(' ', bytesAt);
  const bytes = space < 0 ? line.slice(bytesAt) : line.slice(bytesAt, space);
  // Apache writes no bytes as "-".
  record.bytes = bytes === '-' ? 0 : count(bytes);
  if (space < 0 || line.charCodeAt(space + 1) !== QUOTE) return null;
  const refererEnd = closingQuote(line, space + 2);
  if (refererEnd < 0) return 'truncated';
  record.referer = said(unescaped(line.slice(space + 2, refererEnd)));
  if (line.charCodeAt(refererEnd + 2) !== QUOTE) return null;
  const agentAt = refererEnd + 3;
  const agentEnd = closingQuote(line, agentAt);
  // The rest of the line is the beginning of the agent, and tells who it was.
  record.agent = said(unescaped(line.slice(agentAt, agentEnd < 0 ? line.length : agentEnd)));
  if (agentEnd < 0) return 'truncated';
  if (agentEnd + 1 < line.length) setExtras(record, line.slice(agentEnd + 1));
  return null;
}

/** What was appended: an address list is X-Forwarded-For, `0.123` a request time, `12ms` Traefik's. */
function setExtras(record: LogRecord, extras: string): void {
  const forwarded = /^[ ]"((?:\d{1,3}\.){3}\d{1,3}[^"]*|[0-9a-fA-F]*:[0-9a-fA-F:.]+[^"]*)"/.exec(
    extras,
  );
  if (forwarded !== null) record.forwarded = forwarded[1] as string;
  const seconds = /(?:^| |rt=)(\d{1,6}\.\d{3})(?= |$)/.exec(extras);
  if (seconds !== null) record.durationMicros = Math.round(Number(seconds[1]) * 1e6);
  const ms = / (\d{1,9})ms$/.exec(extras);
  if (ms !== null) record.durationMicros = Number(ms[1]) * 1000;
}
