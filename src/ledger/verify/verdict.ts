import { entryName, type Seq } from '../../core/names.ts';

/** What can be wrong with a ledger, as a closed vocabulary: tests and other programs match on it. */
export type Fault =
  | 'entry.altered'
  | 'entry.missing'
  | 'entry.not-canonical'
  | 'entry.malformed'
  | 'entry.misplaced'
  | 'task.hole'
  | 'ref.dangling'
  | 'redaction.forbidden'
  | 'tree.forged'
  | 'root.missing'
  | 'root.bad-signature'
  | 'root.mismatch'
  | 'root.fork'
  | 'ledger.not-opened'
  | 'ledger.truncated'
  | 'proof.malformed'
  | 'proof.mismatch'
  | 'blob.missing'
  | 'blob.altered';

export interface Problem {
  code: Fault;
  /** First entry it concerns; null where it concerns the ledger as a whole. */
  seq: Seq | null;
  message: string;
}

/** One thing that was checked, with how many of it, whether it held or not. */
export interface Check {
  what: string;
  count: number;
  ok: boolean;
}

/** Bytes that were taken out, and the entry that says so. */
export interface Hole {
  seq: Seq;
  /** Name of the blob; null for the whole entry. */
  blob: string | null;
  by: Seq;
  kind: 'redacted' | 'pruned';
}

export interface Verdict {
  ok: boolean;
  size: number;
  /** Root over all entries as computed from their bytes, hex. */
  root: string;
  checks: Check[];
  problems: Problem[];
  /**
   * The first entry that is not what was signed, or the first of the tile that holds it; null
   * where all are, or none can be named.
   */
  firstWrong: string | null;
  /** What was taken out, and the entry that says so: a hole that was made openly. */
  redacted: Hole[];
  /** Said to be gone, and still there. */
  remains: Hole[];
  /** Entries up to this size lie under a root that was kept outside the ledger; 0 if none. */
  anchored: number;
}

/** Collects what a verification finds, check by check, bounded so that a ruin stays readable. */
export class Findings {
  readonly checks: Check[] = [];
  readonly problems: Problem[] = [];
  readonly #codes = new Set<Fault>();
  readonly #stretches: { from: Seq; until: Seq }[] = [];
  #first = Number.POSITIVE_INFINITY;
  #left = 0;

  /** `until`: it concerns an entry from `seq` up to this one, and cannot say which. */
  add(code: Fault, seq: Seq | null, message: string, until?: Seq): void {
    this.#codes.add(code);
    if (seq !== null && until === undefined) this.#first = Math.min(this.#first, seq);
    else if (seq !== null && until !== undefined && this.#stretches.length < MOST_PROBLEMS)
      this.#stretches.push({ from: seq, until });
    if (this.problems.length < MOST_PROBLEMS) this.problems.push({ code, seq, message });
    else this.#left++;
  }

  /** Notes that `count` things were checked; it held if none of `codes` was found. */
  checked(what: string, count: number, codes: readonly Fault[]): void {
    this.checks.push({ what, count, ok: !codes.some((code) => this.#codes.has(code)) });
  }

  verdict(
    facts: Pick<Verdict, 'size' | 'root' | 'anchored'> &
      Partial<Pick<Verdict, 'redacted' | 'remains'>>,
  ): Verdict {
    if (this.#left > 0) {
      const last = this.problems[this.problems.length - 1] as Problem;
      this.problems.push({ ...last, message: `and ${this.#left} more like these` });
    }
    const first = this.#firstWrong();
    return {
      ok: this.problems.length === 0,
      redacted: [],
      remains: [],
      ...facts,
      checks: this.checks,
      problems: this.problems,
      firstWrong: Number.isFinite(first) ? entryName(first) : null,
    };
  }

  /** A stretch in which a wrong entry is known already says nothing more; another one its start. */
  #firstWrong(): Seq {
    const wrong = [this.#first];
    const narrowFirst = this.#stretches.toSorted((a, b) => a.until - a.from - (b.until - b.from));
    for (const { from, until } of narrowFirst) {
      if (!wrong.some((seq) => from <= seq && seq < until)) wrong.push(from);
    }
    return wrong.reduce((least, seq) => Math.min(least, seq));
  }
}

const MOST_PROBLEMS = 100;
