/**
 * The names people type: `E41` is the entry with leaf index 41, `T3` is the third task of its
 * ledger. Names are case-insensitive on the way in, canonical on the way out.
 */

/** Leaf index in the ledger, from 0. */
export type Seq = number;

export function entryName(seq: Seq): string {
  return `E${seq}`;
}

export function taskName(rank: number): string {
  return `T${rank}`;
}

export type Name = { entry: Seq } | { task: number };

/** `E41` or `T3`; null where the text is neither. Leading zeros are refused: one thing, one name. */
export function parseName(text: string): Name | null {
  const match = /^([et])(0|[1-9][0-9]{0,14})$/i.exec(text);
  if (match === null) return null;
  const number = Number(match[2]);
  if (/e/i.test(match[1] as string)) return { entry: number };
  return number === 0 ? null : { task: number };
}
