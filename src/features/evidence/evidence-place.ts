import type { Draft } from '../../core/entries/kinds.ts';
import type { Seq } from '../../core/names.ts';
import type { LedgerReader } from '../../ledger/store/reader.ts';

/** Where a piece of evidence belongs, and what is said about it. */
export interface EvidencePlace {
  actor: Draft['actor'];
  task: Seq | null;
  /** The entry it is about: then it belongs to that one's task. */
  on: Seq | null;
  note?: string | undefined;
}

/** An entry's header from its place, seen inside the transaction that appends it. */
export function placed(
  reader: LedgerReader,
  { actor, task, on }: EvidencePlace,
): Pick<Draft, 'actor' | 'task' | 'refs'> {
  if (on === null) return { actor, task, refs: [] };
  return { actor, task: reader.entry(on).entry?.task ?? null, refs: [{ rel: 'on', seq: on }] };
}

/** The note that goes with the entry at `seq`. */
export function noteOn(reader: LedgerReader, place: EvidencePlace, seq: Seq): Draft[] {
  if (place.note === undefined) return [];
  const { actor, task } = placed(reader, place);
  return [{ kind: 'note', body: { text: place.note }, actor, task, refs: [{ rel: 'on', seq }] }];
}
