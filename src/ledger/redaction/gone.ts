import type { Actor } from '../../core/entries/header.ts';
import type { Entry } from '../../core/entries/kinds.ts';
import type { GoneEntry } from '../../core/entries/redaction-kinds.ts';
import type { Seq } from '../../core/names.ts';

/** Why bytes are not there any more, by the entry that took them out. */
export interface Gone {
  by: Seq;
  kind: 'redacted' | 'pruned';
  at: string;
  actor: Actor;
  because: string;
}

/** Entries that hold this text somewhere, from a place on. */
type Find = (text: string, from: Seq) => Iterable<{ seq: Seq; entry: Entry | null }>;

/**
 * What was taken out of a ledger, by what is left of it. Nearly always nothing was, so it is looked
 * for when a hole is met and not before: one pass over the entries, later only over newer ones.
 */
export class GoneIndex {
  readonly #find: Find;
  readonly #size: () => number;
  readonly #entries = new Map<Seq, Gone & { restated: GoneEntry }>();
  readonly #blobs = new Map<string, Gone>();
  #upto = 0;

  constructor(find: Find, size: () => number) {
    this.#find = find;
    this.#size = size;
  }

  entry(seq: Seq): (Gone & { restated: GoneEntry }) | null {
    this.#catchUp();
    return this.#entries.get(seq) ?? null;
  }

  blob(id: string): Gone | null {
    this.#catchUp();
    return this.#blobs.get(id) ?? null;
  }

  #catchUp(): void {
    const size = this.#size();
    if (size === this.#upto) return;
    for (const kind of ['redacted', 'pruned']) {
      for (const { seq, entry } of this.#find(`"kind":"${kind}"`, this.#upto)) {
        this.#note(seq, entry);
      }
    }
    this.#upto = size;
  }

  #note(by: Seq, entry: Entry | null): void {
    if (entry?.kind !== 'redacted' && entry?.kind !== 'pruned') return;
    const { kind, at, actor, body } = entry;
    const because = kind === 'redacted' ? entry.body.because : PRUNED[entry.body.cause];
    const gone: Gone = { by, kind, at, actor, because };
    for (const { id } of body.blobs) this.#blobs.set(id, this.#blobs.get(id) ?? gone);
    if (kind !== 'redacted') return;
    for (const restated of entry.body.entries) {
      this.#entries.set(restated.seq, { ...gone, restated });
    }
  }
}

const PRUNED = {
  asked: 'bulky output of a closed task, pruned to save room',
  budget: 'bulky output of a closed task, pruned because the ledger was over its disk budget',
} as const;
