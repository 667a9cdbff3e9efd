import type { Span } from './span.ts';

/**
 * Where to cut a window `[from, to)` of a line that has no end in sight: in its middle, so that a
 * secret beginning before the cut is in the window whole, and never through one. `insideSecret`
 * says that the one at the cut is longer than the window and goes on behind it.
 *
 * Going back to a secret's start is always right, since the next window finds it again. Only a
 * secret that begins the window is passed over forwards; so windows make progress, and a byte is
 * looked at in four windows at most.
 */
export function cutLongLine(
  spans: readonly Span[],
  from: number,
  to: number,
): { at: number; insideSecret: boolean } {
  const middle = from + Math.floor((to - from) / 2);
  let at = middle;
  for (let span = spanning(spans, at); span !== undefined; span = spanning(spans, at))
    at = span.start;
  if (at > from) return { at, insideSecret: false };
  at = middle;
  for (let span = spanning(spans, at); span !== undefined; span = spanning(spans, at)) at = span.to;
  return at > to - UNSURE ? { at: to, insideSecret: true } : { at, insideSecret: false };
}

function spanning(spans: readonly Span[], at: number): Span | undefined {
  return spans.find((span) => span.start < at && span.to > at);
}

/** A secret that ends so close to the window's end may only have been cut off by it. */
const UNSURE = 16;
