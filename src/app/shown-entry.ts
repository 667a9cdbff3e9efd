import type * as z from 'zod/mini';
import type { Body, Kind } from '../core/entries/kinds.ts';
import type { entryJson, GoneJson } from './entry-json.ts';
import type { NoteOn } from './notes-on.ts';
import type { Paint } from './paint.ts';

/** An entry with what belongs beside it when it is shown in full. */
export type Shown = z.output<ReturnType<typeof entryJson>> & {
  plain: string | null;
  intact: boolean;
  output: readonly { name: string; truncated: boolean }[];
  holes: readonly (GoneJson & { blob: string })[];
  notes: readonly NoteOn[];
};

/** A labelled line of evidence: escaped, and wrapped under itself. */
export type Line = (name: string, text: string) => string;

export type Block<K extends Kind> = (
  body: Body<K>,
  with_: { shown: Shown; paint: Paint; line: Line },
) => string[];

/** The same for text that is safe already, because it is coloured: `visible` would write colours out. */
export function labelled(name: string, safe: string): string {
  return `  ${name.padEnd(8)} ${safe}`;
}

export function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => (line === '' ? '' : `    ${line}`))
    .join('\n');
}
