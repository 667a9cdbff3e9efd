import type { GoneBlob } from '../core/entries/redaction-kinds.ts';
import { humanBytes, humanDuration, plural } from '../core/human-units.ts';
import { entryName } from '../core/names.ts';
import type { Block } from './shown-entry.ts';

export const redactedBlock: Block<'redacted'> = ({ because, entries, blobs }, { line }) => [
  ...entries.map(({ seq, kind, n }) => {
    const place = n === null ? 'outside tasks' : `entry ${n} of its task`;
    return line('gone', `${entryName(seq)}, a ${kind}, ${place}`);
  }),
  ...blobs.flatMap((blob) => blobLines(blob).map((text) => line('gone', text))),
  line('because', because),
];

export const prunedBlock: Block<'pruned'> = ({ cause, rule, freed, blobs }, { line }) => [
  ...blobs.flatMap((blob) => blobLines(blob).map((text) => line('gone', text))),
  line('freed', `${humanBytes(freed)} on disk`),
  line(
    'rule',
    `output of at least ${humanBytes(rule.atLeastBytes)} of tasks closed for at least ${ageText(rule.closedForSeconds)}`,
  ),
  line('because', cause === 'budget' ? 'the ledger was over its disk budget' : 'it was asked for'),
];

function ageText(seconds: number): string {
  if (seconds < DAY) return humanDuration(seconds * 1_000_000);
  return plural(Math.floor(seconds / DAY), 'day');
}

const DAY = 86_400;

function blobLines({ size, of }: GoneBlob): string[] {
  return of.map(({ seq, name }) => `${name} of ${entryName(seq)}, ${humanBytes(size)}`);
}
