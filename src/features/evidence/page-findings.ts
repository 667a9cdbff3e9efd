import type { Body } from '../../core/entries/kinds.ts';
import type { ConsoleLine, Seen } from './browser-machine.ts';

/** The blob `console`: a JSON object a line, errors first, each kind in order of time. */
export function consoleLines({ console: lines }: Pick<Seen, 'console'>): string {
  return jsonLines([...lines.filter(isError), ...lines.filter((line) => !isError(line))]);
}

/** The blob `requests`: those that failed, in order of time. */
export function requestLines({ failed }: Pick<Seen, 'failed'>): string {
  return jsonLines(failed);
}

/**
 * The first of what went wrong, for the entry itself: what was thrown, then what was logged as an
 * error, then what did not load. The browser's own line about a failed request is left out, as the
 * request stands there by itself.
 */
export function problemsIn(seen: Pick<Seen, 'console' | 'failed'>): Body<'screenshot'>['problems'] {
  const thrown = seen.console.filter(({ level }) => level === 'exception');
  const logged = seen.console.filter(
    ({ level, text }) => level === 'error' && !text.startsWith('Failed to load resource:'),
  );
  const problems = [
    ...thrown.map((line) => ({ what: 'exception' as const, text: firstLine(line.text) })),
    ...logged.map((line) => ({
      what: 'error' as const,
      text: firstLine(line.text) + placeOf(line),
    })),
    ...seen.failed.map(({ method, url, status, why }) => ({
      what: 'request' as const,
      text: `${method} ${url} → ${status ?? why ?? 'failed'}`,
    })),
  ];
  return problems.slice(0, MOST_PROBLEMS);
}

function isError({ level }: ConsoleLine): boolean {
  return level === 'error' || level === 'exception';
}

function placeOf({ url, line }: ConsoleLine): string {
  return url === undefined ? '' : ` (${url}:${line ?? 0})`;
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? '';
}

function jsonLines(values: readonly object[]): string {
  return values.map((value) => `${JSON.stringify(value).toWellFormed()}\n`).join('');
}

const MOST_PROBLEMS = 10;
