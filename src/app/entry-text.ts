import { visible, visibleLine } from '../core/visible-text.ts';
import { bodyBlock } from './entry-block.ts';
import { type Paint, wrap } from './paint.ts';
import type { Shown } from './shown-entry.ts';

/** One entry in full, for people. Everything that comes from evidence is escaped. */
export function entryText(shown: Shown, paint: Paint): string {
  const { actor } = shown;
  const who =
    actor === null
      ? ''
      : [actor.kind, actor.name, actor.model]
          .filter(Boolean)
          .map((word) => visibleLine(word as string))
          .join(' ');
  const head = [
    `${paint.bold(shown.name)}  ${shown.kind}  ${paint.dim(shown.task === null ? 'outside tasks' : `${shown.task}, entry ${shown.n}`)}`,
    `  by       ${who} ${paint.dim(`(${actor?.basis ?? ''})`)} on ${visibleLine(actor?.host ?? '')}`,
    `  at       ${shown.at ?? ''}  ${paint.dim(`${shown.provenance ?? ''}, ${boundaryText(shown.held)}`)}`,
  ];
  if (!shown.intact) {
    head.push(paint.bad('  altered  these are not the bytes that were recorded: proof verify'));
  }
  const notes = shown.notes.map(({ name, kind, text, actor: by }) => {
    const label = `  ${name} ${kind === 'note' ? 'noted' : 'decided'} by ${visibleLine(by)}: `;
    return label + wrap(visible(text), paint.columns, ' '.repeat(label.length));
  });
  return [...head, ...bodyBlock(shown, paint), ...notes].join('\n');
}

function boundaryText(held: Shown['held']): string {
  return held === 'none' ? 'no boundary' : `boundary ${held ?? ''}`;
}
