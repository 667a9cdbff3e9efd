import * as z from 'zod/mini';
import { plural } from '../core/human-units.ts';
import { once } from '../core/once.ts';
import { type FormerLedger, formerLedgers } from '../ledger/keys/places.ts';
import type { Context } from './context.ts';

/** A ledger that stood here before this one, as this machine remembers it. */
export const formerJson = once(() =>
  z.object({
    ledger: z.string().check(z.describe('its id')),
    entries: z.nullable(z.int()).check(z.describe('that this machine had signed, if it knows')),
    lastSeen: z.nullable(z.string()),
  }),
);
export type FormerJson = z.infer<ReturnType<typeof formerJson>>;

/** Ledgers that stood at this place and that nobody has accepted the end of. */
export function formerHere(context: Context, here: string | null): FormerJson[] {
  const { configDir, ledgerDir } = context.places;
  return formerLedgers(configDir, ledgerDir, here).map(toFormerJson);
}

export function toFormerJson({ ledger, size, lastSeen }: FormerLedger): FormerJson {
  return { ledger, entries: size, lastSeen };
}

/** `ledger 1a2b… (41 entries, last seen 2026-…)`. */
export function formerText({ ledger, entries, lastSeen }: FormerJson): string {
  const facts = [
    ...(entries === null ? [] : [plural(entries, 'entry', 'entries')]),
    ...(lastSeen === null ? [] : [`last seen ${lastSeen.slice(0, 16).replace('T', ' ')} UTC`]),
  ];
  return `${ledger.slice(0, 12)}…${facts.length === 0 ? '' : ` (${facts.join(', ')})`}`;
}

/** What is said wherever somebody looks, until it is accepted. */
export function formerWarning(former: readonly FormerJson[]): string {
  const all = former.map(formerText).join(', ');
  return `another ledger stood here: ${all}. If that is meant: proof ledger accept`;
}
