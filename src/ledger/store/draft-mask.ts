import type { JsonValue } from '../../core/canonical-json.ts';
import type { Draft } from '../../core/entries/kinds.ts';
import type { MaskRules } from '../mask/mask-rules.ts';
import { maskText } from '../mask/text-mask.ts';

/**
 * Masks every string that entries are about to hold, whatever their kind: the last gate before the
 * disk, so that no slice can forget it. What was struck out is counted in the body's `masked`.
 */
export function maskDrafts(rules: MaskRules, drafts: readonly Draft[]): readonly Draft[] {
  // Nearly always there is nothing to strike out, and one look at all strings together, a line
  // each, shows it: a rule that finds something in one of them finds it there too.
  const strings: string[] = [];
  for (const { body, actor } of drafts) {
    collect(body as unknown as JsonValue, strings);
    collect(actor as unknown as JsonValue, strings);
  }
  if (maskText(rules, strings.join('\n')).counts.size === 0) return drafts;
  return drafts.map((draft) => maskDraft(rules, draft));
}

/** Rule and hits in the form entries carry, in a stable order. */
export function maskedCounts(counts: ReadonlyMap<string, number>) {
  return [...counts].sort().map(([rule, count]) => ({ rule, count }));
}

function maskDraft(rules: MaskRules, draft: Draft): Draft {
  const counts = new Map<string, number>();
  const body = maskValue(rules, draft.body as unknown as JsonValue, counts);
  const actor = maskValue(rules, draft.actor as unknown as JsonValue, counts);
  if (counts.size === 0) return draft;
  const masked = maskedCounts(counts);
  return { ...draft, actor, body: { ...(body as object), masked } } as unknown as Draft;
}

function collect(value: JsonValue, into: string[]): void {
  if (typeof value === 'string') into.push(value);
  else if (typeof value === 'object' && value !== null) {
    for (const item of Object.values(value)) collect(item, into);
  }
}

function maskValue(rules: MaskRules, value: JsonValue, counts: Map<string, number>): JsonValue {
  if (typeof value === 'string') {
    const masked = maskText(rules, value);
    for (const [rule, count] of masked.counts) counts.set(rule, (counts.get(rule) ?? 0) + count);
    return masked.text;
  }
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => maskValue(rules, item, counts));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, maskValue(rules, item, counts)]),
  );
}
