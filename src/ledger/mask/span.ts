/** A secret found in a piece of text. Offsets are bytes, because the text is latin1. */
export interface Span {
  /** Where the shape begins, name and all; a window is never cut between this and `to`. */
  start: number;
  /** The bytes to replace: `from` inclusive, `to` exclusive. */
  from: number;
  to: number;
  kind: string;
  rank: Rank;
  /** What is hashed for the label when it is not the bytes themselves (the value behind a form). */
  secret?: string;
}

/** When two rules find the same bytes, the one that knows most names them. */
export const RANK = { named: 1, pattern: 2, own: 3 } as const;
export type Rank = (typeof RANK)[keyof typeof RANK];

/**
 * Sorted, disjoint spans. Overlapping ones become their union: if two rules each saw part of a
 * secret, neither part may stay. The longest finding gives the union its kind.
 */
export function mergeSpans(spans: Span[]): Span[] {
  if (spans.length < 2) return spans;
  spans.sort((a, b) => a.from - b.from || b.to - a.to || b.rank - a.rank);
  const merged: Span[] = [];
  let last: Span | undefined;
  for (const span of spans) {
    if (last === undefined || span.from >= last.to) {
      last = { ...span };
      merged.push(last);
      continue;
    }
    last.start = Math.min(last.start, span.start);
    if (span.to <= last.to) continue;
    // A partial overlap belongs to neither value, so its label is the hash of the union.
    if (span.to - span.from > last.to - last.from) last.kind = span.kind;
    last.to = span.to;
    delete last.secret;
  }
  return merged;
}
