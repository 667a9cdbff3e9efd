import type { FileChange } from '../core/entries/change-kind.ts';

/** Whether nobody was to write it: it lies outside the scope, or the scope denies it. */
export function isOutOfScope({ scope }: Pick<FileChange, 'scope'>): boolean {
  return scope === 'out' || scope === 'denied';
}
