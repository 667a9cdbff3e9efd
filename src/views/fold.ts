import type { Entry } from '../core/entries/kinds.ts';
import type { Seq } from '../core/names.ts';

/**
 * A view: what people look at, computed from entries in order and from nothing else. Its state is
 * plain JSON, so it can be kept, thrown away, and computed again to the same bytes.
 */
export interface Fold<State> {
  name: string;
  /** Raise it when the fold computes something else: what was kept is then computed again. */
  version: number;
  init(): State;
  /** May change and return `state`. `entry` is null once it is redacted; `hole` tells what is left. */
  step(state: State, entry: Entry | null, seq: Seq, hole?: Hole): State;
}

/** What is known of an entry whose bytes were taken out. `kind` is null where nothing restates it. */
export interface Hole {
  task: Seq | null;
  n: number | null;
  kind: string | null;
}
