import { cut, visible, visibleLine } from '../core/visible-text.ts';
import { type Paint, wrap } from './paint.ts';

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
    gone?: unknown;
    intact?: boolean;
  },
  paint: Paint,
): string {
  if (row.intact === false) return timelineText(alteredRow(row), paint);
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
  const isGone = row.gone != null;
  if (!isGone && (row.kind === 'note' || row.kind === 'decision')) return noteText(row, paint);
  if (row.follows) return underText(row, paint);
  const time = row.at === null ? '        ' : localTime(row.at);
  const head = `${row.name.padEnd(5)} ${paint.dim(time)}  `;
  // What it stands on is not among the rows: else it would stand under it.
  const about = row.on === null ? '' : ` on ${row.on}`;
  const label = `${(isGone ? undefined : LABELS[row.kind]) ?? row.kind}${about}`;
  const besides = 5 + 1 + 8 + 2 + 2 + (label === '' ? 0 : label.length + 1) + 2;
  const room = paint.columns - besides - row.result.length;
  const title = cut(visibleLine(row.title), Math.max(20, room));
  const mark = { good: paint.good('✓'), bad: paint.bad('✗'), quiet: ' ' }[row.tone];
  const result = { good: paint.dim, bad: paint.bad, quiet: paint.dim }[row.tone](
    visibleLine(row.result),
  );
  const what = [...(label === '' ? [] : [paint.dim(label)]), ...(title === '' ? [] : [title])];
  return `${head}${mark} ${what.join(' ')}  ${result}`;
}

/** Not the bytes that were recorded: that goes before whatever they say. */
function alteredRow<Row extends { title: string; result: string }>(row: Row) {
  const title = `altered (proof verify): ${row.title}`;
  return { ...row, title, tone: 'bad' as const, intact: true, gone: 'altered' };
}

/** Kinds as people say them; where the title or the mark says it already, nothing. */
const LABELS: Readonly<Record<string, string>> = {
  command: '',
  'ledger.opened': '',
  'task.opened': 'task',
  'task.planned': 'plan',
  'task.closed': 'task',
  'clock.went-back': 'clock',
  change: 'changed',
  'test.report': 'tests',
  attachment: 'file',
  screenshot: 'page',
};

/** What a command led to, on one line under it. */
function underText(
  row: {
    name: string;
    kind: string;
    title: string;
    result: string;
    tone: 'good' | 'bad' | 'quiet';
  },
  paint: Paint,
): string {
  const label = LABELS[row.kind] ?? row.kind;
  const result = visibleLine(row.result);
  const room = (paint.columns ?? 80) - 25 - result.length - 2;
  const title = cut(visibleLine(row.title), Math.max(20, room));
  const tone = row.tone === 'bad' ? paint.bad : paint.dim;
  return `${row.name.padEnd(5)}         └  ${paint.dim(label.padEnd(7))}  ${title}  ${tone(result)}`;
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
  const about = row.on === null || row.follows ? '' : `on ${row.on}: `;
  const because = row.kind === 'decision' && row.result !== '' ? `\nbecause ${row.result}` : '';
  const label = row.kind === 'decision' ? paint.bold('decided') : 'note   ';
  const text = wrap(visible(about + row.title + because), paint.columns, ' '.repeat(25));
  return `${row.name.padEnd(5)} ${row.follows ? '       └ ' : '         '} ${label}  ${text}`;
}

function localTime(at: string): string {
  return new Date(at).toTimeString().slice(0, 8);
}
