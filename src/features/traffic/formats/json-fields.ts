import { isAscii, toBinary } from './binary-text.ts';

export type Json = Record<string, unknown>;

/** The object on a line of JSON, or null. Fields are text; `binary` turns them back to bytes. */
export function jsonObject(line: string): Json | null {
  try {
    const text = isAscii(line) ? line : Buffer.from(line, 'latin1').toString('utf8');
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Own fields only: a log may name a field `__proto__`. */
export function field(object: Json, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** A field as binary text: the first of a list, a number as written, nothing for `-`. */
export function text(object: Json, ...names: string[]): string {
  for (const name of names) {
    let value = field(object, name);
    if (Array.isArray(value)) value = value[0];
    if (typeof value === 'number') return String(value);
    if (typeof value === 'string' && value !== '' && value !== '-') return toBinary(value);
  }
  return '';
}

/** A field as a number, also where it is written as text; NaN where there is none. */
export function number(object: Json, ...names: string[]): number {
  for (const name of names) {
    const value = field(object, name);
    if (typeof value === 'number') return value;
    if (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value)) return Number(value);
  }
  return Number.NaN;
}

/** A count of bytes; -1 where it is not said. */
export function size(object: Json, ...names: string[]): number {
  const value = number(object, ...names);
  return Number.isSafeInteger(value) && value >= 0 ? value : -1;
}

/** A header of a map whose names are spelled as they came. */
export function header(headers: unknown, name: string): string {
  if (!isObject(headers)) return '';
  const direct = text(headers, name);
  if (direct !== '') return direct;
  const found = Object.keys(headers).find((key) => key.toLowerCase() === name.toLowerCase());
  return found === undefined ? '' : text(headers, found);
}

/** A time as microseconds; -1 where it is not said. */
export function micros(value: number, perUnit: number): number {
  return Number.isFinite(value) && value >= 0 ? Math.round(value * perUnit) : -1;
}
