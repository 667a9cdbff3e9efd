import type { EntryOf } from '../core/entries/kinds.ts';
import { plural } from '../core/human-units.ts';
import { isOutOfScope } from './out-of-scope.ts';
import type { Title } from './title.ts';

/** What became different, in a line: how many files and which, and on whose account. */
export function changeTitle({ body }: EntryOf<'change'>): Title {
  const { added, modified, deleted, renamed, mode, touched, transient } = body.counts;
  const parts = [
    [modified, 'modified'],
    [added, 'added'],
    [deleted, 'deleted'],
    [renamed, 'renamed'],
    [mode, 'mode'],
    [touched, 'touched'],
    [transient, 'come and gone'],
  ] as const;
  const all = parts.reduce((sum, [count]) => sum + count, 0);
  const named = (body.files ?? []).slice(0, NAMED).map(({ path }) => path);
  const more = all > named.length && named.length > 0 ? ` and ${all - named.length} more` : '';
  const result = parts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
  const [unseen] = body.unseen;
  if (all === 0 && unseen !== undefined) {
    return { title: unseen.why, result: [...CAUSES[body.cause]].join(' · '), tone: 'bad' };
  }
  const outside = (body.files ?? []).some(isOutOfScope);
  return {
    title: named.length === 0 ? plural(all, 'file') : `${named.join(', ')}${more}`,
    result: [...CAUSES[body.cause], ...result].join(' · '),
    tone: outside ? 'bad' : 'quiet',
  };
}

const NAMED = 3;

const CAUSES: Readonly<Record<EntryOf<'change'>['body']['cause'], readonly string[]>> = {
  command: [],
  unattributed: ['unattributed'],
  ambiguous: ['ambiguous'],
  undo: ['undo'],
};
