import type { KeptContents } from '../core/entries/kept-contents.ts';
import { gapText, maskedText } from './evidence-fields.ts';
import type { Paint } from './paint.ts';
import type { Line } from './shown-entry.ts';

/** What of some bytes is not there, and what was struck out. */
export function contentsLines(
  { gaps, masked }: Pick<KeptContents, 'gaps' | 'masked'>,
  paint: Paint,
  line: Line,
): string[] {
  return [
    ...(masked === undefined ? [] : [line('struck', maskedText(masked))]),
    ...gaps.map((gap) => paint.bad(line('', gapText(gap)))),
  ];
}

/** How to get at the bytes themselves. */
export function handOver(entry: string, blob: string, file: string, paint: Paint): string {
  // For a shell: of a hostile name nothing but letters is left.
  const name =
    file
      .replace(/[^\w.-]+/g, '_')
      .replace(/^[-.]+/, '')
      .slice(0, 60) || blob;
  return paint.dim(`  … proof show ${entry} --output ${blob} > ${name}`);
}
