import type { Span } from './span.ts';

/**
 * Where to cut a window, `text` behind `from`, of a line that has no end in sight: in its middle,
 * so that a secret beginning before the cut is in the window whole, and never through one.
 * `insideSecret` says that the one at the cut is longer than the window and goes on behind it.
 *
 * Going back to a secret's start is always right, since the next window finds it again. Only a
 * secret that begins the window is passed over forwards; so windows make progress, and a byte is
 * looked at in four windows at most.
 */
export function cutLongLine(
  spans: readonly Span[],
  text: string,
  from: number,
): { at: number; insideSecret: boolean } {
  const middle = from + Math.floor((text.length - from) / 2);
  let at = middle;
  for (let span = spanning(spans, at); span !== undefined; span = spanning(spans, at))
    at = span.start;
  if (at > from) return { at, insideSecret: false };
  at = middle;
  for (let span = spanning(spans, at); span !== undefined; span = spanning(spans, at)) at = span.to;
  // Signs that end a sentence are no part of a value, unless it goes on behind them.
  const isCutOff = at > middle && /^[.:,;]*$/.test(text.slice(at));
  return isCutOff ? { at: text.length, insideSecret: true } : { at, insideSecret: false };
}

function spanning(spans: readonly Span[], at: number): Span | undefined {
  return spans.find((span) => span.start < at && span.to > at);
}
