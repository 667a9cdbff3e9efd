import { plural } from '../core/human-units.ts';
import { cut, visibleLine } from '../core/visible-text.ts';
import type { Paint } from './paint.ts';
import type { Match } from './search-results.ts';

export interface SearchAnswer {
  query: string;
  total: number;
  matches: readonly Match[];
  partly: readonly { entry: string; blob: string; bytes: number }[];
}

/** Two lines an entry for people, what it is and the line that matched; one, with tabs, for pipes. */
export function searchText(answer: SearchAnswer, paint: Paint): string {
  const { matches, total } = answer;
  if (matches.length === 0)
    return paint.columns === null ? '' : `nothing found${partlyText(answer)}`;
  if (paint.columns === null) {
    return matches
      .map(({ entry, task, kind, where, line, text }) =>
        [entry, task ?? '', kind, where, line ?? '', visibleLine(text)].join('\t'),
      )
      .join('\n');
  }
  const rows = matches.flatMap((match) => matchText(match, paint));
  const more =
    total > matches.length
      ? `${matches.length} of ${plural(total, 'entry', 'entries')}`
      : plural(total, 'entry', 'entries');
  return [
    ...rows,
    '',
    paint.dim(`${more}; proof show ${matches[0]?.entry}${partlyText(answer)}`),
  ].join('\n');
}

function matchText(match: Match, paint: Paint): string[] {
  const { entry, task, kind, title, where, line } = match;
  const room = (paint.columns ?? 80) - 24;
  const head = `${paint.bold(entry.padEnd(6))} ${paint.dim((task ?? '').padEnd(4))} ${paint.dim(kind)} ${cut(visibleLine(title), Math.max(20, room - kind.length))}`;
  const place = line === null ? where : `${where}:${line}`;
  const found = excerpt(match, Math.max(20, (paint.columns ?? 80) - 12 - place.length - 2), paint);
  // Where the line is the title, once is enough.
  if (match.text === title && line === null)
    return [
      head.replace(
        cut(visibleLine(title), Math.max(20, room - kind.length)),
        excerpt(match, Math.max(20, room - kind.length), paint),
      ),
    ];
  return [head, `            ${paint.dim(visibleLine(place))}  ${found}`];
}

/** The match and what is around it, in `room` columns, with its words marked. */
function excerpt({ text, spans }: Match, room: number, paint: Paint): string {
  const first = spans[0]?.[0] ?? 0;
  const indent = text.length - text.trimStart().length;
  const from =
    first < room - 10 ? Math.min(indent, first) : Math.max(0, first - Math.floor(room / 3));
  const to = Math.min(text.length, from + room - 2);
  let shown = from > indent ? '…' : '';
  let at = from;
  for (const [start, end] of spans) {
    if (start >= to || end <= at) continue;
    shown += visibleLine(text.slice(at, Math.max(at, start)));
    shown += paint.warn(
      paint.bold(visibleLine(text.slice(Math.max(at, start), Math.min(end, to)))),
    );
    at = Math.min(end, to);
  }
  return `${shown}${visibleLine(text.slice(at, to))}${to < text.length ? '…' : ''}`;
}

function partlyText({ partly }: SearchAnswer): string {
  if (partly.length === 0) return '';
  return ` · of ${plural(partly.length, 'long output')} only beginning and end are searched (512 kB each)`;
}
