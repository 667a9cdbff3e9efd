import type { EntryOf } from '../core/entries/kinds.ts';
import type { GoneBlob } from '../core/entries/redaction-kinds.ts';
import { humanBytes, plural } from '../core/human-units.ts';
import { entryName } from '../core/names.ts';
import type { Title } from './title.ts';

export function redactedTitle({ body }: EntryOf<'redacted'>): Title {
  const whole = body.entries.map(({ seq }) => seq);
  // What went with its entry needs no word of its own.
  const parts = body.blobs.flatMap(({ of }) => of).filter(({ seq }) => !whole.includes(seq));
  return {
    title: [...listed(whole.map(entryName)), ...listed(parts.map(partName))].join(', '),
    result: `because ${body.because}`,
  };
}

export function prunedTitle({ body }: EntryOf<'pruned'>): Title {
  const entries = new Set(body.blobs.flatMap(({ of }) => of.map(({ seq }) => seq)));
  return {
    title: `bulky output of ${plural(entries.size, 'entry', 'entries')}`,
    result: `${humanBytes(body.freed)} freed · ${body.cause === 'budget' ? 'over the disk budget' : 'as asked'}`,
  };
}

/** `stdout of E41`. */
export function partName({ seq, name }: GoneBlob['of'][number]): string {
  return `${name} of ${entryName(seq)}`;
}

function listed(names: readonly string[]): string[] {
  return names.length <= NAMED
    ? [...names]
    : [...names.slice(0, NAMED), `${names.length - NAMED} more`];
}

const NAMED = 4;
