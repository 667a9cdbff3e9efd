import type { Body } from '../core/entries/kinds.ts';
import { visible, visibleLine } from '../core/visible-text.ts';
import type { Paint } from './paint.ts';
import type { Line, Shown } from './shown-entry.ts';

/** A change entry in full: why it is there, its files, and what nobody looked at. */
export function changeBlock(
  body: Body<'change'>,
  { shown, paint, line }: { shown: Shown; paint: Paint; line: Line },
): string[] {
  const on = shown.refs.filter(({ rel }) => rel === 'on').map(({ entry }) => entry);
  const undone = shown.refs.filter(({ rel }) => rel === 'undoes').map(({ entry }) => entry);
  const because = {
    command: `${on.join(', ')} did it`,
    unattributed: 'no recorded command was running',
    ambiguous: `${on.join(', ')} and other recorded commands were at work at the same time`,
    undo: `put back what ${undone.join(', ')} changed`,
  }[body.cause];
  const files = (body.files ?? []).slice(0, SHOWN);
  const count = Object.values(body.counts).reduce((sum, one) => sum + one, 0);
  const more = count - files.length;
  return [
    line('because', because),
    line('in', body.root),
    ...files.map(
      ({ path, change, from, scope }, i) =>
        `  ${(i === 0 ? 'files' : '').padEnd(8)} ${change.padEnd(9)} ${visibleLine(path)}${from === undefined ? '' : paint.dim(` ← ${visibleLine(from)}`)}${OUTSIDE[scope ?? 'in'] === undefined ? '' : paint.bad(`  ${OUTSIDE[scope ?? 'in']}`)}`,
    ),
    ...(more > 0 ? [line('', `and ${more} more: proof diff ${shown.name} --name-only`)] : []),
    ...body.unseen.map(({ path, why }, i) =>
      paint.dim(
        visible(
          `  ${(i === 0 ? 'unseen' : '').padEnd(8)} ${visibleLine(path)}: ${visibleLine(why)}`,
        ),
      ),
    ),
    ...(count > 0 ? [paint.dim(`  lines    proof diff ${shown.name}`)] : []),
  ];
}

const SHOWN = 20;

const OUTSIDE: Readonly<Record<string, string>> = { out: 'out of scope', denied: 'denied' };
