import type { JsonValue } from '../../core/canonical-json.ts';
import type { Draft } from '../../core/entries/kinds.ts';
import type { MaskRules } from '../mask/mask-rules.ts';
import { isClean, maskText } from '../mask/text-mask.ts';

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
  if (isClean(rules, strings.join('\n'))) return drafts;
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

/**
 * Masks the words of a command together: in `--password hunter2` the second word is a secret only
 * because of the first. So they are masked as the JSON list they are about to become as well.
 */
export function maskWords(
  rules: MaskRules,
  words: readonly string[],
  counts: Map<string, number> = new Map(),
): string[] {
  const alone = words.map((word) => maskInto(rules, word, counts));
  const together = maskInto(rules, JSON.stringify(alone), counts);
  const read = readList(together);
  return read?.length === words.length ? read : alone.map(() => UNREADABLE);
}

/** A list that masking broke apart keeps nothing: rather no words than a secret. */
const UNREADABLE = '[REDACTED]';

function readList(text: string): string[] | null {
  try {
    return JSON.parse(text) as string[];
  } catch {
    return null;
  }
}

function maskInto(rules: MaskRules, text: string, counts: Map<string, number>): string {
  const masked = maskText(rules, text);
  for (const [rule, count] of masked.counts) counts.set(rule, (counts.get(rule) ?? 0) + count);
  return masked.text;
}

function isWords(value: JsonValue): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function collect(value: JsonValue, into: string[]): void {
  if (typeof value === 'string') into.push(value);
  else if (isWords(value)) into.push(...value, JSON.stringify(value));
  else if (typeof value === 'object' && value !== null) {
    for (const item of Object.values(value)) collect(item, into);
  }
}

function maskValue(rules: MaskRules, value: JsonValue, counts: Map<string, number>): JsonValue {
  if (typeof value === 'string') return maskInto(rules, value, counts);
  if (typeof value !== 'object' || value === null) return value;
  if (isWords(value)) return maskWords(rules, value, counts);
  if (Array.isArray(value)) return value.map((item) => maskValue(rules, item, counts));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, maskValue(rules, item, counts)]),
  );
}
