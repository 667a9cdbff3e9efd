/** What a boundary says about an action; the strictest wins: deny > ask > allow. */
export type Verdict = 'allow' | 'ask' | 'deny';

/** A line of `proof.yaml`: what is written there, and where, so that a verdict can point at it. */
export interface Rule {
  readonly text: string;
  /** Counted from 1; null where it comes from no file. */
  readonly line: number | null;
}

/** `proof.yaml` as it is judged by, with every default filled in. Pure values. */
export interface Policy {
  /** `observe` decides and records, and stops nothing. */
  readonly mode: 'observe' | 'ask' | 'enforce';
  readonly scope: {
    /** Globs from the workspace's root; a leading `/` makes one absolute. */
    readonly write: readonly Rule[];
    readonly generated: readonly Rule[];
    readonly ask: readonly Rule[];
    /** Not even read; `all`: neither by programs that a permitted command runs. */
    readonly deny: readonly (Rule & { readonly all: boolean })[];
    /**
     * Narrowings of a task: a path that `write` or `ask` names counts only if one glob of each of
     * these lists matches it too; `generated` is not touched. Absent where nothing was narrowed.
     */
    readonly within?: readonly (readonly Rule[])[];
  };
  readonly commands: {
    /** When no rule matches. */
    readonly default: { readonly human: Verdict; readonly agent: Verdict };
    readonly allow: readonly Rule[];
    readonly ask: readonly Rule[];
    readonly deny: readonly Rule[];
    readonly examples: {
      readonly allow: readonly Rule[];
      readonly ask: readonly Rule[];
      readonly deny: readonly Rule[];
    };
  };
  readonly network: { readonly allow: readonly Rule[]; readonly default: 'allow' | 'deny' };
  readonly models: { readonly allow: readonly Rule[] };
}
