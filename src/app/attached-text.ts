import { humanBytes, humanDuration, plural } from '../core/human-units.ts';
import { visibleLine } from '../core/visible-text.ts';
import { gapText, maskedText } from './evidence-fields.ts';
import type { Paint } from './paint.ts';

/** What `proof attach` says of one file: that it is kept, and how far what is kept is the file. */
export function attachedText(
  one: {
    entry: string;
    task: string | null;
    on: string | null;
    name: string;
    type: string;
    bytes: number;
    lines: number | null;
    gaps: readonly { at: number; bytes: number | null; why: string }[];
    masked: readonly { rule: string; count: number }[];
    changedWhileRead: boolean;
    followedMicros: number | null;
  },
  paint: Paint,
): string {
  const facts = [
    visibleLine(one.type),
    humanBytes(one.bytes),
    ...(one.lines === null ? [] : [plural(one.lines, 'line')]),
    ...(one.followedMicros === null ? [] : [`followed for ${humanDuration(one.followedMicros)}`]),
    ...(one.on === null ? [] : [`on ${one.on}`]),
    ...(one.task === null ? ['outside tasks'] : []),
  ].join(' · ');
  const indent = ' '.repeat(one.entry.length + 2);
  const lines = [`${paint.bold(one.entry)}  ${visibleLine(one.name)}  ${paint.dim(facts)}`];
  if (one.bytes === 0) lines.push(paint.dim(`${indent}empty: nothing came`));
  if (one.masked.length > 0) {
    const kept =
      one.lines === null ? '; the kept copy is no longer the same file, and may not open' : '';
    lines.push(paint.warn(`${indent}${maskedText(one.masked)}${kept}`));
  }
  for (const gap of one.gaps) lines.push(paint.bad(`${indent}${gapText(gap)}`));
  if (one.changedWhileRead)
    lines.push(
      paint.bad(`${indent}it was written to while it was read: attach it again when it rests`),
    );
  return lines.join('\n');
}
