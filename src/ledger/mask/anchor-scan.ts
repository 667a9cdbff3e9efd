import { assignedRules } from './assigned-value.ts';
import { AUTHORIZATION } from './authorization.ts';
import { prefixRules, type Rule } from './patterns.ts';
import { inlinePem } from './pem-inline.ts';
import type { Span } from './span.ts';
import { URL_PASSWORD } from './url-password.ts';

/**
 * Finds every rule's matches in one pass over the bytes: a table of three-letter grams says where
 * any rule could begin (about one byte in a hundred of a usual log), and only there a regex runs.
 * Five times faster than one big alternation, and as fast with fifty rules as with five.
 * `text` is `bytes` as latin1; what begins before `from` is only there to be looked back at.
 */
export function scanAnchors(bytes: Uint8Array, text: string, from: number): Span[] {
  table ??= buildTable();
  const { slots, anchors, count } = table;
  const ends = new Int32Array(count);
  const spans: Span[] = [];
  const length = bytes.length;
  let gram = 0;
  let at = from;
  for (;;) {
    let slot = 0;
    // The hot loop of the whole masker: nothing but the lookup.
    while (at < length) {
      gram = ((gram << 8) | bytes[at++]! | 0x20) & 0xffffff;
      slot = slots[Math.imul(gram, SPREAD) >>> SHIFT]!;
      if (slot !== 0) break;
    }
    if (slot === 0) return spans;
    for (const anchor of anchors[slot - 1]!) {
      const start = at - anchor.reach;
      // A rule never looks again at bytes it has already matched.
      if (anchor.gram !== gram || start < from || start < ends[anchor.rule]!) continue;
      const found = anchor.match(text, start);
      if (found === undefined) continue;
      ends[anchor.rule] = typeof found === 'number' ? found : found.to;
      if (typeof found === 'object') spans.push(found);
    }
  }
}

interface Anchor {
  gram: number;
  /** From behind the gram back to the first byte of the match. */
  reach: number;
  rule: number;
  match: Rule['match'];
}

const SHIFT = 16;
const SPREAD = 0x9e3779b1 | 0;

let table: { slots: Uint8Array; anchors: Anchor[][]; count: number } | undefined;

function buildTable(): NonNullable<typeof table> {
  const rules = [...prefixRules(), inlinePem(), URL_PASSWORD, AUTHORIZATION, ...assignedRules()];
  const slots = new Uint8Array(1 << (32 - SHIFT));
  const anchors: Anchor[][] = [];
  for (const [rule, { starts, gramAt = 0, match }] of rules.entries()) {
    for (const start of starts) {
      const gram = foldedGram(start, gramAt);
      const slot = Math.imul(gram, SPREAD) >>> SHIFT;
      if (slots[slot] === 0) slots[slot] = anchors.push([]);
      const here = anchors[slots[slot]! - 1]!;
      const reach = gramAt + 3;
      if (here.some((anchor) => anchor.rule === rule && anchor.gram === gram)) continue;
      here.push({ gram, reach, rule, match });
    }
  }
  return { slots, anchors, count: rules.length };
}

/** Letters are folded to lower case (and a few other bytes to nonsense: the regex decides). */
function foldedGram(text: string, at: number): number {
  let gram = 0;
  for (let i = at; i < at + 3; i++) gram = (gram << 8) | text.charCodeAt(i) | 0x20;
  return gram;
}
