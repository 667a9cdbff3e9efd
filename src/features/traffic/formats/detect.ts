import { alb } from './alb.ts';
import { combined } from './combined.ts';
import { haproxy } from './haproxy.ts';
import { JSON_FORMATS } from './json-line.ts';
import { proxyManager } from './nginx-proxy-log.ts';
import { clear, emptyRecord, type Format, type LogRecord, type Parse } from './record.ts';
import { s3 } from './s3.ts';
import { table } from './table.ts';
import { w3c } from './w3c.ts';
import { unwrapped } from './wrapped.ts';

/** All formats, the more telling before the more general. */
export const FORMATS: readonly Format[] = [
  ...JSON_FORMATS,
  w3c,
  table,
  alb,
  s3,
  haproxy,
  proxyManager,
  combined,
];

/** The format most of these lines are in; `combined` where none reads any of them. */
export function detect(lines: readonly string[]): Format {
  let best: Format = combined;
  let most = 0;
  for (const format of FORMATS) {
    const parse = format.parser();
    const record = emptyRecord();
    let read = 0;
    for (const line of lines) {
      clear(record);
      if (line !== '' && parse(unwrappedFor(format, line), record) === null) read++;
    }
    if (read > most) {
      most = read;
      best = format;
    }
  }
  return best;
}

export function formatNamed(name: string): Format | undefined {
  return FORMATS.find((format) => format.name === name);
}

/**
 * Reads lines of a source that is mostly `primary`: a line it refuses is tried as each of the
 * others, bare and with a collector's wrapping taken off, before it is refused. The record holds
 * what could be read even then.
 */
export function lineParser(primary: Format): Parse {
  const first = primary.parser();
  const others = FORMATS.filter((format) => format !== primary && format.stateless).map((format) =>
    format.parser(),
  );
  const anyOf = (line: string, record: LogRecord): boolean =>
    others.some((parse) => {
      clear(record);
      return parse(line, record) === null;
    });
  return (line, record) => {
    clear(record);
    const refusal = first(line, record);
    if (refusal === null || refusal === 'directive') return refusal;
    if (isBlank(line)) return 'empty';
    const inner = unwrapped(line);
    if (inner !== null) {
      clear(record);
      if (first(inner, record) === null || anyOf(inner, record)) return null;
    }
    if (anyOf(line, record)) return null;
    clear(record);
    return primary.stateless ? first(line, record) : refusal;
  };
}

function unwrappedFor(format: Format, line: string): string {
  return line.charCodeAt(0) === 123 && format.name !== 'combined'
    ? line
    : (unwrapped(line) ?? line);
}

function isBlank(line: string): boolean {
  return line.trim() === '';
}
