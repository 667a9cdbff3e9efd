import * as z from 'zod/mini';
import type { KeptContents } from '../core/entries/kept-contents.ts';
import { humanBytes } from '../core/human-units.ts';
import { once } from '../core/once.ts';
import type { EvidencePlace } from '../features/evidence/evidence-place.ts';
import { entrySeq } from '../features/tasks/names.ts';
import type { LedgerReader } from '../ledger/store/reader.ts';
import type { Context } from './context.ts';

/** Flags that every command has which gathers evidence. */
export const placeFields = {
  note: z.optional(z.string().check(z.minLength(1))).check(z.describe('a note on the entry')),
  task: z.optional(z.string()).check(z.describe('T3; without it the one chosen here')),
  on: z.optional(z.string()).check(z.describe('E41: the entry it belongs to')),
};

/** The place those flags name. */
export function placeOf(
  context: Context,
  reader: LedgerReader,
  {
    note,
    task,
    on,
  }: { note?: string | undefined; task?: string | undefined; on?: string | undefined },
): EvidencePlace {
  return {
    actor: context.actor,
    task: context.task(task),
    on: on === undefined ? null : entrySeq(reader, on),
    note,
  };
}

export const contentsJson = once(() =>
  z.object({
    bytes: z.int().check(z.describe('before masking')),
    gaps: z.array(z.object({ at: z.int(), bytes: z.nullable(z.int()), why: z.string() })),
    masked: z
      .array(z.object({ rule: z.string(), count: z.int() }))
      .check(z.describe('what was struck out of it')),
  }),
);

export function contentsOf({ bytes, gaps, masked }: KeptContents) {
  return { bytes, gaps, masked: masked ?? [] };
}

/** `3 redacted by rule token`. */
export function maskedText(masked: readonly { rule: string; count: number }[]): string {
  return masked.map(({ rule, count }) => `${count} redacted by rule ${rule}`).join(', ');
}

export function gapText({ at, bytes, why }: KeptContents['gaps'][number]): string {
  const size = bytes === null ? '' : `${humanBytes(bytes)} `;
  return `gap: ${size}after byte ${at}: ${why}`;
}
