import { VERSION } from './header.ts';

/**
 * Brings a stored entry of an older version up to the newest shape, step by step, when it is read.
 *
 * A stored entry is never rewritten: its hash is in the tree. When a shape must change, raise
 * VERSION, freeze the old shape here as a type, and add the step from it to the next. The rest of
 * the code then knows the newest shape only.
 */
export function upgrade(raw: RawEntry): RawEntry {
  let entry = raw;
  // A stranger's entry may hold anything there; its shape is checked after this.
  while (typeof entry.v === 'number' && entry.v < VERSION) {
    const step = STEPS[entry.v];
    if (step === undefined) return entry;
    entry = { ...step(entry), v: entry.v + 1 };
  }
  return entry;
}

export interface RawEntry {
  readonly v: number;
  readonly kind: string;
  readonly [field: string]: unknown;
}

/** STEPS[n] turns version n into version n + 1. Version 1 is the first. */
const STEPS: Readonly<Record<number, (old: RawEntry) => RawEntry>> = {};
