import type { MaskRules } from '../../ledger/mask/mask-rules.ts';
import { StreamMask } from '../../ledger/mask/stream-mask.ts';

/**
 * Masks texts that came one after the other as the one text they are to a reader, a line each: a
 * private key that was logged line by line is a key only when its lines stand together. What is
 * struck out of several of them leaves its label in the first.
 */
export function maskedTogether(
  rules: MaskRules,
  texts: readonly string[],
): { texts: string[]; counts: ReadonlyMap<string, number> } {
  const pieces = texts.map((text) => Buffer.from(text.toWellFormed(), 'utf8'));
  const mask = new StreamMask(rules);
  const released = pieces.flatMap((piece) => [mask.push(piece), mask.push(LINE_END)]);
  released.push(mask.end());
  if (mask.counts.size === 0) return { texts: [...texts], counts: mask.counts };
  const output = Buffer.concat(released.map(({ bytes }) => bytes));
  const edits = released.flatMap((one) => one.edits);
  const masked: string[] = [];
  let start = 0;
  /** Where the bytes of this text stand in the output, and the edits that are behind us. */
  let at = 0;
  let next = 0;
  for (const piece of pieces) {
    // Its line end too, which is then taken off again, unless it was struck out.
    const end = start + piece.length + 1;
    const parts: Buffer[] = [];
    for (let from = start; from < end; ) {
      const edit = edits[next];
      if (edit === undefined || edit.at >= end) {
        parts.push(output.subarray(at, at + end - from));
        at += end - from;
        break;
      }
      if (edit.at >= from) {
        parts.push(output.subarray(at, at + edit.at - from + edit.inserted));
        at += edit.at - from + edit.inserted;
      }
      const behind = edit.at + edit.removed;
      if (behind > end) break;
      next++;
      from = behind;
    }
    masked.push(Buffer.concat(parts).toString('utf8').replace(/\n$/, ''));
    start = end;
  }
  return { texts: masked, counts: mask.counts };
}

const LINE_END = new Uint8Array([10]);
