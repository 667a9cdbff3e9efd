import * as z from 'zod/mini';
import { humanBytes, plural } from '../core/human-units.ts';
import { once } from '../core/once.ts';
import { visibleLine } from '../core/visible-text.ts';
import type { Paint } from './paint.ts';

/** One output that goes, in JSON output. */
export const prunedOutput = once(() =>
  z.object({
    entry: z.string(),
    task: z.nullable(z.string()),
    blob: z.string(),
    size: z.int().check(z.describe('bytes of its contents')),
    stored: z.int().check(z.describe('bytes on disk; shared ones count once')),
    closedAt: z.string().check(z.describe('when its task was closed')),
  }),
);
export type PrunedOutput = z.infer<ReturnType<typeof prunedOutput>>;

/** What goes, largest first: aligned for people, tab-separated without a terminal. */
export function pruneTable(rows: readonly PrunedOutput[], paint: Paint): string {
  const heads = ['task', 'entry', 'what', 'contents', 'on disk', 'closed'];
  const cells = rows.map(({ entry, task, blob, size, stored, closedAt }) => [
    task ?? '',
    entry,
    visibleLine(blob),
    humanBytes(size),
    humanBytes(stored),
    closedAt.slice(0, 10),
  ]);
  if (paint.columns === null) return cells.map((row) => row.join('\t')).join('\n');
  const shown = cells.slice(0, MOST_ROWS);
  const widths = heads.map((head, i) =>
    Math.max(head.length, ...shown.map((row) => row[i]?.length ?? 0)),
  );
  const line = (row: readonly string[]) =>
    `  ${row.map((cell, i) => (RIGHT.has(i) ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0))).join('  ')}`.trimEnd();
  const more = cells.length - shown.length;
  return [
    paint.dim(line(heads)),
    ...shown.map(line),
    ...(more === 0 ? [] : [paint.dim(`  and ${plural(more, 'smaller one')} (--json has all)`)]),
  ].join('\n');
}

/** Columns of sizes. */
const RIGHT: ReadonlySet<number> = new Set([3, 4]);
const MOST_ROWS = 25;
