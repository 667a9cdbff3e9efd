/**
 * `17/May/2015:10:05:03 +0000` at `at` in `text` as milliseconds since 1970, or NaN. The zone may
 * be missing (HAProxy writes local time without one: taken as UTC), milliseconds may follow.
 */
export function clfTime(text: string, at: number): number {
  // Logs are in order: nearly every line has the day of the one before.
  let midnight = lastMidnight;
  if (!text.startsWith(lastDay, at)) {
    midnight = midnightOf(text, at);
    if (Number.isNaN(midnight)) return midnight;
    lastDay = Buffer.from(text.slice(at, at + 12), 'latin1').toString('latin1');
    lastMidnight = midnight;
  }
  const hour = twoDigits(text, at + 12);
  const minute = twoDigits(text, at + 15);
  const second = twoDigits(text, at + 18);
  if (!(hour < 24 && minute < 60 && second < 61)) return Number.NaN;
  if (text.charCodeAt(at + 14) !== COLON || text.charCodeAt(at + 17) !== COLON) return Number.NaN;
  let time = midnight + (hour * 3600 + minute * 60 + second) * 1000;
  let zone = at + 20;
  if (text.charCodeAt(zone) === DOT) {
    let scale = 100;
    for (zone++; ; zone++) {
      const digit = text.charCodeAt(zone) - ZERO;
      if (!(digit >= 0 && digit <= 9)) break;
      time += Math.floor(digit * scale);
      scale /= 10;
    }
  }
  if (text.charCodeAt(zone) !== SPACE) return time;
  const sign = text.charCodeAt(zone + 1);
  if (sign !== PLUS && sign !== MINUS) return time;
  const offset = (twoDigits(text, zone + 2) * 60 + twoDigits(text, zone + 4)) * 60_000;
  return sign === PLUS ? time - offset : time + offset;
}

/** RFC 3339 and its near relations (`2024-03-12 15:22:28`, comma, many digits); UTC without zone. */
export function isoTime(text: string): number {
  const match = ISO.exec(text);
  if (match === null) return Number.NaN;
  const [, day, clock, fraction = '', zone = 'Z'] = match;
  const plain = zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone;
  return Date.parse(`${day}T${clock}.${fraction.slice(0, 3).padEnd(3, '0')}${plain.toUpperCase()}`);
}

const ISO =
  /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(?:[.,](\d{1,9}))?\s?(Z|z|[+-]\d{2}:?\d{2})?$/;

/** Seconds, milliseconds, micro- or nanoseconds since 1970, told apart by their size. */
export function epochTime(value: number): number {
  if (!Number.isFinite(value) || value <= 0) return Number.NaN;
  if (value < 1e11) return Math.round(value * 1e3);
  if (value < 1e14) return Math.round(value);
  return value < 1e17 ? Math.round(value / 1e3) : Math.round(value / 1e6);
}

let lastDay = '?';
let lastMidnight = Number.NaN;

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const ZERO = 48;
const COLON = 58;
const SPACE = 32;
const PLUS = 43;
const MINUS = 45;
const DOT = 46;

function midnightOf(text: string, at: number): number {
  const day = twoDigits(text, at);
  const month = MONTHS.indexOf(text.slice(at + 3, at + 6));
  const year = twoDigits(text, at + 7) * 100 + twoDigits(text, at + 9);
  const slashes = text[at + 2] === '/' && text[at + 6] === '/' && text[at + 11] === ':';
  if (!slashes || month < 0 || !(day >= 1 && day <= 31) || Number.isNaN(year)) return Number.NaN;
  return Date.UTC(year, month, day);
}

function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - ZERO;
  const ones = text.charCodeAt(at + 1) - ZERO;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}
