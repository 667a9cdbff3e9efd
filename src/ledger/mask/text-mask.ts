import type { MaskRules } from './mask-rules.ts';
import { StreamMask } from './stream-mask.ts';

/**
 * Masks a text at once: a title, an argument, a note. Works on its UTF-8 bytes, so half a surrogate
 * pair, which no UTF-8 file can hold, becomes U+FFFD if the text has a secret too.
 */
export function maskText(
  rules: MaskRules,
  text: string,
): { text: string; counts: Map<string, number> } {
  const masked = maskBytes(rules, Buffer.from(text, 'utf8'));
  const same = masked.counts.size === 0;
  return { text: same ? text : Buffer.from(masked.bytes).toString('utf8'), counts: masked.counts };
}

/** Masks bytes at once. Returns the same array if there is no secret in it. */
export function maskBytes(
  rules: MaskRules,
  bytes: Uint8Array,
): { bytes: Uint8Array; counts: Map<string, number> } {
  const mask = new StreamMask(rules);
  const parts = [mask.push(bytes).bytes, mask.end().bytes];
  const counts = new Map(mask.counts);
  return { bytes: counts.size === 0 ? bytes : Buffer.concat(parts), counts };
}
