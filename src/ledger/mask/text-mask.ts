import type { MaskRules } from './mask-rules.ts';
import { openKeyIn } from './pem-block.ts';
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

/** Whether there is nothing to strike out of a text; of a short one without the cost of a stream. */
export function isClean(rules: MaskRules, text: string): boolean {
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length >= rules.window) return maskBytes(rules, bytes).counts.size === 0;
  const latin1 = bytes.toString('latin1');
  return openKeyIn(latin1, 0) === undefined && rules.find(bytes, latin1, 0).length === 0;
}
