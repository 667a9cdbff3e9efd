import { cut, visible, visibleLine } from '../core/visible-text.ts';
import type { Paint } from './paint.ts';

/** One row of the timeline for people; without a terminal, tab-separated and whole. */
export function timelineText(
  row: {
    name: string;
    at: string | null;
    kind: string;
    actor: { name: string; kind: string } | null;
    title: string;
    result: string;
    tone: 'good' | 'bad' | 'quiet';
    on: string | null;
    follows: boolean;
  },
  paint: Paint,
): string {
  const who = row.actor === null ? '' : `${row.actor.kind} ${visibleLine(row.actor.name)}`;
  if (paint.columns === null) {
    return [
      row.name,
      row.at ?? '',
      row.kind,
      who,
      visibleLine(row.title),
      visibleLine(row.result),
      row.on ?? '',
    ].join('\t');
  }
  if (row.kind === 'note' || row.kind === 'decision') return noteText(row, paint);
  const time = row.at === null ? '        ' : localTime(row.at);
  const head = `${row.name.padEnd(5)} ${paint.dim(time)}  `;
  const room = paint.columns - 5 - 1 - 8 - 2 - row.result.length - 2;
  const title = cut(visibleLine(row.title), Math.max(20, room));
  const mark = { good: paint.good('✓'), bad: paint.bad('✗'), quiet: ' ' }[row.tone];
  const result = { good: paint.dim, bad: paint.bad, quiet: paint.dim }[row.tone](
    visibleLine(row.result),
  );
  return `${head}${mark} ${row.kind === 'command' ? title : `${paint.dim(row.kind)} ${title}`}  ${result}`;
}

/** Notes are prose: shown whole, on lines of their own, under what they are about. */
function noteText(
  row: {
    name: string;
    kind: string;
    title: string;
    result: string;
    on: string | null;
    follows: boolean;
  },
  paint: Paint,
): string {
  const about = row.on === null || row.follows ? '' : ` on ${row.on}`;
  const because = row.kind === 'decision' && row.result !== '' ? `\nbecause ${row.result}` : '';
  const label = row.kind === 'decision' ? paint.bold('decided') : 'note';
  const text = visible(row.title + because).replaceAll('\n', '\n                   ');
  return `${row.name.padEnd(5)} ${row.follows ? '       └ ' : '         '} ${label}${about}  ${text}`;
}

function localTime(at: string): string {
  return new Date(at).toTimeString().slice(0, 8);
}
