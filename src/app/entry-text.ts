import { visible, visibleLine } from '../core/visible-text.ts';
import { bodyBlock } from './entry-block.ts';
import type { GoneJson } from './entry-json.ts';
import { type Paint, wrap } from './paint.ts';
import { holeText } from './redaction-text.ts';
import type { Shown } from './shown-entry.ts';

/** One entry in full, for people. Everything that comes from evidence is escaped. */
export function entryText(shown: Shown, paint: Paint): string {
  const { actor } = shown;
  if (shown.gone !== null) return holeBlock(shown, shown.gone, paint);
  const who =
    actor === null
      ? ''
      : [actor.kind, actor.name, actor.model]
          .filter(Boolean)
          .map((word) => visibleLine(word as string))
          .join(' ');
  const head = [
    headLine(shown, paint),
    `  by       ${who} ${paint.dim(`(${actor?.basis ?? ''})`)} on ${visibleLine(actor?.host ?? '')}`,
    `  at       ${shown.at ?? ''}  ${paint.dim(`${shown.provenance ?? ''}, ${boundaryText(shown.held)}`)}`,
  ];
  if (!shown.intact) {
    head.push(paint.bad('  altered  these are not the bytes that were recorded: proof verify'));
  }
  // A command says it at the stream.
  const holes =
    shown.kind === 'command'
      ? shown.holes.filter(({ blob }) => !isStream(shown, blob))
      : shown.holes;
  head.push(
    ...holes.map((hole) => paint.warn(`  gone     ${visibleLine(hole.blob)} ${holeText(hole)}`)),
  );
  const notes = notesText(shown, paint);
  return [...head, ...bodyBlock(shown, paint), ...notes].join('\n');
}

function headLine({ name, kind, task, n }: Shown, paint: Paint): string {
  const place = task === null ? 'outside tasks' : `${task}, entry ${n}`;
  return `${paint.bold(name)}  ${kind}  ${paint.dim(place)}`;
}

/** All that is left of an entry whose bytes were taken out. */
function holeBlock(shown: Shown, gone: GoneJson, paint: Paint): string {
  const { actor } = gone;
  return [
    headLine(shown, paint),
    `  ${paint.warn('redacted')} because ${visible(gone.because)}`,
    `  by       ${actor.kind} ${visibleLine(actor.name)} ${paint.dim(`(${actor.basis})`)} in ${gone.by}, ${gone.at}`,
    paint.dim('  its hash stays in the tree, so the record still verifies'),
    ...notesText(shown, paint),
  ].join('\n');
}

function isStream({ output }: Shown, blob: string): boolean {
  return output.some(({ name }) => name === blob);
}

function notesText(shown: Shown, paint: Paint): string[] {
  return shown.notes.map(({ name, kind, text, actor: by }) => {
    const label = `  ${name} ${kind === 'note' ? 'noted' : 'decided'} by ${visibleLine(by)}: `;
    return label + wrap(visible(text), paint.columns, ' '.repeat(label.length));
  });
}

function boundaryText(held: Shown['held']): string {
  return held === 'none' ? 'no boundary' : `boundary ${held ?? ''}`;
}
