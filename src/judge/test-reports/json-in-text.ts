/**
 * The JSON object in a text that may hold other lines around it, such as those of a package manager;
 * null where there is none that parses.
 */
export function objectIn(text: string): JsonObject | null {
  const whole = parsed(text);
  if (whole !== null) return whole;
  const end = text.lastIndexOf('}') + 1;
  // Each try reads all that follows, so there are few of them.
  let tries = 0;
  for (const { index } of text.matchAll(/^[ \t]*\{/gm)) {
    if (index >= end || ++tries > MOST_TRIES) break;
    const found = parsed(text.slice(index, end));
    if (found !== null) return found;
  }
  return null;
}

/** The objects of a text with one in each line; `other` hears the lines that hold none. */
export function* objectLines(
  lines: Iterable<string>,
  other: (line: string) => void,
): Generator<JsonObject> {
  for (const line of lines) {
    const object = line.startsWith('{') ? parsed(line) : null;
    if (object === null) other(line);
    else yield object;
  }
}

export type JsonObject = Readonly<Record<string, unknown>>;

const MOST_TRIES = 5;

function parsed(text: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(text);
    return asObject(value);
  } catch {
    return null;
  }
}

/** Readers of values of which nothing is known yet. Absent or of another type: null, 0, '' or []. */
export function asObject(value: unknown): JsonObject | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : null;
}

export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function asText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** A whole number from 0 to 999 999 999; null for anything else. */
export function asCount(value: unknown): number | null {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 1e9
    ? value
    : null;
}
