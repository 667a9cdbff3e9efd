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
  | 'tree.forged'
  | 'root.missing'
  | 'root.bad-signature'
  | 'root.mismatch'
  | 'root.fork'
  | 'ledger.not-opened'
  | 'ledger.truncated'
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

export interface Verdict {
  ok: boolean;
  size: number;
  /** Root over all entries as computed from their bytes, hex. */
  root: string;
  checks: Check[];
  problems: Problem[];
  /** The first entry that is not what was signed; null where all are, or none can be named. */
  firstWrong: string | null;
  /** Entries up to this size lie under a root that was kept outside the ledger; 0 if none. */
  anchored: number;
}

/** Collects what a verification finds, check by check, bounded so that a ruin stays readable. */
export class Findings {
  readonly checks: Check[] = [];
  readonly problems: Problem[] = [];
  #left = 0;

  add(code: Fault, seq: Seq | null, message: string): void {
    if (this.problems.length < MOST_PROBLEMS) this.problems.push({ code, seq, message });
    else this.#left++;
  }

  /** Notes that `count` things were checked; it held if none of `codes` was found. */
  checked(what: string, count: number, codes: readonly Fault[]): void {
    const ok = !this.problems.some((problem) => codes.includes(problem.code));
    this.checks.push({ what, count, ok });
  }

  verdict(facts: Pick<Verdict, 'size' | 'root' | 'anchored'>): Verdict {
    if (this.#left > 0) {
      const last = this.problems[this.problems.length - 1] as Problem;
      this.problems.push({ ...last, message: `and ${this.#left} more like these` });
    }
    const seqs = this.problems.flatMap(({ seq }) => (seq === null ? [] : [seq]));
    const first = seqs.reduce((least, seq) => Math.min(least, seq), Number.POSITIVE_INFINITY);
    return {
      ok: this.problems.length === 0,
      ...facts,
      checks: this.checks,
      problems: this.problems,
      firstWrong: Number.isFinite(first) ? entryName(first) : null,
    };
  }
}

const MOST_PROBLEMS = 100;
